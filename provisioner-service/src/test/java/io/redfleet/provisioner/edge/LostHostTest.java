package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Leaving;
import io.redfleet.provisioner.apply.Ending;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.RedisCall;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The machine of the master is gone for good while somebody writes, and another one takes its place.
 *
 * <p>A write counts as acknowledged once {@code WAIT} says that a replica has it, and the Sentinels promote the one that has most:
 * such a write is never lost. Two of the three Sentinels find their quorum at every moment, whoever joins or forgets.
 */
@Tag("long")
@Timeout(600)
class LostHostTest extends BootedGround {
    /** As docs/members.md has it, of one Sentinel at a time that forgets who is gone. */
    private static final Duration QUORUM_LESS = Duration.ofSeconds(10);
    /** down-after is 5 s, and then a second or two; a connection to nobody takes the client as long again. */
    private static final Duration OUTAGE_MOST = Duration.ofSeconds(30);

    private static final Duration CLIENT_WAITS = Duration.ofSeconds(1);
    private static final Duration WRITES_WITHIN = Duration.ofMinutes(1);
    private static final int LOST = 1;
    private static final List<Integer> LEFT = List.of(2, 3);
    private static final List<Integer> REPLACED = List.of(2, 3, 4);

    private volatile boolean over;

    LostHostTest() {
        super(4);
    }

    @AfterEach
    void nobodyWritesOrLooksAnyMore() {
        over = true;
    }

    @Test
    void aMachineThatIsDestroyedUnderLoadIsReplacedAndNoAcknowledgedWriteIsLost() throws Exception {
        ClusterState cluster = cluster("orders", 1, THREE, Map.of());
        applied(cluster);
        assertThat(whole(cluster, THREE)).isEqualTo(LOST);
        Writer writer = new Writer(cluster);
        Looker looker = new Looker(cluster);
        Future<?> writes = workers.submit(writer);
        writer.awaitMore(500);
        Future<?> looks = workers.submit(looker);

        hosts.host(LOST).destroy();
        int master = successor(cluster, LEFT, LOST);
        writer.awaitMore(500);
        Leaving gone = new Leaving(cluster.spec().hosts().getFirst(), true);
        ClusterState replaced = cluster("orders", 2, REPLACED, Map.of()).leftBy(List.of(gone));
        long begun = System.nanoTime();
        applied(replaced);
        long took = millis(System.nanoTime() - begun);
        assertThat(work.apply(replaced)).isEqualTo(Ending.succeeded("nothing to change"));
        assertThat(whole(replaced, REPLACED)).isEqualTo(master);
        writer.awaitMore(500);

        over = true;
        writes.get();
        looks.get();
        List<String> lost = writer.notThere(replaced, master);
        System.out.printf(
                "lost host: %d writes acknowledged, %d lost, longest outage %d ms; replaced in %d ms; %d looks at the quorum,"
                        + " fewest Sentinels that found it %d, longest without it by Sentinel %s%n",
                writer.acknowledged.get(),
                lost.size(),
                writer.longest.get(),
                took,
                looker.looks.get(),
                looker.fewest.get(),
                looker.longest);
        assertThat(lost).isEmpty();
        assertThat(writer.longest.get()).isLessThan(OUTAGE_MOST.toMillis());
        assertThat(looker.lapses)
                .as("looks at which fewer than two Sentinels found their quorum")
                .isEmpty();
        assertThat(looker.looks.get()).isGreaterThan(100);
        assertThat(looker.longest.values()).allMatch(millis -> millis <= QUORUM_LESS.toMillis());
    }

