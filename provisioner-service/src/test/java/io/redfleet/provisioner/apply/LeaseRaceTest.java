package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.contracts.wire.ServiceName;
import io.redfleet.provisioner.lease.Claim;
import io.redfleet.provisioner.lease.Fence;
import io.redfleet.provisioner.lease.Grant;
import io.redfleet.provisioner.lease.HostLeases;
import io.redfleet.testkit.Await;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Operations that ask for some of the same hosts at the same instant, half of which do not wait. */
@Timeout(120)
class LeaseRaceTest {
    private static final int ROUNDS = 12;
    private static final int OPERATIONS = 6;
    private static final int HOSTS = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ClusterSpec spec = Scripted.cluster().spec();
    private final ExecutorService workers = Executors.newFixedThreadPool(OPERATIONS);

    @Test
    void eachHasAllItsHostsInTheEndAndNoTwoHaveOne() throws Exception {
        long seed = Long.getLong("seed", 39L);
        Random random = new Random(seed);
        try {
            for (int round = 0; round < ROUNDS; round++) {
                String at = "seed " + seed + " round " + round;
                RacedHosts hosts = new RacedHosts(random.nextLong());
                List<Future<String>> all = new ArrayList<>();
                for (int i = 0; i < OPERATIONS; i++) {
                    int number = i;
                    List<HostSpec> on = some(random);
                    all.add(workers.submit(() -> operation(hosts, number, on)));
                }
                for (Future<String> one : all) {
                    assertThat(one.get(PATIENCE.toSeconds() * 2, TimeUnit.SECONDS))
                            .as(at)
                            .isEqualTo("done");
                }
                Await.until("all leases are given back: " + at, Duration.ofSeconds(10), hosts::isFree);
                assertThat(hosts.harm()).as(at).isEmpty();
            }
        } finally {
            workers.shutdownNow();
        }
    }

    /** What came of it. */
    private String operation(RacedHosts hosts, int number, List<HostSpec> on) {
        AtomicInteger asked = new AtomicInteger();
        HostLeases counted = (access, request) -> {
            asked.incrementAndGet();
            return hosts.ask(access, request);
        };
        AtomicInteger ids = new AtomicInteger();
        Leases leases = new Leases(
                counted,
                "provisioner-" + number,
                () -> "lease-" + number + "-" + ids.incrementAndGet(),
                ScriptedWork.CLOCK,
                PATIENCE);
        Journal journal = new Journal(new RecordingLedger(), ScriptedWork.CLOCK, accepted(number), number % 2 == 0);
        return switch (leases.take(leases.ask(spec, on, journal, () -> false))) {
            case Claim.Cancelled never -> "cancelled";
            case Claim.Refused refused -> refused.reason();
            case Claim.Granted granted -> {
                try (Grant grant = granted.grant()) {
                    hosts.work(
                            "op-" + number, on.stream().map(HostSpec::address).toList());
                    boolean may = on.stream().allMatch(host -> grant.fence(host) instanceof Fence.Open);
                    // Each but the first may be asked for again, and that once.
                    boolean thrashed = asked.get() > on.size() * 2 - 1;
                    yield thrashed ? asked + " leases for " + on.size() + " hosts" : may ? "done" : "shut";
                }
            }
        };
    }

    /** At least two of all hosts, in no order. */
    private List<HostSpec> some(Random random) {
        HostSpec like = spec.hosts().getFirst();
        List<HostSpec> all = new ArrayList<>(IntStream.range(0, HOSTS)
                .mapToObj(i -> new HostSpec(
                        new HostName("h" + i), "10.0.2.1" + i, "", like.ssh(), like.directory(), List.of()))
                .toList());
        Collections.shuffle(all, random);
        return List.copyOf(all.subList(0, 2 + random.nextInt(HOSTS - 1)));
    }

    /** Each of a cluster of its own, so that whoever does not wait may be refused. */
    private static OperationState accepted(int number) {
        return new OperationState(
                OperationState.SCHEMA,
                new OperationId("op-" + number),
                new ClusterName("cluster-" + number),
                new ClusterUid("u" + number),
                "provision",
                null,
                Actor.self(ServiceName.PROVISIONER),
                Status.WAITING,
                "",
                Instant.EPOCH,
                null,
                List.of(),
                Set.of());
    }
}
