package io.redfleet.gateway.edge.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class TurnsTest {
    @Test
    void whoFindsNoPlaceInTimeIsToldToTryAgain() throws Exception {
        Turns turns = new Turns(2, Duration.ofMillis(50));
        CountDownLatch inside = new CountDownLatch(2);
        CountDownLatch leave = new CountDownLatch(1);
        CompletableFuture<Boolean> first = start(() -> turns.take(() -> held(inside, leave)));
        CompletableFuture<Boolean> second = start(() -> turns.take(() -> held(inside, leave)));
        assertThat(inside.await(10, TimeUnit.SECONDS)).isTrue();
        assertThatThrownBy(() -> turns.take(() -> "third"))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().status()).isEqualTo(503));
        leave.countDown();
        assertThat(first.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(second.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(turns.take(() -> "third")).isEqualTo("third");
    }

    @Test
    void aPlaceIsGivenBackByWorkThatFails() {
        Turns turns = new Turns(1, Duration.ofMillis(50));
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> turns.take(() -> {
                        throw ProblemException.bad("no");
                    }))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            e -> assertThat(e.problem().status()).isEqualTo(400));
        }
    }

    /** On a thread of its own: the common pool may have but one. */
    private static CompletableFuture<Boolean> start(Supplier<Boolean> work) {
        return CompletableFuture.supplyAsync(work, Thread::startVirtualThread);
    }

    private static boolean held(CountDownLatch inside, CountDownLatch leave) {
        inside.countDown();
        try {
            return leave.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