    private static long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }

    /** A client that knows the Sentinels alone: writes one key after the other to whom they name. */
    private final class Writer implements Runnable {
        private final ClusterState cluster;
        private final AtomicInteger acknowledged = new AtomicInteger();
        /** Between two acknowledged writes, in milliseconds. */
        private final AtomicLong longest = new AtomicLong();

        private long last = System.nanoTime();

        Writer(ClusterState cluster) {
            this.cluster = cluster;
        }

        @Override
        public void run() {
            while (!over) {
                for (int sentinel = 1; sentinel <= 4 && !over; sentinel++) {
                    writeAsTold(sentinel);
                    Await.moment(Duration.ofMillis(20));
                }
            }
        }

        /** Until somebody is silent, or says no: then another Sentinel may know more. */
        private void writeAsTold(int sentinel) {
            try (RedisCall call = master(sentinel)) {
                while (!over) {
                    String number = "" + (acknowledged.get() + 1);
                    call.call("SET", "k" + number, number);
                    if (call.call("WAIT", "1", "500") instanceof Long replicas && replicas >= 1) {
                        written();
                    }
                    Await.moment(Duration.ofMillis(2));
                }
            } catch (IOException again) {
                return;
            }
        }

        private void written() {
            long now = System.nanoTime();
            longest.accumulateAndGet(millis(now - last), Math::max);
            last = now;
            acknowledged.incrementAndGet();
        }

        /** A connection to whom this Sentinel names, though nobody may have that address any more. */
        private RedisCall master(int sentinel) throws IOException {
            List<?> said;
            try (RedisCall call = connected(hosts.host(sentinel).address(), SENTINEL)) {
                said = (List<?>) call.call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", "orders");
            }
            if (said == null) {
                throw new IOException("Sentinel " + sentinel + " knows no master");
            }
            return connected(String.valueOf(said.getFirst()), Integer.parseInt(String.valueOf(said.getLast())));
        }

        private RedisCall connected(String address, int port) throws IOException {
            return RedisCall.open(address, port, CLIENT_WAITS)
                    .as(Purpose.APPLICATION.word(), password(cluster, Purpose.APPLICATION));
        }

        void awaitMore(int count) {
            int before = acknowledged.get();
            Await.until(
                    count + " writes more than " + before, WRITES_WITHIN, () -> acknowledged.get() >= before + count);
        }

        /** Of the acknowledged ones, by what the master and the new replica have. */
        List<String> notThere(ClusterState replaced, int master) throws IOException {
            List<String> lost = new ArrayList<>();
            try (RedisCall leader = open(replaced, master, REDIS, Purpose.APPLICATION);
                    RedisCall replica = open(replaced, 4, REDIS, Purpose.APPLICATION)) {
                leader.call("SET", "last", "1");
                assertThat(leader.call("WAIT", "2", "5000")).isEqualTo(2L);
                for (int number = 1; number <= acknowledged.get(); number++) {
                    for (RedisCall node : List.of(leader, replica)) {
                        if (!Objects.equals(node.call("GET", "k" + number), "" + number)) {
                            lost.add("k" + number + (node == leader ? " of the master" : " of the new replica"));
                        }
                    }
                }
            }
            return lost;
        }
    }

    /** Asks every Sentinel but the lost one for its quorum, five times a second. */
    private final class Looker implements Runnable {
        private final ClusterState cluster;
        private final AtomicInteger looks = new AtomicInteger();
        private final AtomicInteger fewest = new AtomicInteger(REPLACED.size());
        private final ConcurrentLinkedQueue<String> lapses = new ConcurrentLinkedQueue<>();
        /** Of those that were there from the beginning, in milliseconds. Read once the looks are over. */
        private final Map<Integer, Long> longest = new HashMap<>();

        private final Map<Integer, Long> since = new HashMap<>();

        Looker(ClusterState cluster) {
            this.cluster = cluster;
        }

        @Override
        public void run() {
            while (!over) {
                look();
                looks.incrementAndGet();
                Await.moment(Duration.ofMillis(200));
            }
        }

        private void look() {
            int found = 0;
            StringBuilder said = new StringBuilder();
            for (int number : REPLACED) {
                String answer = quorum(number);
                said.append('r').append(number).append(": ").append(answer).append("; ");
                boolean finds = answer.startsWith("OK");
                found += finds ? 1 : 0;
                if (LEFT.contains(number)) {
                    noted(number, finds);
                }
            }
            fewest.accumulateAndGet(found, Math::min);
            if (found < 2) {
                lapses.add(said.toString());
            }
        }

        private void noted(int number, boolean finds) {
            long now = System.nanoTime();
            long begun = since.computeIfAbsent(number, first -> now);
            longest.merge(number, millis(now - begun), Math::max);
            if (finds) {
                since.remove(number);
            }
        }

        private String quorum(int number) {
            try (RedisCall call = open(cluster, number, SENTINEL, Purpose.PROBE)) {
                return "" + call.call("SENTINEL", "CKQUORUM", "orders");
            } catch (IOException e) {
                return "" + e.getMessage();
            }
        }
    }
}
