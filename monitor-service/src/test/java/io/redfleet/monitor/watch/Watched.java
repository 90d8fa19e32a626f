package io.redfleet.monitor.watch;

import static io.redfleet.monitor.Orders.at;

import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.event.Event;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.FailoverEvent;
import io.redfleet.contracts.event.FailoverReport;
import io.redfleet.contracts.health.Remediation;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.contracts.operation.StepState;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.contracts.wire.CommandId;
import io.redfleet.monitor.Orders;
import io.redfleet.monitor.failover.SentinelLine;
import io.redfleet.monitor.probe.Reply;
import io.redfleet.monitor.probe.Standing;
import io.redfleet.monitor.remedy.Brakes;
import io.redfleet.monitor.topology.SentinelView;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The cluster "orders", watched: r1 is master, and every moment is one that the test names. */
final class Watched {
    final List<Fact> facts = new ArrayList<>();
    final List<Remediation> asks = new ArrayList<>();
    ClusterWatch watch = ClusterWatch.fresh(Orders.roster(), at(0));
    Brakes brakes = Brakes.OFF;
    private int lines;

    /** Everyone answers and agrees. */
    void well(long millis) {
        for (int i = 0; i < 3; i++) {
            answer(Orders.NODES.get(i), new Reply.Pong(), millis);
            answer(Orders.SENTINELS.get(i), new Reply.Pong(), millis);
        }
        views(Set.of(), true, millis);
        stand(millis);
    }

    void answer(InstanceId id, Reply reply, long... moments) {
        for (long millis : moments) {
            see(new Observation.Answered(id, reply, null), millis);
        }
    }

    void quorum(boolean stands, long millis) {
        stand(millis);
        views(Set.of(), stands, millis);
    }

    /** All three Sentinels, of which each holds these for down. */
    void views(Set<InstanceId> down, boolean quorum, long millis) {
        Set<io.redfleet.contracts.cluster.Endpoint> addresses = new HashSet<>();
        watch.roster().members().values().stream()
                .filter(member -> down.contains(member.id()))
                .forEach(member -> addresses.add(member.endpoint()));
        for (InstanceId sentinel : Orders.SENTINELS) {
            see(
                    new Observation.Viewed(new SentinelView(
                            sentinel,
                            Orders.address(1),
                            1,
                            Set.of("master"),
                            quorum,
                            quorum ? 3 : 1,
                            addresses,
                            at(millis))),
                    millis);
        }
    }

    void stand(long millis) {
        for (InstanceId node : Orders.NODES) {
            boolean up = watch.snapshot(at(millis))
                    .instance(node)
                    .filter(view -> view.up())
                    .isPresent();
            Standing standing = node.equals(Orders.R1)
                    ? Standing.master(100, 2)
                    : Standing.replica(Orders.address(1), "connected", 100);
            if (up) {
                see(new Observation.Stood(node, standing), millis);
            }
        }
    }

    void operated(String kind, Set<InstanceId> stops, long millis) {
        see(new Observation.Operated(operation(new OperationId("op"), kind, Status.RUNNING, stops)), millis);
    }

    static OperationState operation(OperationId id, String kind, Status status, Set<InstanceId> stops) {
        StepState.Status step = status == Status.RUNNING ? StepState.Status.RUNNING : StepState.Status.DONE;
        return new OperationState(
                OperationState.SCHEMA,
                id,
                Orders.roster().cluster(),
                Orders.roster().uid(),
                kind,
                null,
                new Actor("test", "t1"),
                status,
                "of a test",
                at(0).wall(),
                null,
                List.of(new StepState("start", "r2", "start it", step, "", 1)),
                stops);
    }

    /** What was asked for last, without success. */
    void tried(long millis) {
        Remediation asked = asks.getLast();
        OperationId id = OperationId.of(asked.askedAt(), asked.id());
        see(new Observation.Operated(operation(id, "remedy", Status.RUNNING, Set.of())), millis - 500);
        see(new Observation.Operated(operation(id, "remedy", Status.FAILED, Set.of())), millis);
    }

    void monitored(boolean monitored, long millis) {
        take(watch.monitored(new CommandId("c" + millis), null, monitored, new Actor("test", "t1"), at(millis)));
    }

    void monitored(InstanceId only, boolean monitored, long millis) {
        take(watch.monitored(new CommandId("c" + millis), only, monitored, new Actor("test", "t1"), at(millis)));
    }

    /** By s1. */
    void published(String channel, String payload, long millis) {
        String ordinal = "s1-" + ++lines;
        see(new Observation.Published(Orders.S1, SentinelLine.parse(channel, payload), ordinal), millis);
    }

    void cycle(long millis) {
        Turn.OfCycle cycle = watch.cycle(brakes, "", at(millis));
        brakes = cycle.brakes();
        take(cycle.turn());
    }

    void see(Observation observation, long millis) {
        take(watch.after(observation, at(millis)));
    }

    /** Everyone who lives has agreed upon r2. */
    void failedOver(long millis) {
        see(new Observation.Stood(Orders.R2, Standing.master(200, 1)), millis);
        see(new Observation.Stood(Orders.R3, Standing.replica(Orders.address(2), "connected", 200)), millis);
        for (int sentinel = 1; sentinel <= 3; sentinel++) {
            see(new Observation.Viewed(Orders.view(sentinel, 2, 2, at(millis))), millis);
        }
    }

    List<FailoverReport> reports() {
        return facts.stream()
                .map(Fact::event)
                .filter(FailoverEvent.Completed.class::isInstance)
                .map(event -> ((FailoverEvent.Completed) event).report())
                .toList();
    }

    List<Event> told(InstanceId id) {
        return facts.stream()
                .filter(fact -> id.equals(fact.about().instance()))
                .map(Fact::event)
                .toList();
    }

    static OperationState withheld(OperationId id) {
        OperationState done = operation(id, "remedy", Status.FAILED, Set.of());
        return new OperationState(
                done.schema(),
                id,
                done.cluster(),
                done.uid(),
                done.kind(),
                done.instance(),
                done.actor(),
                done.status(),
                "withheld (evidence): of a test",
                done.acceptedAt(),
                null,
                List.of(),
                Set.of());
    }

    private void take(Turn turn) {
        turn.tried().forEach(id -> brakes = brakes.tried(Orders.roster().cluster() + "/" + id, at(0)));
        facts.addAll(turn.facts());
        asks.addAll(turn.asks());
        watch = turn.next();
    }
}
