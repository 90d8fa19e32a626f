package io.redfleet.provisioner.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Label;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.health.LabelBrake;
import io.redfleet.contracts.health.LabelBrakes;
import io.redfleet.contracts.health.Liveness;
import io.redfleet.contracts.health.LocalBrakes;
import io.redfleet.contracts.health.Remediation;
import io.redfleet.contracts.health.ReplicationRole;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.provisioner.desired.SpecReader;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.HostSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.Trouble;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The last look, case by case. The cluster: r1, r2, r3, each with a data node and a Sentinel; the Sentinels name r1. */
class GateTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final InstanceId R1 = new InstanceId("r1/redis-server");
    private static final InstanceId R2 = new InstanceId("r2/redis-server");
    private static final InstanceId R3 = new InstanceId("r3/redis-server");
    private static final InstanceId S1 = new InstanceId("r1/redis-sentinel");
    private static final InstanceId S2 = new InstanceId("r2/redis-sentinel");
    private static final InstanceId S3 = new InstanceId("r3/redis-sentinel");

    private final ClusterSpec spec = spec();
    private final Map<InstanceId, Facts> facts = new HashMap<>();
    private final Set<String> unreached = new HashSet<>();
    /** What the marks in their directories say. */
    private final Map<InstanceId, String> owners = new HashMap<>();

    private int operations;

    GateTest() {
        for (Member member : spec.members()) {
            boolean sentinel = member.role() == InstanceRole.SENTINEL;
            facts.put(
                    member.id(),
                    sentinel
                            ? Facts.sentinel("10.0.0.11")
                            : Facts.redis(member.id().equals(R1)));
        }
    }

    // Starting

    @Test
    void whatRunsAndAnswersNeedsNoStart() {
        assertThat(start(R2, "")).isInstanceOf(Verdict.Needless.class);
    }

    @Test
    void aReplicaStartsAsAReplicaOfTheNamedMaster() {
        set(R2, Facts::dead);
        assertThat(start(R2, "")).isEqualTo(new Verdict.Go(Optional.of(new Endpoint("10.0.0.11", 6379))));
    }

    @Test
    void aFormerMasterStartsAsAReplica() {
        set(R1, Facts::dead);
        List.of(S1, S2, S3).forEach(id -> facts.put(id, Facts.sentinel("10.0.0.12")));
        assertThat(start(R1, "")).isEqualTo(new Verdict.Go(Optional.of(new Endpoint("10.0.0.12", 6379))));
    }

    @Test
    void theNamedMasterIsNotStartedWhileSentinelCanFailOver() {
        set(R1, Facts::dead);
        assertThat(rule(start(R1, ""))).isEqualTo("failover-first");
        assertThat(((Verdict.Withheld) start(R1, "")).reason())
                .endsWith("confirm with " + R1 + " to start it nevertheless");
        assertThat(start(R1, R1.value())).isEqualTo(new Verdict.Go(Optional.empty()));
    }

    @Test
    void theNamedMasterStartsWithItsDataWhenNobodyCanTakeOver() {
        set(R1, Facts::dead);
        everyReplicaIsDead();
        assertThat(start(R1, "")).isEqualTo(new Verdict.Go(Optional.empty()));
    }

    @Test
    void aReplicaOfPriorityZeroTakesNoMastersPlace() {
        set(R1, Facts::dead);
        set(R2, f -> f.info("slave_priority", "0"));
        set(R3, f -> f.info("slave_priority", "0"));
        assertThat(remedy(R1, Liveness.DOWN, -1)).isEqualTo(new Verdict.Go(Optional.empty()));
        set(R1, Facts::withoutData);
        assertThat(rule(remedy(R1, Liveness.DOWN, -1))).isEqualTo("empty-master");
    }

    /** down-after is 5 s, so the bound is 50 s before Sentinel held the master for down, here 20 s ago. */
    @Test
    void theNamedMasterStartsWithItsDataWhenSentinelTakesNoReplicaBecauseAllWereCutOffForTooLong() {
        assertThat(spec.sentinel().downAfter()).isEqualTo(Duration.ofSeconds(5));
        set(R1, Facts::dead);
        set(R2, f -> f.info("master_link_down_since_seconds", "83"));
        set(R3, f -> f.info("master_link_down_since_seconds", "83"));
        assertThat(rule(remedy(R1, Liveness.DOWN, -1)))
                .as("no Sentinel holds it for down yet")
                .isEqualTo("failover-first");
        List.of(S1, S2).forEach(id -> set(id, f -> f.master("flags", "master,s_down,o_down", "s-down-time", "20000")));
        assertThat(remedy(R1, Liveness.DOWN, -1)).isEqualTo(new Verdict.Go(Optional.empty()));
        set(R3, f -> f.info("master_link_down_since_seconds", "25"));
        assertThat(rule(remedy(R1, Liveness.DOWN, -1)))
                .as("r3 was cut off only now")
                .isEqualTo("failover-first");
        set(R3, f -> f.info("master_link_down_since_seconds", "83"));
        set(R1, Facts::withoutData);
        assertThat(rule(remedy(R1, Liveness.DOWN, -1))).isEqualTo("empty-master");
    }

    @Test
    void anEmptyMasterWhoseReplicasHoldDataStartsOnlyWithTheExactWord() {
        set(R1, f -> f.dead().withoutData());
        everyReplicaIsDead();
        assertThat(rule(start(R1, ""))).isEqualTo("empty-master");
        assertThat(rule(start(R1, "yes"))).isEqualTo("empty-master");
        assertThat(((Verdict.Withheld) start(R1, "")).reason())
                .endsWith("confirm with " + R1 + " to start it nevertheless");
        assertThat(start(R1, R1.value())).isInstanceOf(Verdict.Go.class);
    }

    @Test
    void withoutAMajorityNobodyKnowsWhomToFollow() {
        set(R2, Facts::dead);
        set(S2, Facts::dead);
        facts.put(S3, Facts.sentinel("10.0.0.12"));
        assertThat(rule(start(R2, ""))).isEqualTo("majority");
    }

    @Test
    void aStrangerOnThePortIsNoPlaceToStart() {
        set(R2, f -> f.dead().listening());
        assertThat(rule(start(R2, ""))).isEqualTo("port");
    }

    // Stopping

    @Test
    void theMasterIsStoppedOnlyWithTheExactWord() {
        assertThat(rule(stop(R1, ""))).isEqualTo("master");
        assertThat(rule(stop(R1, R2.value()))).isEqualTo("master");
        assertThat(stop(R1, R1.value())).isInstanceOf(Verdict.Go.class);
        assertThat(stop(R2, "")).isInstanceOf(Verdict.Go.class);
    }

    @Test
    void whoeverAnswersAsAMasterIsStoppedOnlyWithTheExactWordWhomeverTheSentinelsName() {
        set(R2, f -> f.info("role", "master"));
        assertThat(rule(stop(R2, ""))).isEqualTo("master");
        assertThat(rule(stop(R1, ""))).isEqualTo("master");
        assertThat(stop(R2, R2.value())).isInstanceOf(Verdict.Go.class);
    }

    @Test
    void theLastReplicaThatCouldReplaceADeadMasterIsNotStopped() {
        set(R1, Facts::dead);
        assertThat(stop(R2, "")).isInstanceOf(Verdict.Go.class);
        set(R3, f -> f.info("slave_priority", "0"));
        assertThat(rule(stop(R2, ""))).isEqualTo("last-replica");
        assertThat(stop(R2, R2.value())).isInstanceOf(Verdict.Go.class);
        List.of(S1, S2, S3).forEach(id -> set(id, Facts::dead));
        assertThat(rule(stop(R2, ""))).as("nobody names a master").isEqualTo("last-replica");
    }

    @Test
    void aSentinelThatTheQuorumNeedsIsNotStopped() {
        assertThat(stop(S1, "")).isInstanceOf(Verdict.Go.class);
        set(S2, Facts::dead);
        assertThat(rule(stop(S1, ""))).isEqualTo("quorum");
        assertThat(stop(S1, S1.value())).isInstanceOf(Verdict.Go.class);
    }

    @Test
    void aSentinelThatWatchesAnotherMasterIsNeverStopped() {
        set(S1, f -> f.info("master1", "name=billing,status=ok"));
        assertThat(rule(stop(S1, S1.value()))).isEqualTo("shared-sentinel");
    }

    @Test
    void whatLoadsOrSavesIsNotStopped() {
        set(R2, f -> f.ping("LOADING Redis is loading the dataset in memory"));
        assertThat(rule(stop(R2, ""))).isEqualTo("occupied");
        facts.put(R2, Facts.redis(false).saves());
        assertThat(rule(stop(R2, ""))).isEqualTo("occupied");
    }

    // What the monitor asks for

    @Test
    void twoWitnessesRestartADeadReplica() {
        set(R2, Facts::dead);
        assertThat(remedy(R2, Liveness.DOWN, -1)).isInstanceOf(Verdict.Go.class);
        assertThat(remedy(R2, Liveness.UNREACHABLE, 2)).isInstanceOf(Verdict.Go.class);
    }

    @Test
    void oneWitnessIsNone() {
        set(R2, Facts::dead);
        assertThat(rule(remedy(R2, Liveness.UNREACHABLE, -1))).isEqualTo("witness");
        assertThat(rule(remedy(R2, Liveness.UNREACHABLE, 1))).isEqualTo("witness");
        unreached.add("r2");
        assertThat(rule(remedy(R2, Liveness.DOWN, 3))).isEqualTo("host");
    }

    @Test
    void aHungProcessIsRestartedButNotOneThatLoadsSavesOrAnswers() {
        set(R2, f -> f.ping(""));
        assertThat(remedy(R2, Liveness.HUNG, -1)).isInstanceOf(Verdict.Go.class);
        set(R2, f -> f.ping("").saves());
        assertThat(rule(remedy(R2, Liveness.HUNG, -1))).isEqualTo("occupied");
        facts.put(R2, Facts.redis(false).ping("LOADING Redis is loading the dataset in memory"));
        assertThat(rule(remedy(R2, Liveness.HUNG, -1))).isEqualTo("occupied");
        String expired = "Could not connect to Redis at 10.0.0.12:6379: SSL_connect failed: certificate verify failed";
        facts.put(R2, Facts.redis(false).ping(expired));
        assertThat(rule(remedy(R2, Liveness.UNREACHABLE, 2))).isEqualTo("tls");
        for (String turnedAway : List.of(
                "NOAUTH Authentication required.",
                "AUTH failed: WRONGPASS invalid username-password pair or user is disabled.",
                "Warning: AUTH failed",
                "NOPERM this user has no permissions to run the 'ping' command")) {
            facts.put(R2, Facts.redis(false).ping(turnedAway));
            assertThat(rule(remedy(R2, Liveness.UNREACHABLE, 3))).as(turnedAway).isEqualTo("login");
        }
        facts.put(R2, Facts.redis(false));
        assertThat(rule(remedy(R2, Liveness.DOWN, -1))).isEqualTo("evidence");
    }

    /** The host shows pid 7, which began at tick 1, or none. */
    @ParameterizedTest(name = "asked about {0}/{1}, there now: {2}")
    @CsvSource({
        ", , true, GO",
        ", , false, GO",
        "7, 1, true, GO",
        "7, , true, GO",
        "7, 1, false, GO",
        "4, 1, false, GO",
        "0, 0, false, GO",
        "7, 2, true, evidence",
        "4, 1, true, evidence",
        "4, , true, evidence",
        "0, 0, true, evidence",
    })
    void anotherProcessThanTheOneAskedAboutIsLeftAlone(
            @Nullable Long pid, @Nullable Long startTicks, boolean present, String outcome) {
        set(R2, f -> present ? f.ping("") : f.dead());
        Verdict verdict = remedy(pid, startTicks);
        if (outcome.equals("GO")) {
            assertThat(verdict).isInstanceOf(Verdict.Go.class);
        } else {
            assertThat(rule(verdict)).isEqualTo(outcome);
        }
    }

    @Test
    void whichProcessesAreMeantIsSaid() {
        set(R2, f -> f.ping(""));
        assertThat(((Verdict.Withheld) remedy(4L, 90_210L)).reason())
                .isEqualTo("another process than the one asked about: pid 4 began 90210 ticks after the host, "
                        + "now pid 7 began 1 ticks after the host");
        assertThat(((Verdict.Withheld) remedy(0L, 0L)).reason())
                .isEqualTo("another process than the one asked about: no process was there, "
                        + "now pid 7 began 1 ticks after the host");
        facts.put(R2, Facts.redis(false));
        assertThat(((Verdict.Withheld) remedy(4L, 90_210L)).reason())
                .as("whether it answers or not")
                .startsWith("another process");
    }

    private Verdict remedy(@Nullable Long pid, @Nullable Long startTicks) {
        Remediation asked = asked(R2, Liveness.HUNG, 3);
        Remediation.Evidence seen = asked.evidence();
        Remediation.Evidence evidence = new Remediation.Evidence(
                seen.liveness(),
                seen.runId(),
                seen.role(),
                seen.configEpoch(),
                seen.master(),
                seen.sentinelsSeeingDown(),
                pid,
                startTicks);
        Remediation about = new Remediation(
                asked.id(),
                asked.cluster(),
                asked.uid(),
                asked.instance(),
                asked.action(),
                asked.reason(),
                evidence,
                asked.askedAt(),
                asked.notAfter());
        return RemedyGate.judge(cluster(), survey(), about, NOW);
    }

    @Test
    void whatAPersonStoppedStaysStopped() {
        set(R2, f -> f.dead().stopped());
        assertThat(rule(remedy(R2, Liveness.DOWN, -1))).isEqualTo("stopped");
    }

    @Test
    void aDeadMasterWaitsForSentinel() {
        set(R1, Facts::dead);
        assertThat(rule(remedy(R1, Liveness.DOWN, -1))).isEqualTo("failover-first");
    }

    @Test
    void whatHasChangedSinceItWasSeenWithholds() {
        set(R2, Facts::dead);
        List.of(S1, S2, S3).forEach(id -> facts.put(id, Facts.sentinel("10.0.0.13")));
        assertThat(rule(remedy(R2, Liveness.DOWN, -1))).isEqualTo("evidence");
    }

    @Test
    void whatIsOldOrOfAnotherClusterWithholdsWithoutALook() {
        ClusterState cluster = cluster();
        Remediation asked = asked(R2, Liveness.DOWN, -1);
        assertThat(RemedyGate.early(cluster, asked, NOW.plusSeconds(61)))
                .map(Verdict.Withheld::rule)
                .contains("late");
        ClusterState other = new ClusterState(1, new ClusterUid("other"), 1, Phase.READY, "", NOW, spec);
        assertThat(RemedyGate.early(other, asked, NOW))
                .map(Verdict.Withheld::rule)
                .contains("evidence");
        assertThat(RemedyGate.early(cluster, asked, NOW)).isEmpty();
    }

    @Test
    void whatIsMarkedAsAnothersIsTouchedByNobody() {
        set(R2, Facts::dead);
        owners.put(R2, "another-uid orders/r2/redis-server");
        assertThat(rule(remedy(R2, Liveness.DOWN, 3))).isEqualTo("owner");
        assertThat(OwnerGate.judge(cluster(), survey(), R2))
                .map(Verdict.Withheld::reason)
                .hasValueSatisfying(reason -> assertThat(reason).contains("belongs to another-uid orders/r2"));
        assertThat(OwnerGate.judge(cluster(), survey(), R3)).isEmpty();
        owners.put(R2, "u orders/r2/redis-server");
        assertThat(remedy(R2, Liveness.DOWN, 3)).isInstanceOf(Verdict.Go.class);
    }

    @Test
    void aRulesStopIsJudgedAsAPersonsWithoutTheExactWord() {
        assertThat(ruleStop(R2, Liveness.UP, "")).isInstanceOf(Verdict.Go.class);
        assertThat(ruleStop(S1, Liveness.UP, "")).isInstanceOf(Verdict.Go.class);
        assertThat(rule(ruleStop(R1, Liveness.UP, ""))).isEqualTo("master");
        set(R2, f -> f.ping("LOADING Redis is loading the dataset in memory"));
        assertThat(rule(ruleStop(R2, Liveness.UP, ""))).isEqualTo("occupied");
        set(S2, Facts::dead);
        assertThat(rule(ruleStop(S1, Liveness.UP, ""))).isEqualTo("quorum");
        set(S3, f -> f.info("master1", "name=billing,status=ok"));
        assertThat(rule(ruleStop(S3, Liveness.UP, ""))).isEqualTo("shared-sentinel");
        unreached.add("r3");
        assertThat(rule(ruleStop(R3, Liveness.UP, ""))).isEqualTo("host");
        owners.put(R2, "another-uid orders/r2/redis-server");
        assertThat(rule(ruleStop(R2, Liveness.UP, ""))).isEqualTo("owner");
    }

    @Test
    void aRulesStopLeavesAReplicaWhileTheMasterIsWell() {
        assertThat(ruleStop(R3, Liveness.UP, "")).isInstanceOf(Verdict.Go.class);
        set(R2, f -> f.dead().stopped());
        assertThat(rule(ruleStop(R3, Liveness.UP, ""))).isEqualTo("last-replica");
        assertThat(stop(R3, "")).as("a person may").isInstanceOf(Verdict.Go.class);
    }

    @Test
    void aRulesStopDoesNotGiveUpAMasterBecauseItIsDead() {
        set(R1, Facts::dead);
        assertThat(rule(ruleStop(R1, Liveness.DOWN, ""))).isEqualTo("master");
    }

    @Test
    void aRulesStopNeedsWhatItsRuleHadFound() {
        assertThat(rule(ruleStop(R2, Liveness.DOWN, ""))).as("it answers again").isEqualTo("evidence");
        assertThat(rule(ruleStop(R2, Liveness.HUNG, ""))).isEqualTo("evidence");
        set(R2, f -> f.info("run_id", "next"));
        assertThat(rule(ruleStop(R2, Liveness.UP, "before"))).as("it runs anew").isEqualTo("evidence");
        assertThat(ruleStop(R2, Liveness.UP, "next")).isInstanceOf(Verdict.Go.class);
        set(R2, Facts::dead);
        assertThat(ruleStop(R2, Liveness.DOWN, "before"))
                .as("what is dead may be left so")
                .isInstanceOf(Verdict.Go.class);
        set(R2, Facts::stopped);
        assertThat(rule(ruleStop(R2, Liveness.DOWN, "before"))).isEqualTo("stopped");
        List.of(S1, S2, S3).forEach(id -> facts.put(id, Facts.sentinel("10.0.0.13")));
        assertThat(rule(ruleStop(R3, Liveness.UP, "")))
                .as("another master is named now")
                .isEqualTo("evidence");
    }

    /** It changes no process, so nothing of the process matters; that it names an entry, and that it is not late, does. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "/etc/redfleet/exec.d/page, 0, go",
                "/etc/redfleet/exec.d/page, 31, late",
                "/bin/page, 0, program",
                "-, 0, program",
            })
    void aProgramIsRunWhateverItsInstanceDoes(@Nullable String program, int seconds, String wanted) {
        Verdict verdict = ruleExec(program, seconds);
        assertThat(verdict instanceof Verdict.Go ? "go" : rule(verdict)).isEqualTo(wanted);
    }

    @Test
    void noProgramIsRunOnAHostThatIsNotThere() {
        unreached.add("r1");
        assertThat(rule(ruleExec("/etc/redfleet/exec.d/page", 0))).isEqualTo("host");
    }

    @Test
    void programsHavePlacesOfTheirOwn() {
        Brakes brakes = new Brakes();
        for (int i = 0; i < 60; i++) {
            assertThat(brakes.beginExec(new OperationId("exec-" + i), Map.of(), NOW))
                    .isEmpty();
            brakes.endExec();
        }
        OperationId more = new OperationId("exec-60");
        assertThat(brakes.beginExec(more, Map.of(), NOW))
                .map(Verdict.Withheld::rule)
                .contains("brake");
        assertThat(begin(brakes, NOW)).isEmpty();
        Instant later = NOW.plus(Duration.ofMinutes(10)).plusSeconds(1);
        assertThat(brakes.beginExec(more, Map.of(), later)).isEmpty();
        brakes.disarm("too much at once");
        assertThat(brakes.beginExec(more, Map.of(), later))
                .map(Verdict.Withheld::rule)
                .contains("disarmed");
    }

    // Brakes

    @Test
    void atMostTwoAtOnceAndTenInTenMinutes() {
        Brakes brakes = new Brakes();
        assertThat(begin(brakes, NOW)).isEmpty();
        assertThat(begin(brakes, NOW)).isEmpty();
        assertThat(begin(brakes, NOW)).isPresent();
        brakes.end();
        brakes.end();
        for (int i = 2; i < 10; i++) {
            assertThat(begin(brakes, NOW.plusSeconds(i))).isEmpty();
            brakes.end();
        }
        assertThat(begin(brakes, NOW.plusSeconds(60))).isPresent();
        assertThat(begin(brakes, NOW.plus(Duration.ofMinutes(10)).plusSeconds(1)))
                .isEmpty();
    }

    @Test
    void aDisarmedFleetActsNowhereUntilRearmed() {
        Brakes brakes = new Brakes();
        brakes.disarm("too much at once");
        assertThat(begin(brakes, NOW)).map(Verdict.Withheld::rule).contains("disarmed");
        brakes.disarm("");
        assertThat(begin(brakes, NOW)).isEmpty();
    }

    /** Fleet, label and file by their reasons; a cluster of team=a. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ``    | ``     | ``   | ``     | ``
            night | ``     | ``   | ``     | the fleet is disarmed: night
            night | team=a | ``   | ``     | the fleet is disarmed: night
            ``    | team=a | ``   | ``     | the label team=a is disarmed by al since 1970-01-01T00:00:00Z: x
            ``    | team=b | ``   | ``     | ``
            ``    | team=  | ``   | ``     | ``
            ``    | ``     | file | ``     | the fleet is disarmed: file
            ``    | ``     | ``   | team=a | the label team=a is disarmed by a file on this machine
            ``    | ``     | ``   | team=b | ``
            ``    | team=b | ``   | team=a | the label team=a is disarmed by a file on this machine
            """)
    void nothingBeginsWhereTheFleetTheLabelOrTheMachineIsDisarmed(
            String fleet, String label, String file, String fileLabel, String reason) {
        List<Label> inFiles = fileLabel.isEmpty() ? List.of() : List.of(new Label(fileLabel));
        Brakes brakes = new Brakes(() -> new LocalBrakes(file, inFiles), 10);
        LabelBrakes labelled = label.isEmpty()
                ? LabelBrakes.NONE
                : LabelBrakes.NONE.with(new LabelBrake(new Label(label), "x", new Actor("al", "t1"), Instant.EPOCH), 1);
        brakes.disarm(fleet, labelled);

        Optional<Verdict.Withheld> held = brakes.begin(new OperationId("op"), Map.of("team", "a"), NOW);

        assertThat(held.map(Verdict.Withheld::reason).orElse("")).isEqualTo(reason);
        assertThat(held.map(Verdict.Withheld::rule).orElse("disarmed")).isEqualTo("disarmed");
    }

    @Test
    void aRecordThatCannotBeReadLiftsNoLabel() {
        Brakes brakes = new Brakes();
        LabelBrake checkout = new LabelBrake(new Label("team=checkout"), "x", new Actor("ann", "t1"), Instant.EPOCH);
        brakes.disarm("", LabelBrakes.NONE.with(checkout, 1));
        brakes.disarm("the fleet's brake cannot be read: schema 2");
        assertThat(brakes.forbidden(Map.of("team", "search"))).isPresent();
        brakes.disarm("");
        assertThat(brakes.forbidden(Map.of("team", "search"))).isEmpty();
        assertThat(brakes.forbidden(Map.of("team", "checkout"))).isPresent();
    }

    @Test
    void whatTheJournalKnowsOfCountsOnceAndForTenMinutes() {
        Brakes brakes = new Brakes();
        for (int i = 0; i < 20; i++) {
            brakes.remember(new OperationId("old-" + i), NOW.minus(Duration.ofMinutes(11)), NOW);
        }
        for (int i = 0; i < 9; i++) {
            brakes.remember(new OperationId("op-of-another-life-" + i), NOW.minusSeconds(i), NOW);
            brakes.remember(new OperationId("op-of-another-life-" + i), NOW.minusSeconds(i), NOW);
        }
        assertThat(begin(brakes, NOW)).isEmpty();
        brakes.end();
        assertThat(begin(brakes, NOW)).map(Verdict.Withheld::rule).contains("brake");
        assertThat(begin(brakes, NOW.plus(Duration.ofMinutes(10)))).isEmpty();
    }

    private Optional<Verdict.Withheld> begin(Brakes brakes, Instant at) {
        return brakes.begin(new OperationId("op-" + ++operations), Map.of(), at);
    }

    private void everyReplicaIsDead() {
        set(R2, Facts::dead);
        set(R3, Facts::dead);
    }

    private void set(InstanceId id, UnaryOperator<Facts> change) {
        facts.computeIfPresent(id, (key, was) -> change.apply(was));
    }

    private Verdict start(InstanceId id, String word) {
        return StartGate.judge(spec, survey(), id, word);
    }

    private Verdict stop(InstanceId id, String word) {
        return StopGate.judge(spec, survey(), id, word);
    }

    private Verdict remedy(InstanceId id, Liveness seen, int sentinels) {
        return RemedyGate.judge(cluster(), survey(), asked(id, seen, sentinels), NOW);
    }

    private Verdict ruleStop(InstanceId id, Liveness seen, String run) {
        Remediation asked = asked(id, seen, -1);
        Remediation.Evidence was = asked.evidence();
        Remediation stop = new Remediation(
                asked.id(),
                asked.cluster(),
                asked.uid(),
                id,
                Remediation.Action.STOP,
                "memory is 5 GB",
                new Remediation.Evidence(seen, run, was.role(), was.configEpoch(), was.master(), -1),
                asked.askedAt(),
                asked.notAfter());
        return RemedyGate.judge(cluster(), survey(), stop, NOW);
    }

    private Verdict ruleExec(@Nullable String program, int seconds) {
        Remediation like = asked(R1, Liveness.DOWN, -1);
        Remediation exec = new Remediation(
                like.id(),
                like.cluster(),
                like.uid(),
                R1,
                Remediation.Action.EXEC,
                "is to be run",
                like.evidence(),
                NOW,
                NOW.plusSeconds(30));
        Remediation named = program == null ? exec : exec.running(new Remediation.Exec(program, "Does not exist", "x"));
        return RemedyGate.judge(cluster(), survey(), named, NOW.plusSeconds(seconds));
    }

    private static String rule(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Verdict.Withheld.class);
        return ((Verdict.Withheld) verdict).rule();
    }

    private ClusterState cluster() {
        return new ClusterState(1, new ClusterUid("u"), 1, Phase.READY, "", NOW, spec);
    }

    private static Remediation asked(InstanceId id, Liveness seen, int sentinels) {
        Endpoint master = new Endpoint("10.0.0.11", 6379);
        Remediation.Evidence evidence =
                new Remediation.Evidence(seen, "run", ReplicationRole.REPLICA, 0, master, sentinels);
        return new Remediation(
                "x",
                spec().name(),
                new ClusterUid("u"),
                id,
                Remediation.Action.RESTART,
                "",
                evidence,
                NOW,
                NOW.plusSeconds(60));
    }

    private ClusterSurvey survey() {
        Map<HostName, HostSurvey> hosts = new HashMap<>();
        Map<HostName, Reply.Failed> failed = new HashMap<>();
        spec.hosts().forEach(host -> {
            if (unreached.contains(host.name().value())) {
                failed.put(host.name(), new Reply.Failed(Trouble.UNREACHABLE, "no route"));
                return;
            }
            Map<InstanceId, InstanceSurvey> instances = new HashMap<>();
            facts.forEach((id, seen) -> {
                if (id.host().equals(host.name())) {
                    instances.put(id, seen.survey(owners.getOrDefault(id, "")));
                }
            });
            hosts.put(
                    host.name(),
                    new HostSurvey("/base", "b", "", "/bin/r", "7.0.15", List.of(), 1L << 40, 0, instances));
        });
        return new ClusterSurvey(hosts, failed);
    }

    private static ClusterSpec spec() {
        List<Map<String, String>> hosts = IntStream.rangeClosed(1, 3)
                .mapToObj(i -> Map.of("name", "r" + i, "address", "10.0.0.1" + i))
                .toList();
        return ((SpecReader.Good)
                        SpecReader.read(Map.of("metadata", Map.of("name", "orders"), "spec", Map.of("hosts", hosts))))
                .spec();
    }

    /** A survey of one instance, in the words of the cases. */
    private record Facts(
            boolean present,
            boolean hasData,
            boolean markedStopped,
            boolean saving,
            boolean isListening,
            String ping,
            Map<String, String> info,
            Map<String, String> master) {
        static Facts redis(boolean leads) {
            Map<String, String> info = Map.of("role", leads ? "master" : "slave", "slave_priority", "100");
            return new Facts(true, true, false, false, true, "PONG", info, Map.of());
        }

        static Facts sentinel(String master) {
            Map<String, String> info = Map.of("master0", "name=orders,status=ok");
            return new Facts(true, false, false, false, true, "PONG", info, Map.of("ip", master, "port", "6379"));
        }

        Facts dead() {
            return new Facts(false, hasData, markedStopped, false, false, "", Map.of(), Map.of());
        }

        Facts withoutData() {
            return new Facts(present, false, markedStopped, saving, isListening, ping, info, master);
        }

        Facts stopped() {
            return new Facts(present, hasData, true, saving, isListening, ping, info, master);
        }

        Facts saves() {
            return new Facts(present, hasData, markedStopped, true, isListening, ping, info, master);
        }

        Facts listening() {
            return new Facts(present, hasData, markedStopped, saving, true, ping, info, master);
        }

        Facts ping(String answer) {
            return new Facts(present, hasData, markedStopped, saving, isListening, answer, info, master);
        }

        Facts info(String name, String value) {
            Map<String, String> more = new HashMap<>(info);
            more.put(name, value);
            return new Facts(present, hasData, markedStopped, saving, isListening, ping, more, master);
        }

        Facts master(String... fields) {
            Map<String, String> more = new HashMap<>(master);
            for (int i = 0; i < fields.length; i += 2) {
                more.put(fields[i], fields[i + 1]);
            }
            return new Facts(present, hasData, markedStopped, saving, isListening, ping, info, more);
        }

        InstanceSurvey survey(String owner) {
            String quorum = master.isEmpty() ? "" : "OK 3 usable Sentinels";
            return new InstanceSurvey(
                    true,
                    owner,
                    "",
                    true,
                    !info.containsKey("slave_priority"),
                    hasData,
                    hasData,
                    markedStopped,
                    false,
                    "",
                    present ? 7 : 0,
                    1,
                    saving,
                    isListening,
                    ping,
                    info,
                    Map.of(),
                    master,
                    quorum);
        }
    }
}
