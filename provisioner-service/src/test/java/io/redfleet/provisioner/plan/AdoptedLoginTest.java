package io.redfleet.provisioner.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.provisioner.desired.OwnSpecs;
import io.redfleet.provisioner.desired.SpecReader;
import io.redfleet.provisioner.secret.Accounts;
import io.redfleet.provisioner.secret.PlainLocksmith;
import io.redfleet.provisioner.secret.Vault;
import io.redfleet.provisioner.survey.InstanceSurvey;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of an instance that does not let in who is to manage it. */
class AdoptedLoginTest {
    private static final String PASSWORD = "s3cret-Word";
    private static final ClusterSpec GUARDED =
            ((SpecReader.Good) SpecReader.read(OwnSpecs.document("full", "orders-probe"))).spec();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            NOAUTH Authentication required.             | does not let in user default of security.probe
            AUTH failed: WRONGPASS invalid password     | does not let in user default of security.probe
            Warning: AUTH failed                        | does not let in user default of security.probe
            """)
    void whoIsTurnedAwayIsToldByWhichLogin(String ping, String words) {
        assertThat(AdoptedLogin.silent(GUARDED, accounts(), seen(ping)))
                .startsWith("process 7 answers PING by '" + ping + "': ")
                .contains(words, "once the spec was applied with manage: observe");
    }

    /** Another password would mend nothing. */
    @Test
    void whoIsLetInAndMayNotPingNeedsARightAndNoPassword() {
        InstanceSurvey seen = seen("NOPERM this user has no permissions to run the 'ping' command");
        assertThat(AdoptedLogin.silent(GUARDED, accounts(), seen))
                .contains("it lets in the user of security.probe, who may not PING there")
                .doesNotContain("does not let in");
        assertThat(AdoptedLogin.locked(GUARDED, accounts(), seen))
                .hasValueSatisfying(said ->
                        assertThat(said).contains("who may not PING there").doesNotContain("put its password"));
    }

    @Test
    void whereTheSpecNamesNoLoginThatIsWhatIsMissing() {
        String said =
                AdoptedLogin.silent(OwnSpecs.spec("full"), Accounts.NONE, seen("NOAUTH Authentication required."));
        assertThat(said).contains("the spec names no login (security.probe)", "delete the cluster");
    }

    @Test
    void whoAnswersSomethingElseIsQuotedAndNothingIsAdvised() {
        assertThat(AdoptedLogin.silent(GUARDED, accounts(), seen("LOADING Redis is loading")))
                .isEqualTo("process 7 answers PING by 'LOADING Redis is loading'");
    }

    /** It may be no Redis at all, and give back what it was sent. */
    @Test
    void thePasswordThatItWasSentIsNotShown() {
        String hash = Secret.of(PASSWORD).hash();
        String echo = "ERR unknown command 'AUTH' with args: 'default' '" + PASSWORD + "' " + hash;
        assertThat(AdoptedLogin.silent(GUARDED, accounts(), seen(echo)))
                .contains("'default' '***' ***")
                .doesNotContain(PASSWORD, hash);
    }

    /** It goes on counting as managed, and is not waited for. */
    @Test
    void oneThatWasTakenOverAndHasAnotherPasswordByNowIsAnObstacle() {
        assertThat(AdoptedLogin.locked(GUARDED, accounts(), seen("AUTH failed: WRONGPASS invalid password")))
                .hasValueSatisfying(said -> assertThat(said)
                        .startsWith("process 7 answers PING by 'AUTH failed: WRONGPASS invalid password': ")
                        .endsWith("put its password into the file, and apply the spec again"));
        assertThat(AdoptedLogin.locked(GUARDED, accounts(), seen("PONG"))).isEmpty();
        assertThat(AdoptedLogin.locked(GUARDED, accounts(), seen("LOADING Redis")))
                .isEmpty();
        assertThat(AdoptedLogin.locked(OwnSpecs.spec("full"), Accounts.NONE, seen("NOAUTH Authentication required.")))
                .as("nobody has named one")
                .isEmpty();
    }

    private static Accounts accounts() {
        ClusterState cluster = new ClusterState(
                ClusterState.SCHEMA, new ClusterUid("u1"), 2, Phase.ACCEPTED, "", Instant.EPOCH, GUARDED, 1L);
        Vault vault = new Vault(new PlainLocksmith());
        vault.stands(vault.sealed(cluster, Purpose.PROBE, Secret.of(PASSWORD), Instant.EPOCH));
        return vault.accounts(cluster);
    }

    private static InstanceSurvey seen(String ping) {
        return new InstanceSurvey(
                false, "", "", true, false, false, false, false, false, "", 7, 1, false, true, ping, Map.of(), Map.of(),
                Map.of(), "");
    }
}
