package io.redfleet.provisioner.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.access.SealedSecret;
import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.event.Event;
import io.redfleet.contracts.event.ExecEvent;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.OperationEvent;
import io.redfleet.contracts.event.RestartEvent;
import io.redfleet.contracts.event.StopEvent;
import io.redfleet.contracts.health.Remediation;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Request;
import io.redfleet.provisioner.apply.Ledger;
import io.redfleet.provisioner.apply.RecordingLedger;
import io.redfleet.provisioner.apply.RecordingLedger.Death;
import io.redfleet.provisioner.apply.ScriptedHosts;
import io.redfleet.provisioner.gate.Brakes;
import io.redfleet.provisioner.secret.Accounts;
import io.redfleet.provisioner.secret.PlainLocksmith;
import io.redfleet.provisioner.secret.Vault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An owner that is killed at every write to the ledger, right before it or right after it is durable. The next one replays
 * what was written and is given again what had not been dealt with.
 */
class KilledOwnerTest extends DeskGround {
    /** Two clusters' worth of writes; whoever writes more does not end. */
    private static final int MOST_WRITES = 400;

    private static final String REPLICA_DIRECTORY = "/base/r3/orders/redis-server";

    enum Work {
        PROVISION,
        SECOND_REVISION,
        RESTART,
        START,
        STOP,
        REMEDY,
        REMEDY_TOO_LATE,
        REMEDY_STOP,
        REMEDY_EXEC,
        DELETE,
        CANCEL_OF_WHAT_WAITS,
        ROTATE,
        ROTATE_FINISH
    }

    private final List<RecordingLedger> owners = new ArrayList<>(List.of(ledger));
    private final List<Delivery> deliveries = new ArrayList<>();
    private final Told told = new Told();
    private Remedies remedies = new Remedies(desk);
    private int startsBefore;

    /** An order or a remediation on the bus, read again by the next owner as long as it is not done. */
    private static final class Delivery {
        private final Object sent;
        private boolean done;

        Delivery(Object sent) {
            this.sent = sent;
        }
    }

    /** What was counted over all deaths of one kind of work. */
    private static final class Told {
        int deaths;
        int operations;
        int accepted;
        int started;
        int succeeded;
        int failed;
        int cancelled;
        int starts;
        int performed;
        int restartFailed;
        int withheld;
        int repeats;

        void add(Told other) {
            deaths++;
            operations += other.operations;
            accepted += other.accepted;
            started += other.started;
            succeeded += other.succeeded;
            failed += other.failed;
            cancelled += other.cancelled;
            starts += other.starts;
            performed += other.performed;
            restartFailed += other.restartFailed;
            withheld += other.withheld;
            repeats += other.repeats;
        }

        void print(String what) {
            System.out.printf(
                    "%s: %d deaths; operations %d, started %d, ended %d (succeeded %d, failed %d, cancelled %d); revisions"
                            + " accepted %d; starts on hosts %d; restarts performed %d, failed %d, withheld %d; repeats"
                            + " of the same fact %d; lost 0, contradicted 0%n",
                    what,
                    deaths,
                    operations,
                    started,
                    succeeded + failed + cancelled,
                    succeeded,
                    failed,
                    cancelled,
                    accepted,
                    starts,
                    performed,
                    restartFailed,
                    withheld,
                    repeats);
        }
    }

    @ParameterizedTest
    @EnumSource(Work.class)
    void atWhicheverWriteItDiesEveryFactIsToldAndNoneIsContradicted(Work work) {
        Told all = new Told();
        for (Death how : Death.values()) {
            for (int write = 0; write < MOST_WRITES; write++) {
                KilledOwnerTest fresh = new KilledOwnerTest();
                if (!fresh.dies(work, write, how)) {
                    break;
                }
                fresh.nextOwner(-1, how);
                fresh.check(work, work + ", killed " + how + " write " + write);
                all.add(fresh.told);
            }
        }
        all.print(work + " killed at every write");
        assertThat(all.deaths).isBetween(4, MOST_WRITES);
    }

    @ParameterizedTest
    @EnumSource(
            value = Work.class,
            names = {"RESTART", "START", "REMEDY", "REMEDY_TOO_LATE", "REMEDY_STOP", "REMEDY_EXEC"})
    void theNextOwnerMayDieAsWell(Work work) {
        assertThat(twoDeaths(work, 3)).isGreaterThan(2);
    }

