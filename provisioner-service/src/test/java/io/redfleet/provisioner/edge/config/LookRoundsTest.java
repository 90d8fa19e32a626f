package io.redfleet.provisioner.edge.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.testkit.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The rounds of many desks in one process. */
class LookRoundsTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final LookRounds rounds = new LookRounds(Optional.of(Duration.ofMinutes(10)));

    @AfterEach
    void close() {
        rounds.close();
    }

    @Test
    void twoDesksLookAtOnceAndNoThirdAndNoneTwice() throws InterruptedException {
        CountDownLatch full = new CountDownLatch(2);
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger atOnce = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<AtomicInteger> taken = new ArrayList<>();
        for (int desk = 0; desk < 5; desk++) {
            AtomicInteger own = new AtomicInteger();
            taken.add(own);
            rounds.begin(() -> {
                most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
                full.countDown();
                await(go);
                atOnce.decrementAndGet();
                return own.incrementAndGet() < 3;
            });
        }
        assertThat(full.await(20, TimeUnit.SECONDS)).isTrue();
        go.countDown();
        Await.until("each desk's last round", SOON, () -> taken.stream().allMatch(own -> own.get() == 3));
        assertThat(most.get()).isEqualTo(2);
    }

    @Test
    void aFaultEndsNoRounds() {
        AtomicInteger taken = new AtomicInteger();
        rounds.begin(() -> {
            if (taken.incrementAndGet() < 3) {
                throw new IllegalStateException("a fault");
            }
            return false;
        });
        Await.until("a round after two faults", SOON, () -> taken.get() == 3);
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("nobody went on");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
