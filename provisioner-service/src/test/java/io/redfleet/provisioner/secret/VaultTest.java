package io.redfleet.provisioner.secret;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.provisioner.desired.OwnSpecs;
import io.redfleet.provisioner.desired.SpecReader;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** As whom a cluster is asked whose users somebody else has made. */
class VaultTest {
    private static final Secret WORD = Secret.of("s3cret-Word");

    private final Vault vault = new Vault(new PlainLocksmith());

    @Test
    void oneThatWasAdoptedIsAskedByTheLoginThatItsSpecNames() {
        ClusterState cluster = cluster("full", "u1");
        vault.stands(vault.sealed(cluster, Purpose.PROBE, WORD, Instant.EPOCH));
        Accounts accounts = vault.accounts(cluster);
        assertThat(accounts.trouble()).isEmpty();
        assertThat(accounts.isNone()).as("Redfleet has made no users").isTrue();
        assertThat(accounts.admin()).isEqualTo(new Login("default", WORD));
        assertThat(accounts.toString()).doesNotContain("s3cret-Word");
        assertThat(accounts.masked("a s3cret-Word and " + WORD.hash())).isEqualTo("a *** and ***");
    }

    @Test
    void whereItCannotBeOpenedNobodyIsAskedByAnything() {
        vault.stands(vault.sealed(cluster("full", "u0"), Purpose.PROBE, WORD, Instant.EPOCH));
        Accounts another = vault.accounts(cluster("full", "u1"));
        assertThat(another.trouble())
                .startsWith("the password that spec.security.probe names cannot be opened: there is no record of it")
                .endsWith("apply the spec again, which reads its file anew");
        assertThat(another.admin().isNone()).isTrue();
        vault.unread(cluster("full", "u1").name(), Purpose.PROBE, "it is of a later schema");
        assertThat(vault.accounts(cluster("full", "u1")).trouble()).contains("it is of a later schema");
    }

    @Test
    void oneThatIsOnlyObservedIsAskedByNobodyHere() {
        ClusterState cluster = cluster("observe", "u1");
        vault.stands(vault.sealed(cluster, Purpose.PROBE, WORD, Instant.EPOCH));
        assertThat(vault.accounts(cluster)).isEqualTo(Accounts.NONE);
    }

    @Test
    void withoutALoginNothingIsMasked() {
        assertThat(Accounts.NONE.masked("redis.conf")).isEqualTo("redis.conf");
        assertThat(Accounts.NONE.admin().isNone()).isTrue();
    }

    private static ClusterState cluster(String manage, String uid) {
        ClusterSpec spec = ((SpecReader.Good) SpecReader.read(OwnSpecs.document(manage, "orders-probe"))).spec();
        return new ClusterState(
                ClusterState.SCHEMA, new ClusterUid(uid), 2, Phase.ACCEPTED, "", Instant.EPOCH, spec, 1L);
    }
}
