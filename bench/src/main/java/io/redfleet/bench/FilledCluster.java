package io.redfleet.bench;

import io.redfleet.bus.BusProducer;
import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.contracts.event.About;
import io.redfleet.contracts.event.Event;
import io.redfleet.contracts.event.EventTypes;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.InstanceEvent;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.health.InstanceHealth;
import io.redfleet.contracts.health.Liveness;
import io.redfleet.contracts.health.ReplicationRole;
import io.redfleet.contracts.health.Term;
import io.redfleet.contracts.health.Verdict;
import io.redfleet.contracts.operation.HostFacts;
import io.redfleet.contracts.operation.MachineFacts;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.ProcessFacts;
import io.redfleet.contracts.operation.StepState;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.contracts.wire.Position;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * All that lies on the bus of a cluster that has been watched for a while and is well: its record, three operations that are
 * over, facts of its hosts, an outage of each replica with its end, and the health that includes them.
 */
final class FilledCluster {
    private static final int OPERATIONS = 3;
    /** Of a provisioning of three hosts. */
    private static final int STEPS = 20;

    private final ScriptedCluster cluster;
    private final ClusterState state;
    private final Instant now;

    /** @param now when all of it is said to have been */
    FilledCluster(ScriptedCluster cluster, Instant now) {
        this.cluster = cluster;
        this.state = cluster.state();
        this.now = now;
    }

    /** Returns when the broker has everything; how many records that were. */
    int put(BusProducer producer) throws Exception {
        List<BusMessage> messages = new ArrayList<>();
        messages.add(BusMessage.of(Topic.CLUSTERS, cluster.name(), state));
        for (int i = 0; i < OPERATIONS; i++) {
            OperationState operation = operation(i);
            messages.add(BusMessage.of(Topic.OPERATIONS, cluster.name() + "/" + operation.id(), operation));
        }
        for (HostSpec host : state.spec().hosts()) {
            messages.add(BusMessage.of(Topic.HOSTS, cluster.name() + "/" + host.name(), facts(host)));
        }
        outages().forEach(fact -> messages.add(BusMessage.of(fact)));
        List<CompletableFuture<Position>> sent = messages.stream()
                .map(message -> producer.send(message).toCompletableFuture())
                .toList();
        CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)).get(20, TimeUnit.SECONDS);
        // The health of an owner names the last event that it includes.
        WatchBench.await(
                producer,
                BusMessage.of(
                        Topic.HEALTH, cluster.name(), health(sent.getLast().join())));
        return messages.size() + 1;
    }

    private OperationState operation(int number) {
        List<StepState> steps = IntStream.range(0, STEPS)
                .mapToObj(i -> new StepState(
                        "h" + i % 3 + "/redis-server/step-" + i,
                        "h" + i % 3,
                        "make the configuration of redis-server on h" + i % 3 + " as the spec wants it",
                        StepState.Status.DONE,
                        "changed",
                        120))
                .toList();
        return new OperationState(
                OperationState.SCHEMA,
                OperationId.of(now.minusSeconds(60L * (number + 1)), cluster.name() + number),
                state.name(),
                state.uid(),
                "provision",
                null,
                new Actor("bench", "0123456789abcdef"),
                OperationState.Status.SUCCEEDED,
                "all steps are done",
                now.minusSeconds(60L * (number + 1)),
                now.minusSeconds(60L * number),
                steps,
                Set.of());
    }

    private HostFacts facts(HostSpec host) {
        Map<InstanceId, ProcessFacts> processes = new HashMap<>();
        host.instances()
                .forEach(instance -> processes.put(
                        InstanceId.of(host.name(), instance.name()),
                        new ProcessFacts(true, 4_711, 123_456, 12_000_000, 90_000, false, 5, 0, 0, 0)));
        return new HostFacts(
                HostFacts.SCHEMA,
                state.name(),
                host.name(),
                now,
                true,
                "",
                bootId(host.name()),
                0.3,
                8L << 30,
                6L << 30,
                100L << 30,
                80L << 30,
                2,
                processes,
                MachineFacts.UNKNOWN);
    }

    private static String bootId(HostName host) {
        return "5a1ed717-0000-4000-8000-00000000000" + host.value().substring(1);
    }

    /** Each replica went once and came back. */
    private List<Fact> outages() {
        List<Fact> facts = new ArrayList<>();
        for (Member member :
                state.spec().members(InstanceRole.REDIS).stream().skip(1).toList()) {
            String run = runId(member);
            facts.add(fact(member.id(), 1, new InstanceEvent.Down(Liveness.DOWN, ReplicationRole.REPLICA, run)));
            facts.add(fact(member.id(), 2, new InstanceEvent.Up(run, 5_000)));
        }
        return facts;
    }

    private Fact fact(InstanceId instance, long flip, Event event) {
        String kind = EventTypes.shortName(event.getClass());
        About about = new About(state.name(), state.uid(), instance, kind + " for a measurement", "", null);
        return new Fact(Fact.id(state.uid(), instance, flip, kind), now.minusSeconds(30 - flip), about, event);
    }

    private ClusterHealth health(Position lastEvent) {
        Map<InstanceId, InstanceHealth> instances = new HashMap<>();
        for (Member member : state.spec().members()) {
            instances.put(
                    member.id(),
                    new InstanceHealth(Liveness.UP, now, "answers", role(member), runId(member), true, 2, 0, 0));
        }
        Verdict verdict = new Verdict(
                Verdict.Diagnosis.HEALTHY,
                "everything answers",
                now,
                state.spec().members(InstanceRole.REDIS).getFirst().endpoint(),
                0);
        return new ClusterHealth(
                ClusterHealth.SCHEMA,
                state.name(),
                state.uid(),
                now,
                verdict,
                instances,
                Map.of(),
                Map.of("failover completed", 0L, "failover switched", 0L),
                lastEvent,
                new Term(1, "monitor-0"),
                Map.of());
    }

    private ReplicationRole role(Member member) {
        if (member.role() == InstanceRole.SENTINEL) {
            return ReplicationRole.SENTINEL;
        }
        return index(member) == 0 ? ReplicationRole.MASTER : ReplicationRole.REPLICA;
    }

    /** As its scripted instance says it. */
    private String runId(Member member) {
        return member.role() == InstanceRole.SENTINEL
                ? ScriptedTale.sentinelId(index(member))
                : cluster.tale().runId(index(member));
    }

    private static int index(Member member) {
        return Integer.parseInt(member.id().host().value().substring(1));
    }
}
