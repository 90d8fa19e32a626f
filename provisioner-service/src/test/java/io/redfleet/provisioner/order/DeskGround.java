package io.redfleet.provisioner.order;

import io.redfleet.bus.codec.Codec;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.health.Liveness;
import io.redfleet.contracts.health.LocalBrakes;
import io.redfleet.contracts.health.Remediation;
import io.redfleet.contracts.health.ReplicationRole;
import io.redfleet.contracts.operation.HostFacts;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.contracts.wire.CommandId;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Request;
import io.redfleet.provisioner.apply.Hands;
import io.redfleet.provisioner.apply.Leases;
import io.redfleet.provisioner.apply.Ledger;
import io.redfleet.provisioner.apply.PlanRun;
import io.redfleet.provisioner.apply.RecordingLedger;
import io.redfleet.provisioner.apply.ScriptedHosts;
import io.redfleet.provisioner.drift.Rhythm;
import io.redfleet.provisioner.edge.kafka.JacksonDocuments;
import io.redfleet.provisioner.gate.Brakes;
import io.redfleet.provisioner.gate.Verdict;
import io.redfleet.provisioner.lease.Holder;
import io.redfleet.provisioner.lease.HostLease;
import io.redfleet.provisioner.lease.HostLeases;
import io.redfleet.provisioner.reach.KeyLimits;
import io.redfleet.provisioner.secret.PlainLocksmith;
import io.redfleet.provisioner.secret.Vault;
import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.provisioner.survey.Hosts;
import io.redfleet.provisioner.survey.RemoteFile;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Surveyor;
import io.redfleet.provisioner.survey.Trouble;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * A desk whose operations run when the test lets them, on the test's own thread, so that whatever may happen between two
 * of them can be made to happen.
 */
abstract class DeskGround {
    static final ClusterName ORDERS = new ClusterName("orders");
    static final InstanceId REPLICA = new InstanceId("r3/redis-server");

    final RecordingLedger ledger = new RecordingLedger();
    final ScriptedHosts hosts = new ScriptedHosts();
    /** What this machine does not allow. */
    LocalBrakes held = LocalBrakes.NONE;

    Brakes brakes = new Brakes(() -> held, 10);
    final List<Throwable> faults = new ArrayList<>();
    final Deque<Runnable> operations = new ArrayDeque<>();
    Instant now = Instant.EPOCH;
    /** Calls to a host that match end in an exception that nobody planned for. */
    Predicate<Script> broken = script -> false;
    /** Machines that give no answer. */
    final Set<String> dead = new HashSet<>();
    /** What an admin has said of every key. */
    KeyLimits keyLimits = new KeyLimits.None();
    /** Looked at before each call to a host. */
    Runnable onCall = () -> {};

    /** Where leases come from, now. */
    HostLeases leased = hosts;

    Vault vault = new Vault(new PlainLocksmith());
    /** What a running cluster says of itself. */
    Surveys surveys = Surveys.NONE;

    /** Of whatever desk has begun them last. */
    final SteppedRounds rounds = new SteppedRounds();

    int done;
    private int ids;
    private int desks;
    Desk desk = desk(ledger);
    Orders orders = new Orders(desk);

    private int places;
    private int commands;
    private int uids;

    Desk desk(Ledger on) {
        InstantSource clock = () -> now;
        Hosts reached = new Breakable();
        Surveyor surveyor = new Surveyor(reached, Runnable::run, clock, vault::accounts);
        HostLeases asked = (access, request) -> leased.ask(access, request);
        Leases leases =
                new Leases(asked, "provisioner-" + ++desks, () -> "lease-" + ++ids, clock, Duration.ofSeconds(10));
        Crew crew = new Crew(surveyor, new PlanRun(new Hands(reached), Runnable::run, clock), leases, clock);
        return new Desk(new DeskParts(
                on,
                crew,
                brakes,
                new Nobody(),
                vault,
                (during, fault) -> faults.add(fault),
                new JacksonDocuments(),
                key -> keyLimits,
                operations::add,
                clock,
                () -> new ClusterUid("uid-" + ++uids),
                rounds,
                wish -> surveys.look(wish)));
    }

    /** Takes a place at the brakes, for nothing in particular. */
    Optional<Verdict.Withheld> begun() {
        return brakes.begin(new OperationId("op-" + ++places), Map.of(), now);
    }

    /** Everything that has been begun, and what that begins, to its end. */
    void runAll() {
        while (!operations.isEmpty()) {
            operations.removeFirst().run();
        }
    }

    Order order(Request request) {
        return order("c" + ++commands, request);
    }

    /** One that waits for its turn. */
    Order order(String command, Request request) {
        Order unwaiting = impatient(command, request);
        return new Order(
                unwaiting.id(),
                unwaiting.cluster(),
                unwaiting.actor(),
                unwaiting.sentAt(),
                unwaiting.notAfter(),
                request,
                true);
    }

    /** One that is refused where another operation is in the way. */
    Order impatient(String command, Request request) {
        return new Order(new CommandId(command), ORDERS, new Actor("alice", "t1"), now, now.plusSeconds(60), request);
    }