    @Tag("long")
    @ParameterizedTest
    @EnumSource(
            value = Work.class,
            names = {"RESTART", "START", "REMEDY", "REMEDY_TOO_LATE", "REMEDY_STOP", "REMEDY_EXEC"})
    void theNextOwnerMayDieAsWellAtWhicheverWrite(Work work) {
        assertThat(twoDeaths(work, 1)).isGreaterThan(20);
    }

    /**
     * @param step from one write at which an owner dies to the next; 1 is all of them
     * @return how often two owners died
     */
    private static int twoDeaths(Work work, int step) {
        Told all = new Told();
        for (Death how : Death.values()) {
            for (int write = 0; write < MOST_WRITES; write += step) {
                int second = 0;
                while (true) {
                    KilledOwnerTest fresh = new KilledOwnerTest();
                    if (!fresh.dies(work, write, how) || !fresh.nextOwner(second, how)) {
                        break;
                    }
                    fresh.nextOwner(-1, how);
                    fresh.check(work, work + ", killed " + how + " write " + write + ", then " + second);
                    all.add(fresh.told);
                    second += step;
                }
                if (second == 0) {
                    break;
                }
            }
        }
        all.print(work + " killed at writes, and the next owner at writes of its own, each " + step + " apart");
        return all.deaths;
    }

    @Test
    void aRevisionWhoseOrderIsTooOldByThenWasAcceptedAllTheSame() {
        int stood = 0;
        for (int write = 0; write < 30; write++) {
            KilledOwnerTest fresh = new KilledOwnerTest();
            assertThat(fresh.dies(Work.PROVISION, write, Death.AFTER)).isTrue();
            fresh.now = fresh.now.plus(Duration.ofSeconds(61));
            fresh.nextOwner(-1, Death.AFTER);
            fresh.everyRevisionWasAccepted("killed after write " + write);
            stood += fresh.told.accepted;
        }
        System.out.printf(
                "an order too old for the next owner: 30 deaths; revisions that stand and are told %d%n", stood);
        assertThat(stood).isGreaterThan(15);
    }

    @Test
    void whereTheHostGivesNoAnswerNobodyClaimsToKnow() {
        int unknown = 0;
        for (int write = 0; write < MOST_WRITES; write++) {
            KilledOwnerTest fresh = new KilledOwnerTest();
            if (!fresh.dies(Work.RESTART, write, Death.AFTER)) {
                break;
            }
            fresh.hosts.cutAt(0, ScriptedHosts.Cut.BEFORE);
            fresh.nextOwner(-1, Death.AFTER);
            OperationState last = fresh.all(OperationState.class).getLast();
            for (Fact fact : fresh.of(last, RestartEvent.Failed.class)) {
                if (fact.about().reason().contains("is not known")) {
                    assertThat(last.status()).isEqualTo(Status.FAILED);
                    assertThat(last.reason()).contains("interrupted", "whether it was carried out is not known");
                    unknown++;
                }
            }
        }
        System.out.printf("a host that is away when the next owner looks: %d restarts told as not known%n", unknown);
        assertThat(unknown).isGreaterThan(3);
    }

    /** Whether the first owner came to that write of the work. */
    private boolean dies(Work work, int write, Death how) {
        if (work != Work.PROVISION) {
            deliver(order(apply("a")));
            runAll();
        }
        switch (work) {
            case START, REMEDY, REMEDY_TOO_LATE -> hosts.kill(REPLICA_DIRECTORY);
            case CANCEL_OF_WHAT_WAITS -> {
                deliver(order(apply("b")));
                deliver(order(apply("c")));
            }
            case ROTATE_FINISH -> {
                deliver(order(new Request.RotateSecret("application", false)));
                runAll();
            }
            case PROVISION, SECOND_REVISION, RESTART, STOP, REMEDY_STOP, REMEDY_EXEC, DELETE, ROTATE -> {}
        }
        startsBefore = hosts.starts();
        ledger.dieAt(write, how);
        alive(() -> {
            deliver(what(work));
            if (work == Work.REMEDY_TOO_LATE) {
                operations.removeFirst().run();
                now = now.plus(Duration.ofSeconds(61));
            }
            runAll();
        });
        return ledger.lost();
    }

