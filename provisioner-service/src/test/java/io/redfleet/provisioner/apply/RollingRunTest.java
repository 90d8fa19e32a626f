package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.provisioner.plan.Effect;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.plan.PlanId;
import io.redfleet.provisioner.plan.Restarts;
import io.redfleet.provisioner.plan.Step;
import io.redfleet.provisioner.survey.Hosts;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.Script;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Restarts that were agreed to: in which order, what ends them, and what becomes of them wherever they are cut off. */
class RollingRunTest {
    private static final Restarts NEEDED = new Restarts.Needed("");
    private static final Restarts UP_TO_MASTER = new Restarts.Needed("", true);
    private static final String R1 = "/base/r1/orders/redis-server";
    private static final String R2 = "/base/r2/orders/redis-server";
    private static final String R3 = "/base/r3/orders/redis-server";

    private final ClusterState cluster = revision(1, "16");
    private final ClusterState more = revision(2, "32");
    private final ScriptedWork work = new ScriptedWork();

    @Test
    void withoutAWordNothingThatRunsIsRestartedAndThePlanSaysWhatItNeeds() {
        ScriptedHosts hosts = standing();
        Plan plan = provisioning(hosts).plan(more);
        assertThat(plan.refused()).hasSize(3).first().satisfies(refused -> {
            assertThat(refused.subject()).isEqualTo("r1/redis-server");
            assertThat(refused.diff()).containsExactly("- databases 16", "+ databases 32");
            assertThat(refused.reason())
                    .isEqualTo("Redis reads databases at its start only; needs --rolling (restart of r1/redis-server)");
        });
        assertThat(plan.count(Effect.RESTART, plan.steps())).isZero();
        run(hosts, more, Restarts.none());
        assertThat(hosts.begun().values()).containsOnly(1);
    }

    @Test
    void thePlanShowsAllTurnsAndOnlyTheFirstIsDue() {
        ScriptedHosts hosts = standing();
        Plan plan = provisioning(hosts).plan(revision(1, "32"), NEEDED);
        assertThat(plan.due().stream().flatMap(List::stream).map(Step::id))
                .containsExactly(
                        "r2/redis-server/linked-1",
                        "r2/redis-server/stop",
                        "r2/redis-server/configure",
                        "r2/redis-server/follow",
                        "r2/redis-server/start",
                        "r2/redis-server/level-1",
                        "r1/redis-sentinel/settled-1",
                        "r2/redis-sentinel/settled-1",
                        "r3/redis-sentinel/settled-1");
        assertThat(plan.steps()).extracting(Step::id).doesNotHaveDuplicates();
        assertThat(plan.steps().stream()
                        .filter(step ->
                                plan.effect(step) == Effect.RESTART || step.id().endsWith("/switch"))
                        .map(Step::id))
                .containsExactly(
                        "r2/redis-server/stop",
                        "r3/redis-server/stop",
                        "r1/redis-server/switch",
                        "r1/redis-server/stop");
        assertThat(plan.refused()).isEmpty();
        assertThat(PlanId.of(cluster, provisioning(hosts).plan(revision(1, "32"), NEEDED)))
                .isEqualTo(PlanId.of(cluster, plan));
        assertThat(plan.shown().toString()).contains("- databases 16, + databases 32");
    }

    @Test
    void whoSavesIsWaitedForAndThenAllIsLookedAtAnew() {
        ScriptedHosts hosts = standing();
        Plan plan = provisioning(saving(hosts, "r2"), hosts).plan(revision(1, "32"), NEEDED);
        assertThat(plan.due().stream().flatMap(List::stream).map(Step::id)).containsExactly("r2/redis-server/idle-1");
        assertThat(plan.steps())
                .extracting(Step::id)
                .contains("r2/redis-server/stop")
                .doesNotHaveDuplicates();
    }