    Outcome.Result take(Request request) {
        return take(order(request));
    }

    /** What is answered before any operation has run on. */
    Outcome.Result take(Order order) {
        orders.take(order, () -> done++);
        return ledger.last(Outcome.class).result();
    }

    OperationId accepted(Request request) {
        return ((Outcome.Accepted) take(request)).operation();
    }

    /** Accepts what hosts have to be asked for first; nothing else runs meanwhile. */
    OperationId asked(Request request) {
        orders.take(order(request), () -> done++);
        operations.removeLast().run();
        return ((Outcome.Accepted) ledger.last(Outcome.class).result()).operation();
    }

    /** @param team a label, to tell one revision from another */
    Request.Apply apply(String team) {
        List<Map<String, String>> three = IntStream.rangeClosed(1, 3)
                .mapToObj(i -> Map.of("name", "r" + i, "address", "10.0.0.1" + i))
                .toList();
        Map<String, Object> metadata = Map.of("name", "orders", "labels", Map.of("team", team));
        Map<String, Object> document = Map.of("metadata", metadata, "spec", Map.of("hosts", three, "redis", Map.of()));
        return new Request.Apply(new String(Codec.bytes(document), StandardCharsets.UTF_8), null, false, false);
    }

    /** The last record of an operation. */
    OperationState operation(OperationId id) {
        return ledger.all(OperationState.class).stream()
                .filter(state -> state.id().equals(id))
                .reduce((earlier, later) -> later)
                .orElseThrow();
    }

    ClusterState cluster() {
        return ledger.last(ClusterState.class);
    }

    Remediation remediation(String id) {
        Remediation.Evidence evidence =
                new Remediation.Evidence(Liveness.DOWN, "", ReplicationRole.UNKNOWN, 0, null, -1);
        return new Remediation(
                id,
                ORDERS,
                cluster().uid(),
                REPLICA,
                Remediation.Action.RESTART,
                "connection refused",
                evidence,
                now,
                now.plusSeconds(60));
    }

    /** By a rule, of an instance that lives. */
    Remediation stop(String id, InstanceId instance) {
        Remediation.Evidence evidence = new Remediation.Evidence(Liveness.UP, "", ReplicationRole.UNKNOWN, 0, null, -1);
        return new Remediation(
                id,
                ORDERS,
                cluster().uid(),
                instance,
                Remediation.Action.STOP,
                "memory is 5 GB",
                evidence,
                now,
                now.plusSeconds(60));
    }

    /** By a rule, a program of the host's allow-list. */
    Remediation exec(String id, InstanceId instance, String program) {
        Remediation like = stop(id, instance);
        return new Remediation(
                        id,
                        like.cluster(),
                        like.uid(),
                        instance,
                        Remediation.Action.EXEC,
                        program + " is to be run",
                        like.evidence(),
                        now,
                        now.plusSeconds(60))
                .running(new Remediation.Exec(program, "Resource limit matched", "memory is 5 GB"));
    }

    private final class Breakable implements Hosts {
        @Override
        public Reply run(HostAccess access, Script script) {
            onCall.run();
            if (broken.test(script)) {
                throw new IllegalThreadStateException("nobody planned for this");
            }
            return dead.contains(access.host()) ? silent(access) : hosts.run(access, script);
        }

        private Reply silent(HostAccess access) {
            return new Reply.Failed(Trouble.UNREACHABLE, access + ": no route to host");
        }

        @Override
        public Reply put(HostAccess access, RemoteFile file) {
            return dead.contains(access.host()) ? silent(access) : hosts.put(access, file);
        }

        @Override
        public String fingerprint(HostAccess access) {
            return hosts.fingerprint(access);
        }
    }

    /** The host's lease is another cluster's, for good. */
    final class Elsewhere implements HostLeases {
        private final String host;

        Elsewhere(String host) {
            this.host = host;
        }

        @Override
        public HostLease ask(HostAccess access, HostLeases.Request request) {
            if (access.host().equals(host)) {
                Holder holder = new Holder("billing", "u9", "op-7", "provision", "provisioner-9", now, "bob");
                hosts.ask(access, new HostLeases.Request(request.base(), "other", holder, () -> false))
                        .state();
            }
            return hosts.ask(access, request);
        }
    }

    /** Rounds that a test takes one by one. */
    static final class SteppedRounds implements Rounds {
        /** Empty: nobody looks. */
        Optional<Rhythm> rhythm = Optional.empty();

        private BooleanSupplier round = () -> false;

        @Override
        public Optional<Rhythm> rhythm() {
            return rhythm;
        }

        @Override
        public void begin(BooleanSupplier next) {
            round = next;
        }

        /** Whether there is to be another. */
        boolean take() {
            return round.getAsBoolean();
        }
    }

    private static final class Nobody implements Roster {
        @Override
        public void known(HostFacts facts) {}

        @Override
        public void follow(ClusterState cluster) {}

        @Override
        public void leave(ClusterName cluster) {}

        @Override
        public void close() {}
    }
}
