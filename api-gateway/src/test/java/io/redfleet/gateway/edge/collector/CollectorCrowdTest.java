package io.redfleet.gateway.edge.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.SshSpec;
import io.redfleet.gateway.edge.collector.Crowd.Guest;
import io.redfleet.testkit.Await;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A thousand connections at once: those that say nothing, those that never end, and Monits among them. */
@Tag("long")
class CollectorCrowdTest extends CollectorGround {
    private static final int HOSTS = 70;
    private static final int SLOW_OF_ONE = 8;

    private static final int MONITS = 100;

    /** The most of a body that is not whole yet; as it is read, it takes {@link Collector#MOST_BYTES}. */
    private static final byte[] BEGUN = new byte[1_000_000];

    /** A thousand connections at both ends. */
    private static final long SLACK = 32L << 20;

    private static final Duration LET_GO = Collector.ARRIVES.plusSeconds(10);
    private static final Duration AGAIN = Duration.ofSeconds(1);
    private static final int TRIES = 25;

    private final List<String> authorizations = new ArrayList<>();

    @BeforeEach
    void manyHosts() {
        assumeTrue(
                ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class)
                                .getMaxFileDescriptorCount()
                        >= 4_000,
                "ulimit -n is less than 4,000");
        standing = Optional.of(crowded(orders));
        for (int i = 0; i < HOSTS; i++) {
            authorizations.add(basic("h" + i, reporter("h" + i)));
        }
    }

    /** @param slow hosts that begin reports and do not end them; with 15 four places are left, with 20 none */
    @ParameterizedTest
    @ValueSource(ints = {15, 20})
    void amongAThousandThatSayNothingOrNeverEndEveryMonitIsHeard(int slow) throws Exception {
        int held = Math.min(Collector.AT_ONCE, slow * Collector.OF_ONE);
        int refused = slow * SLOW_OF_ONE - held;
        long before = used();
        try (Crowd crowd = new Crowd(port)) {
            List<Guest> silent = new ArrayList<>(crowd.join(700, new byte[0]));
            silent.addAll(crowd.join(Collector.CONNECTIONS - 700 - slow * SLOW_OF_ONE - MONITS, bytes("POST /coll")));
            List<Guest> slowly = new ArrayList<>();
            for (int i = 0; i < slow; i++) {
                slowly.addAll(crowd.join(SLOW_OF_ONE, head(authorizations.get(i)), BEGUN));
            }
            crowd.until("all but " + held + " are refused", Collector.ARRIVES, () -> gone(slowly) >= refused);
            crowd.until(
                    "the others have said what they say",
                    Collector.ARRIVES,
                    () -> slowly.stream().allMatch(Guest::hasSaidAll));
            assertThat(answered(slowly)).as("each place is held by one").isEqualTo(refused);
            assertThat(slowly)
                    .filteredOn(guest -> !guest.answer().isEmpty())
                    .allSatisfy(guest -> assertThat(guest.answer())
                            .startsWith("HTTP/1.1 503")
                            .containsIgnoringCase("retry-after: 5")
                            .containsPattern("Too many reports (of this host )?at once"));
            assertThat(used() - before)
                    .as("bytes: nothing is kept of who was refused")
                    .isLessThan((long) held * Collector.MOST_BYTES + SLACK);

            report(authorizations.subList(slow, slow + MONITS / 2));

            crowd.until(
                    "everybody else is let go",
                    LET_GO,
                    () -> silent.stream().allMatch(Guest::isGone)
                            && slowly.stream().allMatch(Guest::isGone));
            assertThat(silent).allMatch(guest -> guest.answer().isEmpty());
            assertThat(slowly.stream().filter(guest -> !guest.answer().startsWith("HTTP/1.1 503")))
                    .hasSize(held)
                    .allMatch(
                            guest -> guest.answer().isEmpty() || guest.answer().startsWith("HTTP/1.1 408"));
        }
        // Every place is free again, also those of the hosts that were slow.
        for (String authorization : authorizations.subList(0, slow)) {
            assertThat(post(authorization, bytes(SMALL))).isEqualTo(200);
        }
        assertThat(delivered).hasSize(MONITS + slow);
        assertThat(used() - before).as("bytes afterwards").isLessThan(SLACK);
    }

    @Test
    void whoComesBeyondAThousandIsLetGoAtOnceAndTheRestInTheirTime() throws Exception {
        try (Crowd crowd = new Crowd(port)) {
            long began = System.nanoTime();
            List<Guest> all = crowd.join(Collector.CONNECTIONS + 50, new byte[0]);
            crowd.until("those beyond are let go", Collector.ARRIVES.dividedBy(2), () -> gone(all) >= 50);
            assertThatThrownBy(() -> post(authorizations.getFirst(), bytes(SMALL)))
                    .isInstanceOf(IOException.class);
            crowd.until("everybody is looked at", Duration.ofSeconds(1), () -> true);
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .as("before anybody's time is over")
                    .isLessThan(Collector.ARRIVES);
            assertThat(gone(all)).isEqualTo(50);

            crowd.until("all are let go", LET_GO, () -> gone(all) == all.size());
            assertThat(all).allMatch(guest -> guest.answer().isEmpty());
        }
        assertThat(post(authorizations.getFirst(), bytes(SMALL))).isEqualTo(200);
    }

    /** Two Monits of each host, all at once; each comes again until it is heard, as Monit does at its next poll. */
    private void report(List<String> hosts) throws Exception {
        List<Future<Integer>> heard = new ArrayList<>();
        try (ExecutorService monits = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < MONITS; i++) {
                String authorization = hosts.get(i / 2);
                heard.add(monits.submit(() -> tries(authorization)));
            }
        }
        for (Future<Integer> each : heard) {
            assertThat(each.get()).as("tries until it was heard").isLessThanOrEqualTo(TRIES);
        }
    }

    /** At which it was heard; one more than all of them: at none. */
    private int tries(String authorization) throws Exception {
        for (int attempt = 1; attempt <= TRIES; attempt++) {
            int status = post(authorization, bytes(SMALL));
            if (status == 200) {
                return attempt;
            }
            assertThat(status).isEqualTo(503);
            Await.moment(AGAIN);
        }
        return TRIES + 1;
    }

    private static byte[] head(String authorization) {
        return bytes("POST /collector HTTP/1.1\r\nHost: x\r\nAuthorization: " + authorization + "\r\nContent-Length: "
                + Collector.MOST_BYTES + "\r\n\r\n");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static long answered(List<Guest> guests) {
        return guests.stream().filter(guest -> !guest.answer().isEmpty()).count();
    }

    private static long gone(List<Guest> guests) {
        return guests.stream().filter(Guest::isGone).count();
    }

    private static long used() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static ClusterState crowded(ClusterState cluster) {
        ClusterSpec spec = cluster.spec();
        List<HostSpec> hosts = IntStream.range(0, HOSTS)
                .mapToObj(number -> new HostSpec(
                        new HostName("h" + number),
                        "127.0.1." + number,
                        "a",
                        new SshSpec("ops", 22, "key", null),
                        "redis",
                        List.of()))
                .toList();
        return new ClusterState(
                1,
                cluster.uid(),
                cluster.revision(),
                cluster.phase(),
                cluster.reason(),
                cluster.since(),
                new ClusterSpec(
                        spec.name(),
                        spec.labels(),
                        spec.redis(),
                        spec.durability(),
                        spec.sentinel(),
                        hosts,
                        spec.bootstrapMaster(),
                        spec.service(),
                        spec.watch(),
                        spec.security()));
    }
}
