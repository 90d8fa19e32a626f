package io.redfleet.gateway.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HubTest {
    private final List<Happening> bus = new ArrayList<>();
    private final Hub hub = new Hub((from, to, sink) -> {
        for (Happening past : List.copyOf(bus)) {
            boolean between =
                    !from.includes(past.partition(), past.offset()) && to.includes(past.partition(), past.offset());
            if (between && !sink.take(past)) {
                return true;
            }
        }
        return true;
    });

    @Test
    void anEventGoesToThoseWhoWantIt() throws Exception {
        Feed all = hub.join(any -> true).orElseThrow();
        Feed failovers = hub.join(one -> one.type().startsWith("failover.")).orElseThrow();
        happens(0, "instance.down");
        assertThat(types(all)).containsExactly("instance.down");
        assertThat(types(failovers)).isEmpty();
        happens(1, "failover.switched");
        assertThat(types(failovers)).containsExactly("failover.switched");
    }

    @Test
    void theIdOfAHeartbeatIncludesWhatWasNotWanted() throws Exception {
        Feed nothing = hub.join(one -> false).orElseThrow();
        happens(3, "instance.down");
        assertThat(nothing.next(Duration.ZERO)).isEqualTo(new Frame.Heartbeat(Vector.of(Map.of(3, 1L))));
    }

    @Test
    void aSlowListenerIsCutAndHoldsUpNobody() throws Exception {
        Feed slow = hub.join(any -> true).orElseThrow();
        Feed quick = hub.join(any -> true).orElseThrow();
        for (int i = 0; i < Feed.QUEUE + 1; i++) {
            happens(0, "instance.up");
            assertThat(quick.next(Duration.ZERO)).isInstanceOf(Frame.Event.class);
        }
        assertThat(slow.next(Duration.ZERO))
                .isInstanceOfSatisfying(
                        Frame.End.class, end -> assertThat(end.reason()).contains("too slowly"));
        assertThat(quick.ended()).isFalse();
    }

    @Test
    void aListenerThatWasCutComesBackToTheLastEventItGot() throws Exception {
        Feed slow = hub.join(any -> true).orElseThrow();
        happens(0, "got");
        Frame.Event got = (Frame.Event) slow.next(Duration.ZERO);
        for (int i = 0; i < Feed.QUEUE + 1; i++) {
            happens(0, "missed");
        }
        assertThat(slow.next(Duration.ZERO))
                .isEqualTo(new Frame.End("This listener reads too slowly: come back with the last id"));
        Hub.Return back = hub.rejoin(any -> true, got.at()).orElseThrow();
        CompletableFuture<Void> replay = CompletableFuture.runAsync(() -> replay(back), Thread::startVirtualThread);
        for (int i = 0; i < Feed.QUEUE + 1; i++) {
            assertThat(back.feed().next(Duration.ofSeconds(10)))
                    .isInstanceOfSatisfying(
                            Frame.Event.class,
                            event -> assertThat(event.happening().type()).isEqualTo("missed"));
        }
        replay.get(10, TimeUnit.SECONDS);
    }

    private void replay(Hub.Return back) {
        try {
            hub.replay(back);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whoComesBackGetsPastMeanwhileAndPresentOnceEach() throws Exception {
        happens(0, "a");
        happens(1, "b");
        happens(0, "c");
        Hub.Return back =
                hub.rejoin(any -> true, Vector.of(Map.of(0, 1L, 1, 0L))).orElseThrow();
        happens(0, "meanwhile");
        hub.replay(back);
        happens(1, "present");
        assertThat(types(back.feed())).containsExactly("b", "c", "meanwhile", "present");
    }

    @Test
    void aVectorFromAnotherLifeOfTheTopicStartsNow() throws Exception {
        happens(0, "a");
        Hub.Return back = hub.rejoin(any -> true, Vector.of(Map.of(0, 999L))).orElseThrow();
        hub.replay(back);
        happens(0, "b");
        assertThat(types(back.feed())).containsExactly("b");
    }

    @Test
    void thereIsRoomForSoManyListenersOnly() {
        List<Feed> all = IntStream.range(0, Hub.LISTENERS)
                .mapToObj(i -> hub.join(any -> true).orElseThrow())
                .toList();
        assertThat(hub.join(any -> true)).isEmpty();
        hub.leave(all.getFirst());
        assertThat(hub.join(any -> true)).isPresent();
    }

    @Test
    void aVectorReadsWhatItWrites() {
        Vector vector = Vector.of(Map.of(0, 12L, 11, 7L, 3, 0L));
        assertThat(vector.toString()).isEqualTo("0:12,3:0,11:7");
        assertThat(Vector.parse(vector.toString())).contains(vector);
        for (String nonsense : List.of("", "a", "1", "1:", "1:2,", "1:-2", "1:2;3:4", "1:2".repeat(300))) {
            assertThat(Vector.parse(nonsense)).as(nonsense).isEqualTo(Optional.empty());
        }
    }

    private void happens(int partition, String type) {
        long offset = bus.stream().filter(one -> one.partition() == partition).count();
        Happening happening = new Happening(partition, offset, "orders", "uid", type, "{}");
        bus.add(happening);
        hub.happened(happening);
    }

    private static List<String> types(Feed feed) throws InterruptedException {
        List<String> types = new ArrayList<>();
        while (feed.next(Duration.ZERO) instanceof Frame.Event event) {
            types.add(event.happening().type());
        }
        return types;
    }
}
