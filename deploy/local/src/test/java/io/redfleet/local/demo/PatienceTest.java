package io.redfleet.local.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redfleet.local.Screen;
import io.redfleet.local.StartRefused;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PatienceTest {
    private final Patience patience =
            new Patience(new Screen(new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8)));

    @Test
    void whatNeverComesIsNamedWithItsReasonAndAPlaceToLook() {
        var wanted = new Patience.Wanted("the moon", Duration.ofMillis(50), "the sky");
        assertThatThrownBy(() -> patience.until(wanted, () -> new Attempt.NotYet<>("it is noon")))
                .isInstanceOf(StartRefused.class)
                .hasMessageContainingAll("the moon", "it is noon", "the sky");
    }

    @Test
    void whatComesLaterIsGiven() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        var wanted = new Patience.Wanted("the moon", Duration.ofSeconds(5), "the sky");
        int value = patience.until(
                wanted, () -> looks.incrementAndGet() < 3 ? new Attempt.NotYet<>("clouds") : new Attempt.Done<>(7));
        assertThat(value).isEqualTo(7);
        assertThat(looks).hasValue(3);
    }
}
