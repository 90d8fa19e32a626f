package io.redfleet.provisioner.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.provisioner.desired.OwnSpecs;
import io.redfleet.provisioner.recipe.SentinelConf;
import io.redfleet.provisioner.secret.Accounts;
import io.redfleet.provisioner.secret.Agents;
import io.redfleet.provisioner.secret.Login;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.HostSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is planned for a Sentinel that watches no master any more. */
class LostMasterTest {
    private static final InstanceId SENTINEL = new InstanceId("r3/redis-sentinel");

    private final RunningTrio trio = new RunningTrio();

    @Test
    void whoHasLostItIsGivenTheMasterThatMostOfTheOthersName() {
        trio.loses("r3");
        Plan plan = trio.plan();
        assertThat(plan.obstacles()).isEmpty();
        assertThat(plan.steps())
                .extracting(Step::id)
                .containsExactly("r3/redis-sentinel/watch", "r3/redis-sentinel/quorum");
        Step watch = plan.steps().getFirst();
        assertThat(watch.title())
                .isEqualTo(
                        "let r3/redis-sentinel, which has lost orders, watch 10.0.0.11:6379, as most of the others do");
        assertThat(watch.diff())
                .contains("- no master orders", "+ master orders 10.0.0.11 6379", "+ auth-pass ***", "+ quorum 2");
        assertThat(watch.action()).isInstanceOfSatisfying(AccessAction.Watch.class, action -> {
            assertThat(action.master()).isEqualTo(new Endpoint("10.0.0.11", 6379));
            assertThat(action.quorum()).isEqualTo(2);
            assertThat(action.settings().keySet())
                    .containsExactly(
                            "master-reboot-down-after-period",
                            "down-after-milliseconds",
                            "failover-timeout",
                            "parallel-syncs");
            assertThat(action.logins().keySet()).containsExactly("auth-user", "auth-pass");
            assertThat("" + action).doesNotContain("pw-");
        });
        assertThat(plan.effect(watch)).isEqualTo(Effect.LIVE);
    }

    @Test
    void withoutAMajorityNobodyIsGivenAny() {
        trio.loses("r2");
        trio.loses("r3");
        Plan plan = trio.plan();
        assertThat(plan.steps()).isEmpty();
        assertThat(plan.obstacles())
                .singleElement()
                .satisfies(obstacle -> assertThat(obstacle.reason())
                        .isEqualTo(
                                "no majority of them names a master, and none can be started; that run and watch no orders"
                                        + " any more: r2/redis-sentinel, r3/redis-sentinel"));
    }

    /** What it says that the quorum is; whether it is given the master again. */
    @ParameterizedTest
    @CsvSource({
        "i.redis-sentinel.master=9999, true",
        "i.redis-sentinel.master=2, false",
        "i.redis-sentinel.master=3, false",
    })
    void whatWasBegunIsFinished(String quorum, boolean given) {
        trio.says("r3", "survey", "quorum\n" + quorum, "quorum\ni.redis-sentinel.master=2");
        assertThat(found(RunningTrio.ACCOUNTS)).hasSize(given ? 1 : 0);
        assertThat(trio.plan().steps())
                .extracting(Step::id)
                .filteredOn(id -> id.endsWith("/settings"))
                .hasSize(quorum.endsWith("3") ? 1 : 0);
    }

    @Test
    void whoSaysNothingHasLostNothing() {
        trio.loses("r3");
        trio.says(
                "r3",
                "survey",
                "i.redis-sentinel.quorum=",
                "i.redis-sentinel.quorum=ERR No such master with that name");
        assertThat(found(RunningTrio.ACCOUNTS)).isEmpty();
    }