    private Object what(Work work) {
        return switch (work) {
            case PROVISION -> order(apply("a"));
            case SECOND_REVISION -> order(apply("b"));
            case RESTART -> order(new Request.Run(REPLICA, Request.Verb.RESTART, ""));
            case START -> order(new Request.Run(REPLICA, Request.Verb.START, ""));
            case STOP -> order(new Request.Run(REPLICA, Request.Verb.STOP, ""));
            case REMEDY, REMEDY_TOO_LATE -> remediation("down-1");
            case REMEDY_STOP -> stop("stop-1", REPLICA);
            case REMEDY_EXEC -> exec("exec-1", REPLICA, "/etc/redfleet/exec.d/page");
            case DELETE -> order(new Request.Delete("orders", false));
            case ROTATE -> order(new Request.RotateSecret("application", false));
            case ROTATE_FINISH -> order(new Request.RotateSecret("application", true));
            case CANCEL_OF_WHAT_WAITS ->
                order(new Request.CancelOperation(
                        ((Outcome.Accepted) ledger.last(Outcome.class).result()).operation()));
        };
    }

    /** Answers whether it died in its turn; a negative write never comes. */
    private boolean nextOwner(int write, Death how) {
        operations.clear();
        RecordingLedger next = new RecordingLedger();
        vault = new Vault(new PlainLocksmith(1_000 * owners.size()));
        brakes = new Brakes(() -> held, 10);
        desk = desk(next);
        orders = new Orders(desk);
        remedies = new Remedies(desk);
        records().forEach(this::replay);
        owners.add(next);
        next.dieAt(write, how);
        alive(() -> {
            desk.open();
            runAll();
            for (Delivery delivery : List.copyOf(deliveries)) {
                if (!delivery.done) {
                    take(delivery);
                }
            }
            runAll();
        });
        return next.lost();
    }

    private void replay(Object record) {
        switch (record) {
            case ClusterState state -> desk.replayed(state);
            case ClusterName gone -> desk.replayedEnd(gone);
            case OperationState state -> desk.replayed(state);
            case RecordingLedger.Forgotten gone -> desk.replayedEnd(gone.cluster(), gone.operation());
            case SealedSecret secret -> vault.stands(secret);
            default -> {}
        }
    }

    private void deliver(Object sent) {
        Delivery delivery = new Delivery(sent);
        deliveries.add(delivery);
        take(delivery);
    }

    private void take(Delivery delivery) {
        if (delivery.sent instanceof Order order) {
            orders.take(order, () -> delivery.done = true);
        } else if (delivery.sent instanceof Remediation asked) {
            remedies.take(asked, () -> delivery.done = true);
        }
    }

    private static void alive(Runnable work) {
        try {
            work.run();
        } catch (Ledger.Lost killed) {
            // Whoever drives the desk goes down with it.
            return;
        }
    }

    private List<Object> records() {
        return owners.stream()
                .flatMap(owner -> owner.all(Object.class).stream())
                .toList();
    }

    private <T> List<T> all(Class<T> type) {
        return records().stream().filter(type::isInstance).map(type::cast).toList();
    }

