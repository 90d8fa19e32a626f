package io.redfleet.provisioner.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.access.NextSecret;
import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.access.Secret;
import io.redfleet.provisioner.secret.Accounts;
import io.redfleet.provisioner.secret.Agents;
import io.redfleet.provisioner.secret.Login;
import io.redfleet.provisioner.survey.ClusterSurvey;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is planned of users and logins, by what hosts say of them. */
class AccessPlanTest {
    private final RunningTrio trio = new RunningTrio();

    @ParameterizedTest
    @ValueSource(strings = {"6.2.14", "7.0.15", "8.1.1"})
    void whoHasTheUsersAndLoginsThatWeMakeIsLeftAlone(String version) {
        trio.runs(version);
        assertThat(wanted()).isEmpty();
        assertThat(AccessPlan.strangers(trio.cluster.spec(), trio.survey())).isEmpty();
        assertThat(trio.survey().access()).hasSize(6);
    }

    /** Who of r2 says what, in place of what; what is set, what differs, which users are set, whether the file is written. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            redis-server;live=user probe off #same;live=user probe on #same;[probe];user probe is off;probe;false
            redis-server;live=user probe on #other;live=user probe on #same;[probe];user probe has another password;probe;false
            redis-server;live=user probe on nopass;live=user probe on #same;[probe];user probe needs no password;probe;false
            redis-server;live=user xprobe on;live=user probe on;[probe];user probe is missing;probe;false
            redis-server;live=user canary on #same +flushall;live=user canary on #same;'';'';'';false
            redis-server;live=user default on;live=user default off;[default];user default is on;default;false
            redis-server;file=user probe off;file=user probe on;[probe];user probe in users.acl is off;'';true
            redis-server;login=masterauth other;login=masterauth same;[masterauth];masterauth is another;'';false
            redis-server;login=x same;login=masteruser same;[masteruser];masteruser is another;'';false
            redis-sentinel;login=auth-pass other;login=auth-pass same;[auth-pass];auth-pass is another;'';false
            redis-sentinel;login=x same;login=sentinel-pass same;[sentinel-pass];sentinel-pass is another;'';false
            redis-sentinel;live=user peer off;live=user peer on;[peer];user peer is off;peer;false
            """)
    void whatDiffersIsSetAndNothingElse(
            String name, String instead, String of, String names, String differs, String users, boolean save) {
        trio.says("r2", "access", "i." + name + "." + instead, "i." + name + "." + of);
        List<Step> steps = wanted();
        if (differs.isEmpty()) {
            assertThat(steps).isEmpty();
            return;
        }
        String instance = "r2/" + name;
        assertThat(steps).singleElement().satisfies(step -> {
            assertThat(step.id()).isEqualTo(instance + "/users-set");
            assertThat(step.title()).isEqualTo("set " + names + " of " + instance + " while it runs");
            assertThat(step.diff()).contains("- " + differs);
            assertThat(step.action()).isInstanceOfSatisfying(AccessAction.Users.class, action -> {
                assertThat(action.users().stream().map(line -> line.split(" ", 3)[1]))
                        .isEqualTo(users.isEmpty() ? List.of() : List.of(users));
                assertThat(action.save()).isEqualTo(save);
                assertThat(action.directory()).isEqualTo("/home/ops/redfleet/orders/" + name);
                assertThat("" + action.logins().keySet()).isEqualTo(differs.startsWith("user ") ? "[]" : names);
            });
        });
        assertThat(trio.plan().steps()).extracting(Step::id).contains(instance + "/users-set");
    }

    @Test
    void noSecretIsInWhatPeopleRead() {
        trio.says("r1", "access", "i.redis-server.login=masterauth other", "i.redis-server.login=masterauth same");
        trio.says("r1", "access", "i.redis-server.live=user probe off", "i.redis-server.live=user probe on");
        Plan plan = trio.plan();
        String shown = plan + " " + plan.shown();
        assertThat(shown).contains("users-set", "+ user probe on #***", "+ masterauth ***");
        for (Purpose purpose : Purpose.values()) {
            assertThat(shown)
                    .doesNotContain("pw-" + purpose.word())
                    .doesNotContain(RunningTrio.ACCOUNTS.of(purpose).hash());
        }
    }

    @Test
    void whoAskedForNothingOrSaidNothingIsNotJudged() {
        trio.says("r2", "access", "", "access.end=yes");
        ClusterSurvey cut = trio.survey();
        assertThat(cut.access()).hasSize(4);
        assertThat(wanted()).isEmpty();
        assertThat(trio.plan().notes())
                .as("so nobody says that nothing differs")
                .contains("r2/redis-server: " + AccessPlan.UNCOMPARED, "r2/redis-sentinel: " + AccessPlan.UNCOMPARED);
        assertThat(PasswordPlan.drifted(trio.cluster, cut))
                .extracting(Plan.Obstacle::subject)
                .containsExactly("r2/redis-server", "r2/redis-sentinel");
        ClusterSurvey never = SaidHosts.survey(trio.cluster, trio, state -> RunningTrio.ACCOUNTS);
        assertThat(AccessPlan.notes(trio.cluster.spec(), never))
                .as("of a look that asks nobody")
                .isEmpty();
        // Without passwords nobody is asked.
        assertThat(trio.survey(Accounts.NONE).access()).isEmpty();
        assertThat(trio.survey(new Accounts(RunningTrio.ACCOUNTS.passwords(), "not its own"))
                        .access())
                .isEmpty();
    }

    /** Which login is another; whose password is being changed; how many are set. */
    @ParameterizedTest
    @CsvSource({
        "redis-sentinel, auth-pass, SENTINEL, 0",
        "redis-sentinel, auth-pass, PEER, 1",
        "redis-sentinel, sentinel-pass, PEER, 0",
        "redis-server, masterauth, REPLICATION, 0",
        "redis-server, masterauth, APPLICATION, 1",
    })
    void aLoginWhosePasswordIsBeingChangedIsLeft(String name, String directive, Purpose changed, int set) {
        // As a host answers that was given nothing to compare it with.
        trio.says("r2", "access", "i." + name + ".x=", "i." + name + ".login=" + directive + " same");
        Map<Purpose, Accounts.Second> seconds =
                Map.of(changed, new Accounts.Second(NextSecret.Stage.BOTH, Secret.of("before")));
        Accounts accounts = new Accounts(RunningTrio.ACCOUNTS.passwords(), "", Agents.NONE, Login.NONE, seconds);
        ClusterSurvey survey = trio.survey(accounts);
        assertThat(AccessPlan.wanted(trio.cluster.spec(), survey, new StepMaker(trio.cluster.spec(), survey)))
                .hasSize(set);
        assertThat(PasswordPlan.drifted(trio.cluster, survey)).hasSize(set);
    }