    /** Given to it without a password, it would find the master down for ever, and say so to the others. */
    @Test
    void whoseLoginSomebodyElseHasMadeIsGivenItByThatPersonAlone() {
        ClusterSpec spec = OwnSpecs.spec("full");
        Accounts entrusted =
                new Accounts(Map.of(), "", Agents.NONE, new Login("default", Secret.of("pw-of-another")), Map.of());
        ClusterSurvey guarded = lostOfAnother(entrusted);
        Optional<Endpoint> master = Optional.of(new Endpoint("10.0.0.11", 6379));
        assertThat(LostMaster.found(spec, guarded, new StepMaker(spec, guarded), master))
                .isEmpty();
        assertThat(LostMaster.told(spec, guarded)).contains(SENTINEL.value());
        assertThat(LostMaster.refused(spec, guarded)).singleElement().satisfies(refused -> {
            assertThat(refused.subject()).isEqualTo(SENTINEL.value());
            assertThat(refused.reason())
                    .startsWith(SENTINEL + " has lost " + spec.sentinel().masterName() + ", whose password")
                    .contains("SENTINEL MONITOR", "auth-pass", "by hand")
                    .doesNotContain("pw-of-another");
        });

        ClusterSurvey open = lostOfAnother(Accounts.NONE);
        assertThat(LostMaster.found(spec, open, new StepMaker(spec, open), master))
                .as("where nobody asks for a password")
                .hasSize(1);
        assertThat(LostMaster.refused(spec, open)).isEmpty();
    }

    private static ClusterSurvey lostOfAnother(Accounts accounts) {
        InstanceSurvey lost = new InstanceSurvey(
                false,
                "",
                "",
                true,
                false,
                false,
                false,
                false,
                false,
                "",
                7,
                1,
                false,
                true,
                "PONG",
                Map.of(),
                Map.of(),
                Map.of(),
                "ERR No such master with that name");
        HostSurvey host = new HostSurvey(
                "/base", "b", "", "/usr/bin/redis-server", "7.0.15", List.of(), 1L << 40, 0, Map.of(SENTINEL, lost));
        return new ClusterSurvey(Map.of(SENTINEL.host(), host), Map.of(), accounts);
    }

    /** To be told another password, it would have to know whom to tell it to. */
    @Test
    void whileASentinelWatchesNoMasterNoPasswordIsChanged() {
        assertThat(PasswordPlan.obstacles(trio.cluster, trio.survey())).isEmpty();
        trio.loses("r3");
        assertThat(PasswordPlan.obstacles(trio.cluster, trio.survey()))
                .extracting(Plan.Obstacle::toString)
                .containsExactly("r3: r3/redis-sentinel: watches no master: apply first");
    }

    @Test
    void withoutAccessControlThereAreNoLogins() {
        trio.loses("r3");
        assertThat(found(Accounts.NONE))
                .singleElement()
                .satisfies(step -> assertThat(((AccessAction.Watch) step.action()).logins())
                        .isEmpty());
    }

    /** What follows another setting goes before it, and the quorum comes last; before 7.0 nothing follows. */
    @ParameterizedTest
    @CsvSource({
        "7.0.15, 'master-reboot-down-after-period,down-after-milliseconds,quorum'",
        "6.2.14, 'down-after-milliseconds,quorum'",
    })
    void whatDriftedIsSetInAnOrderThatACutLeavesToBeSeen(String version, String order) {
        trio.runs(version);
        String wanted = SentinelConf.owned(trio.cluster.spec()).getOrDefault("down-after-milliseconds", "");
        String patience = "down-after-milliseconds\ni.redis-sentinel.master=";
        trio.says("r3", "survey", patience + "1\n", patience + wanted + "\n");
        trio.says("r3", "survey", "quorum\ni.redis-sentinel.master=5", "quorum\ni.redis-sentinel.master=2");
        assertThat(SentinelConf.toSet(
                                trio.cluster.spec(),
                                trio.survey().instance(SENTINEL).orElseThrow(),
                                version)
                        .keySet())
                .containsExactly(order.split(",", -1));
        assertThat(trio.plan().steps())
                .filteredOn(step -> step.id().equals(SENTINEL + "/settings"))
                .singleElement()
                .satisfies(step -> assertThat(step.diff()).contains("- quorum 5", "+ quorum 2"));
    }

    private List<Step> found(Accounts accounts) {
        ClusterSurvey survey = trio.survey(accounts);
        StepMaker make = new StepMaker(trio.cluster.spec(), survey);
        return LostMaster.found(trio.cluster.spec(), survey, make, survey.namedMaster(trio.cluster.spec()));
    }
}