    @Test
    void theReplicasAreRestartedThenTheMasterOnceItIsOne() {
        ScriptedHosts hosts = standing();
        hosts.oneByOne();
        Ending ending = run(hosts, more, NEEDED);
        assertThat(ending.status()).as(ending.reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(ending.reason())
                .contains("restarted, in this order: [r2/redis-server, r3/redis-server, r1/redis-server]");
        assertThat(hosts.harm()).isEmpty();
        assertThat(hosts.masters()).containsExactly(R2);
        assertThat(List.of(R1, R2, R3))
                .allSatisfy(each -> assertThat(hosts.configuration(each)).contains("databases 32\n"));
        assertThat(hosts.starts()).isEqualTo(9);
        assertThat(run(hosts, more, NEEDED).reason()).isEqualTo("nothing to change");
    }

    /** Of what differs, by the binary of all six or a setting of the data nodes: who is restarted, in order, and who is left. */
    @ParameterizedTest(name = "{0}, up to the master: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            binary  | true  | s1 s2 s3 r2 r3             | r1
            binary  | false | s1 s2 s3 r2 r3 switch r1   |
            setting | true  | r2 r3                      | r1
            setting | false | r2 r3 switch r1            |
            nothing | true  |                            |
            """)
    void theTurnsOfAPlan(String differs, boolean untilMaster, @Nullable String turns, @Nullable String left) {
        ScriptedHosts hosts = standing();
        if (differs.equals("binary")) {
            hosts.upgrade("7.2.4");
        }
        ClusterState wanted = differs.equals("setting") ? revision(1, "32") : cluster;
        Plan plan = provisioning(hosts).plan(wanted, new Restarts.Needed("", untilMaster));
        String found = plan.steps().stream()
                .filter(step -> plan.effect(step) == Effect.RESTART || step.id().endsWith("/switch"))
                .map(step -> step.id().endsWith("/switch") ? "switch" : shortly(step.id()))
                .collect(Collectors.joining(" "));
        assertThat(found).isEqualTo(Objects.requireNonNullElse(turns, ""));
        String refused =
                plan.refused().stream().map(each -> shortly(each.subject())).collect(Collectors.joining(" "));
        assertThat(refused).isEqualTo(Objects.requireNonNullElse(left, ""));
        assertThat(plan.notes())
                .filteredOn(note -> note.startsWith("stops before the master"))
                .hasSize(left == null ? 0 : 1);
    }

    /** r2 for r2/redis-server/stop, s2 for its Sentinel. */
    private static String shortly(String id) {
        return (id.contains("sentinel") ? "s" : "r") + id.charAt(1);
    }

    @Test
    void itStopsBeforeTheMasterAndTheNextOneGoesOn() {
        ScriptedHosts hosts = standing();
        hosts.oneByOne();
        Ending first = run(hosts, more, UP_TO_MASTER);
        assertThat(first.status()).as(first.reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(first.reason())
                .startsWith("up to the master as the spec wants it")
                .contains("restarted, in this order: [r2/redis-server, r3/redis-server]")
                .contains("stops before the master r1/redis-server", "a person decides, by apply --rolling");
        assertThat(hosts.masters()).containsExactly(R1);
        assertThat(hosts.begun()).containsEntry(R1, 1);
        assertThat(hosts.configuration(R1)).contains("databases 16\n");
        assertThat(hosts.configuration(R2)).contains("databases 32\n");

        assertThat(run(hosts, more, UP_TO_MASTER).reason())
                .startsWith("nothing to change")
                .contains("stops before the master r1/redis-server");
        assertThat(hosts.begun()).containsEntry(R1, 1).containsEntry(R2, 2);

        Ending rest = run(hosts, more, NEEDED);
        assertThat(rest.status()).as(rest.reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(rest.reason()).contains("restarted, in this order: [r1/redis-server]");
        assertThat(hosts.masters()).containsExactly(R2);
        assertThat(hosts.begun()).containsEntry(R1, 2).containsEntry(R2, 2).containsEntry(R3, 2);
        assertThat(hosts.harm()).isEmpty();
        assertThat(run(hosts, more, UP_TO_MASTER).reason()).isEqualTo("nothing to change");
    }

    @Test
    void noMasterIsLeftWithMoreDatabasesThanItsReplicas() {
        ScriptedHosts hosts = standing();
        ClusterState fewer = revision(2, "8");
        Plan plan = provisioning(hosts).plan(fewer, UP_TO_MASTER);
        assertThat(plan.obstacles())
                .singleElement()
                .satisfies(obstacle -> assertThat(obstacle.reason())
                        .startsWith("spec.redis.config.databases is 8, fewer than the 16 of r1/redis-server")
                        .endsWith("leave out --until-master"));
        assertThat(plan.steps()).isEmpty();
        assertThat(provisioning(hosts).plan(fewer, NEEDED).obstacles()).isEmpty();
    }

    @Test
    void anotherBinaryIsForAllOfThemTheSentinelsFirst() {
        ScriptedHosts hosts = standing();
        hosts.oneByOne();
        hosts.upgrade("7.2.4");
        assertThat(provisioning(hosts).plan(cluster).refused())
                .hasSize(6)
                .first()
                .satisfies(refused ->
                        assertThat(refused.diff()).containsExactly("- runs Redis 7.0.15", "+ runs Redis 7.2.4"));
        assertThat(provisioning(hosts).plan(cluster, NEEDED).steps())
                .extracting(Step::id)
                .as("the old master loads no snapshot of its successor, and is not waited for until it is restarted")
                .anyMatch(id -> id.startsWith("r1/redis-server/replica-"))
                .noneMatch(id -> id.startsWith("r1/redis-server/idle-"))
                .anyMatch(id -> id.startsWith("r2/redis-server/linked-"));
        Ending ending = run(hosts, cluster, NEEDED);
        assertThat(ending.status()).as(ending.reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(ending.reason())
                .contains("[r1/redis-sentinel, r2/redis-sentinel, r3/redis-sentinel, r2/redis-server, r3/redis-server,"
                        + " r1/redis-server]");
        assertThat(hosts.versions().values()).containsOnly("7.2.4");
        assertThat(hosts.harm()).isEmpty();
    }

    /** What each says to be compatible with is the same Redis, before and after. */
    @Test
    void aLaterValkeyIsForAllOfThemTooThoughTheyNameOneRedis() {
        ScriptedHosts hosts = new ScriptedHosts();
        hosts.haveValkey();
        hosts.upgrade("8.1.1");
        ClusterState valkey = state(1, Map.of("engine", "valkey"));
        Ending made = run(hosts, valkey, Restarts.none());
        assertThat(made.status()).as(made.reason()).isEqualTo(Status.SUCCEEDED);
        hosts.oneByOne();
        hosts.upgrade("9.0.0");
        Ending ending = run(hosts, valkey, NEEDED);
        assertThat(ending.status()).as(ending.reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(hosts.versions().values()).hasSize(6).containsOnly("9.0.0");
        assertThat(hosts.begun().values()).containsOnly(2);
        assertThat(hosts.harm()).isEmpty();
    }

    @Test
    void anOlderBinaryIsStartedNowhere() {
        ScriptedHosts hosts = standing();
        hosts.upgrade("7.0.4");
        Ending ending = run(hosts, cluster, NEEDED);
        assertThat(ending.status()).isEqualTo(Status.FAILED);
        assertThat(ending.reason())
                .contains("would be started as Redis 7.0.4", "runs 7.0.15", "an older Redis cannot read");
        assertThat(hosts.begun().values()).containsOnly(1);
    }

    @ParameterizedTest
    @EnumSource(ScriptedHosts.Cut.class)
    void whereItIsCutTheNextRunGoesOnAndTwoAreNeverDown(ScriptedHosts.Cut how) {
        assertThat(Cuts.some(call -> goesOn(how, call))).isGreaterThan(60);
    }

    @Tag("long")
    @ParameterizedTest
    @EnumSource(ScriptedHosts.Cut.class)
    void whereverItIsCutTheNextRunGoesOnAndTwoAreNeverDown(ScriptedHosts.Cut how) {
        assertThat(Cuts.all(call -> goesOn(how, call))).isGreaterThan(60);
    }

    private Optional<List<String>> goesOn(ScriptedHosts.Cut how, int call) {
        ScriptedHosts hosts = standing();
        hosts.oneByOne();
        hosts.upgrade("7.2.4");
        hosts.cutAt(call, how);
        Ending first = run(hosts, more, NEEDED);
        if (!hosts.wasCut()) {
            assertThat(first.status()).as(first.reason()).isEqualTo(Status.SUCCEEDED);
            return Optional.of(hosts.heard());
        }
        assertThat(first.status()).as("cut %s call %d", how, call).isEqualTo(Status.FAILED);
        hosts.mend();
        Ending second = run(hosts, more, NEEDED);
        assertThat(second.status())
                .as("cut %s call %d: %s", how, call, second.reason())
                .isEqualTo(Status.SUCCEEDED);
        assertThat(hosts.harm()).as("cut %s call %d", how, call).isEmpty();
        assertThat(hosts.masters()).as("cut %s call %d", how, call).hasSize(1);
        assertThat(hosts.versions().values()).hasSize(6).containsOnly("7.2.4");
        assertThat(run(hosts, more, NEEDED).reason()).isEqualTo("nothing to change");
        // One that was stopped and not configured is started as it was, and restarted once more.
        assertThat(hosts.begun().values()).as("cut %s call %d", how, call).allMatch(times -> times <= 3);
        return Optional.empty();
    }

    @ParameterizedTest
    @EnumSource(ScriptedHosts.Cut.class)
    void aRollThatIsCutRestartsNobodyTwice(ScriptedHosts.Cut how) {
        assertThat(Cuts.some(call -> rollsOn(how, call))).isGreaterThan(60);
    }

    @Tag("long")
    @ParameterizedTest
    @EnumSource(ScriptedHosts.Cut.class)
    void aRollThatIsCutAnywhereRestartsNobodyTwice(ScriptedHosts.Cut how) {
        assertThat(Cuts.all(call -> rollsOn(how, call))).isGreaterThan(60);
    }

    private Optional<List<String>> rollsOn(ScriptedHosts.Cut how, int call) {
        ScriptedHosts hosts = standing();
        hosts.later(Duration.ofSeconds(100));
        hosts.oneByOne();
        hosts.cutAt(call, how);
        Ending first = roll(hosts);
        if (!hosts.wasCut()) {
            assertThat(first.status()).as(first.reason()).isEqualTo(Status.SUCCEEDED);
            return Optional.of(hosts.heard());
        }
        hosts.mend();
        Ending second = roll(hosts);
        assertThat(second.status())
                .as("cut %s call %d: %s", how, call, second.reason())
                .isEqualTo(Status.SUCCEEDED);
        assertThat(hosts.begun().values())
                .as("cut %s call %d", how, call)
                .hasSize(6)
                .containsOnly(2);
        assertThat(hosts.harm()).as("cut %s call %d", how, call).isEmpty();
        assertThat(hosts.masters()).as("cut %s call %d", how, call).hasSize(1);
        return Optional.empty();
    }

    @Test
    void aRollChangesNothingElse() {
        ScriptedHosts hosts = standing();
        hosts.later(Duration.ofSeconds(100));
        int before = hosts.changes().size();
        ClusterState other = revision(1, "32");
        Ending ending = provisioning(hosts).roll(other, "", journal(other, new RecordingLedger()), () -> false);
        assertThat(ending.reason()).contains("every instance was started since this was asked for");
        assertThat(hosts.begun().values()).hasSize(6).containsOnly(2);
        assertThat(hosts.configuration(R1)).contains("databases 16\n").doesNotContain("databases 32");
        assertThat(hosts.changes().stream()
                        .skip(before)
                        .map(change -> change.substring(0, change.indexOf(' ')))
                        .distinct())
                .containsExactlyInAnyOrder("await", "stop", "start", "follow", "switch");
    }

    @Test
    void aTurnThatFailsEndsItAndTheNextRunGoesOnThere() {
        ScriptedHosts hosts = standing();
        hosts.oneByOne();
        RecordingLedger ledger = new RecordingLedger();
        Hosts full = answering(
                hosts, "r3", script -> script.name().equals("start"), new Reply.Done(1, "", "there is no room"));
        Ending ending = run(full, hosts, more, NEEDED, ledger, () -> false);
        assertThat(ending.status()).isEqualTo(Status.FAILED);
        assertThat(ending.reason())
                .startsWith("step r3/redis-server/start: ")
                .endsWith("there is no room; restarted before that: [r2/redis-server]; still to be restarted:"
                        + " r1/redis-server [- databases 16, + databases 32]");
        assertThat(ledger.last(OperationState.class).steps())
                .as("what is left is in the journal")
                .anySatisfy(step -> assertThat(step.id()).startsWith("r1/redis-server/switch"));
        assertThat(hosts.masters()).containsExactly(R1);

        Ending second = run(hosts, more, NEEDED);
        assertThat(second.status()).as(second.reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(hosts.begun()).containsEntry(R1, 2).containsEntry(R2, 2).containsEntry(R3, 2);
        assertThat(hosts.harm()).isEmpty();
    }

    @Test
    void aRestartThatBroughtNothingAboutIsNotRepeated() {
        ScriptedHosts hosts = standing();
        Hosts stubborn = answering(
                hosts, "r2", script -> script.name().equals("configure"), new Reply.Done(0, "unchanged\n", ""));
        Ending ending = run(stubborn, hosts, more, NEEDED, new RecordingLedger(), () -> false);
        assertThat(ending.status()).isEqualTo(Status.FAILED);
        assertThat(ending.reason())
                .contains("r2/redis-server was restarted, and differs still: [- databases 16, + databases 32]");
        assertThat(hosts.begun()).containsEntry(R2, 2).containsEntry(R3, 1).containsEntry(R1, 1);
    }

    @Test
    void whatIsDownIsStartedFirstByAnApplyAndInTheWayOfARoll() {
        ScriptedHosts hosts = standing();
        hosts.kill(R3);
        Ending ending = run(hosts, more, NEEDED);
        assertThat(ending.status()).as(ending.reason()).isEqualTo(Status.SUCCEEDED);
        hosts.kill("/base/r3/orders/redis-sentinel");
        hosts.later(Duration.ofSeconds(100));
        assertThat(provisioning(hosts).whyNoRoll(more, ""))
                .hasValueSatisfying(reason -> assertThat(reason).startsWith("r3/redis-sentinel is not ready"));
    }

    @Test
    void aCancelWaitsForTheEndOfTheTurn() {
        ScriptedHosts hosts = standing();
        BooleanSupplier cancelled = () -> hosts.begun().getOrDefault(R2, 0) == 2;
        Ending ending = run(hosts, hosts, more, NEEDED, new RecordingLedger(), cancelled);
        assertThat(ending.status()).isEqualTo(Status.CANCELLED);
        assertThat(hosts.running()).hasSize(6);
        assertThat(hosts.begun()).containsEntry(R2, 2).containsEntry(R3, 1).containsEntry(R1, 1);
    }

    @Test
    void whoIsBackIsExpectedDownNoMore() {
        ScriptedHosts hosts = standing();
        RecordingLedger ledger = new RecordingLedger();
        run(hosts, hosts, more, NEEDED, ledger, () -> false);
        List<OperationState> records = ledger.all(OperationState.class);
        assertThat(records)
                .anySatisfy(record -> assertThat(record.expectsDown()).hasSize(1));
        assertThat(records)
                .allSatisfy(record -> assertThat(record.expectsDown()).hasSizeLessThan(2));
    }

    /** Six instances that run. */
    private ScriptedHosts standing() {
        ScriptedHosts hosts = new ScriptedHosts();
        Ending made = run(hosts, cluster, Restarts.none());
        assertThat(made.status()).as(made.reason()).isEqualTo(Status.SUCCEEDED);
        return hosts;
    }

    private Ending run(ScriptedHosts hosts, ClusterState to, Restarts restarts) {
        return run(hosts, hosts, to, restarts, new RecordingLedger(), () -> false);
    }

    private Ending run(
            Hosts reached,
            ScriptedHosts hosts,
            ClusterState to,
            Restarts restarts,
            RecordingLedger ledger,
            BooleanSupplier cancelled) {
        Journal journal = journal(to, ledger);
        Ending ending = provisioning(reached, hosts).carryOut(to, "", restarts, journal, cancelled);
        journal.finish(ending.status(), ending.reason());
        return ending;
    }

    private Ending roll(ScriptedHosts hosts) {
        return provisioning(hosts).roll(cluster, "", journal(cluster, new RecordingLedger()), () -> false);
    }

    private static Journal journal(ClusterState to, RecordingLedger ledger) {
        return ScriptedWork.journal(to, ledger);
    }

    private Provisioning provisioning(ScriptedHosts hosts) {
        return provisioning(hosts, hosts);
    }

    private Provisioning provisioning(Hosts reached, ScriptedHosts hosts) {
        return work.provisioning(reached, hosts);
    }

    private static ClusterState revision(long revision, String databases) {
        return state(revision, Map.of("config", Map.of("databases", databases)));
    }

    private static ClusterState state(long revision, Map<String, Object> redis) {
        return Scripted.cluster(revision, Map.of("redis", redis));
    }

    /** Hosts of which one answers some scripts by itself, without doing anything. */
    private static Hosts answering(ScriptedHosts hosts, String host, Predicate<Script> scripts, Reply reply) {
        return new HostsSaying(
                hosts,
                (access, script) ->
                        access.host().equals(host) && scripts.test(script) ? reply : hosts.run(access, script));
    }

    /** Hosts on one of which the data node saves. */
    private static Hosts saving(ScriptedHosts hosts, String host) {
        return new HostsSaying(hosts, (access, script) -> {
            Reply reply = hosts.run(access, script);
            return access.host().equals(host) && script.name().equals("survey") && reply instanceof Reply.Done done
                    ? new Reply.Done(0, "i.redis-server.saving=yes\n" + done.out(), "")
                    : reply;
        });
    }
}