    private void check(Work work, String which) {
        assertThat(faults).as(which).isEmpty();
        assertThat(deliveries).as(which).allMatch(delivery -> delivery.done);
        assertThat(hosts.harm()).as(which).isEmpty();
        noFactIsContradicted(which);
        everyRevisionWasAccepted(which);
        Map<OperationId, List<OperationState>> journals = new HashMap<>();
        all(OperationState.class)
                .forEach(state -> journals.computeIfAbsent(state.id(), id -> new ArrayList<>())
                        .add(state));
        journals.values().forEach(journal -> everyOperationHasAStartAndAnEnd(journal, which));
        journals.values().forEach(journal -> everyRestartHasAnEnd(journal, which));
        told.operations = journals.size();
        told.starts = hosts.starts();
        OperationState last = all(OperationState.class).getLast();
        switch (work) {
            case PROVISION, SECOND_REVISION -> {
                assertThat(last.status()).as(which).isEqualTo(Status.SUCCEEDED);
                assertThat(all(ClusterState.class).getLast().phase()).as(which).isEqualTo(Phase.READY);
                assertThat(hosts.starts()).as(which).isEqualTo(6);
            }
            case DELETE -> {
                assertThat(last.status()).as("%s: %s", which, last.reason()).isEqualTo(Status.SUCCEEDED);
                assertThat(ids(OperationEvent.Removed.class)).as(which).hasSize(1);
                assertThat(desk.cluster(ORDERS)).as(which).isEmpty();
            }
            case CANCEL_OF_WHAT_WAITS ->
                // Where the cancel came too late, for the next owner was done before it read it, it was carried out.
                assertThat(ids(OperationEvent.Cancelled.class)).as(which).hasSizeLessThanOrEqualTo(1);
            case RESTART, START, REMEDY -> {
                // Of the process that was started once: by its own owner, or by the next one anew.
                assertThat(hosts.starts() - startsBefore).as(which).isLessThanOrEqualTo(1);
                if (hosts.starts() > startsBefore) {
                    assertThat(ids(RestartEvent.Performed.class).size()
                                    + ids(RestartEvent.Failed.class).size())
                            .as(which)
                            .isEqualTo(1);
                }
            }
            case REMEDY_TOO_LATE -> {
                assertThat(hosts.starts()).as(which).isEqualTo(startsBefore);
                assertThat(ids(RestartEvent.Withheld.class)).as(which).hasSize(1);
            }
            case STOP -> {
                assertThat(ids(RestartEvent.class)).as(which).isEmpty();
                assertThat(ids(StopEvent.class)).as(which).isEmpty();
            }
            case ROTATE, ROTATE_FINISH -> {
                assertThat(last.status()).as("%s: %s", which, last.reason()).isEqualTo(Status.SUCCEEDED);
                assertThat(ids(OperationEvent.RotationStarted.class)).as(which).hasSize(1);
                assertThat(ids(OperationEvent.RotationFinished.class)).as(which).hasSize(work == Work.ROTATE ? 0 : 1);
                Accounts accounts = vault.accounts(all(ClusterState.class).getLast());
                assertThat(accounts.seconds()).as(which).hasSize(work == Work.ROTATE ? 1 : 0);
                Set<String> wanted = accounts.all(Purpose.APPLICATION).stream()
                        .map(Secret::hash)
                        .collect(Collectors.toSet());
                assertThat(wanted).as(which).hasSize(work == Work.ROTATE ? 2 : 1);
                assertThat(hosts.passwords("application")).as(which).hasSize(6);
                assertThat(hosts.passwords("application").values()).as(which).containsOnly(wanted);
                assertThat(hosts.starts()).as(which).isEqualTo(startsBefore);
            }
            case REMEDY_STOP -> {
                assertThat(ids(RestartEvent.class)).as(which).isEmpty();
                assertThat(ids(StopEvent.class)).as(which).hasSize(1);
                assertThat(ids(StopEvent.Performed.class).isEmpty())
                        .as("%s: %s", which, last)
                        .isEqualTo(last.status() != Status.SUCCEEDED);
            }
            case REMEDY_EXEC -> {
                assertThat(ids(RestartEvent.class)).as(which).isEmpty();
                assertThat(hosts.programs()).as(which).hasSizeLessThanOrEqualTo(1);
                assertThat(ids(ExecEvent.class)).as(which).hasSize(1);
                assertThat(ids(ExecEvent.Performed.class).isEmpty())
                        .as("%s: %s", which, last)
                        .isEqualTo(last.status() != Status.SUCCEEDED);
                if (hosts.programs().isEmpty()) {
                    assertThat(ids(ExecEvent.Performed.class)).as(which).isEmpty();
                }
            }
        }
    }

    private void noFactIsContradicted(String which) {
        Map<String, Class<? extends Event>> kinds = new HashMap<>();
        for (Fact fact : all(Fact.class)) {
            Class<? extends Event> kind = fact.event().getClass();
            Class<? extends Event> before = kinds.putIfAbsent(fact.id(), kind);
            assertThat(kind).as("%s: %s", which, fact).isEqualTo(before == null ? kind : before);
            told.repeats += before == null ? 0 : 1;
        }
    }