    @Test
    void withoutItsFileAnInstanceWritesOne() {
        String text = trio.of("r3", "access");
        String file = text.lines()
                .filter(line -> line.startsWith("i.redis-sentinel.file="))
                .reduce("", (all, line) -> all + line + "\n");
        assertThat(file).isNotEmpty();
        for (String line : file.lines().toList()) {
            trio.says("r3", "access", "", line + "\n");
        }
        assertThat(wanted())
                .singleElement()
                .satisfies(step -> assertThat(step.action())
                        .isInstanceOfSatisfying(AccessAction.Users.class, action -> {
                            assertThat(action.users()).isEmpty();
                            assertThat(action.save()).isTrue();
                        }));
    }

    @Test
    void usersOfOthersAreNamedAndLeft() {
        trio.says(
                "r1",
                "access",
                "i.redis-server.live=user mallory on #other ~* +@all\naccess.end=yes",
                "access.end=yes");
        assertThat(wanted()).isEmpty();
        assertThat(trio.plan().warnings())
                .contains("r1/redis-server has users that are not Redfleet's, and are left: [mallory]");
    }

    /** Entered again, a replica finds its master before anybody waits for that. */
    @Test
    void usersComeBeforeTheSettingsAndWhatIsWaitedFor() {
        trio.says("r1", "access", "i.redis-server.live=user probe off", "i.redis-server.live=user probe on");
        trio.says("r1", "survey", "i.redis-sentinel.quorum=NOQUORUM", "i.redis-sentinel.quorum=OK");
        Plan plan = trio.plan();
        assertThat(plan.obstacles()).isEmpty();
        assertThat(plan.steps())
                .extracting(Step::id)
                .containsSubsequence("r1/redis-server/users-set", "r1/redis-sentinel/quorum");
        assertThat(plan.steps())
                .filteredOn(step -> step.id().endsWith("/users-set"))
                .allSatisfy(step -> assertThat(plan.effect(step)).isEqualTo(Effect.LIVE));
    }

    private List<Step> wanted() {
        ClusterSurvey survey = trio.survey();
        return AccessPlan.wanted(trio.cluster.spec(), survey, new StepMaker(trio.cluster.spec(), survey));
    }
}