    private void everyRevisionWasAccepted(String which) {
        Set<String> stood = new HashSet<>();
        all(ClusterState.class).forEach(state -> stood.add(state.uid() + ":accepted:" + state.revision()));
        assertThat(ids(OperationEvent.Accepted.class)).as(which).isEqualTo(stood);
        told.accepted = stood.size();
    }

    private void everyOperationHasAStartAndAnEnd(List<OperationState> journal, String which) {
        OperationState last = journal.getLast();
        assertThat(last.status().done()).as("%s: %s", which, last).isTrue();
        assertThat(last.finishedAt()).as("%s: %s", which, last).isNotNull();
        assertThat(journal.stream().map(OperationState::status).filter(Status::done))
                .as("%s: what was decided of %s", which, last)
                .containsOnly(last.status());
        Class<? extends Event> wanted = switch (last.status()) {
            case SUCCEEDED -> OperationEvent.Succeeded.class;
            case CANCELLED -> OperationEvent.Cancelled.class;
            case WAITING, RUNNING, FAILED -> OperationEvent.Failed.class;
        };
        List<Fact> ends = of(last, OperationEvent.class).stream()
                .filter(fact -> fact.event() instanceof OperationEvent.Succeeded
                        || fact.event() instanceof OperationEvent.Failed
                        || fact.event() instanceof OperationEvent.Cancelled)
                .toList();
        assertThat(ends)
                .as("%s: ends of %s", which, last)
                .isNotEmpty()
                .allMatch(fact -> wanted.isInstance(fact.event()));
        assertThat(ends.stream().map(fact -> fact.id()).distinct()).as(which).hasSize(1);
        int starts = (int) of(last, OperationEvent.Started.class).stream()
                .map(fact -> fact.id())
                .distinct()
                .count();
        boolean ran = journal.stream().anyMatch(state -> state.status() == Status.RUNNING);
        // Only what was cancelled while it waited has never begun.
        assertThat(starts)
                .as("%s: beginnings of %s", which, last)
                .isEqualTo(last.status() == Status.CANCELLED && !ran ? 0 : 1);
        told.started += starts;
        told.succeeded += last.status() == Status.SUCCEEDED ? 1 : 0;
        told.failed += last.status() == Status.FAILED ? 1 : 0;
        told.cancelled += last.status() == Status.CANCELLED ? 1 : 0;
    }

    private void everyRestartHasAnEnd(List<OperationState> journal, String which) {
        OperationState last = journal.getLast();
        List<Fact> ends = of(last, RestartEvent.class);
        boolean starts = Set.of("start", "restart", "remedy").contains(last.kind());
        boolean touched = journal.stream().anyMatch(RestartEnd::begun);
        boolean owes = starts && (touched || last.kind().equals("remedy"));
        assertThat(ends.stream().map(fact -> fact.id()).distinct())
                .as("%s: ends of the restart of %s", which, last)
                .hasSize(owes ? 1 : 0);
        for (Fact end : ends) {
            if (end.event() instanceof RestartEvent.Performed performed) {
                assertThat(last.status()).as(which).isEqualTo(Status.SUCCEEDED);
                assertThat(performed.pidAfter()).as("%s: %s", which, end).isNotZero();
                assertThat(performed.pidBefore() == 0)
                        .as("%s: %s", which, end)
                        .isEqualTo(!last.kind().equals("restart"));
            } else {
                assertThat(last.status()).as(which).isEqualTo(Status.FAILED);
            }
        }
        if (owes) {
            told.performed += ends.getFirst().event() instanceof RestartEvent.Performed ? 1 : 0;
            told.restartFailed += ends.getFirst().event() instanceof RestartEvent.Failed ? 1 : 0;
            told.withheld += ends.getFirst().event() instanceof RestartEvent.Withheld ? 1 : 0;
        }
    }

    private List<Fact> of(OperationState operation, Class<? extends Event> type) {
        return facts(type)
                .filter(fact -> fact.about().correlation().equals(operation.id().value()))
                .toList();
    }

    private Set<String> ids(Class<? extends Event> type) {
        Set<String> ids = new HashSet<>();
        facts(type).forEach(fact -> ids.add(fact.id()));
        return ids;
    }

    private Stream<Fact> facts(Class<? extends Event> type) {
        return all(Fact.class).stream().filter(fact -> type.isInstance(fact.event()));
    }
}
