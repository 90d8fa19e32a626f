package io.redfleet.provisioner.facts;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.provisioner.facts.Boots.Telling;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class BootsTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private final Boots boots = new Boots();
    private String shown = "first";
    private Instant at = NOW;

    @Test
    void realBootsAreAllToldHoweverManyThereAreInADay() {
        for (int boot = 0; boot < 96; boot++) {
            assertThat(after(Duration.ofMinutes(16), "boot-" + boot)).isEqualTo(Telling.BOOT);
            assertThat(boots.silent()).isFalse();
        }
    }

    @Test
    void beyondTheLimitOneThingIsToldAndThenNothingUntilItIsSeldomAgain() {
        List<Telling> told = new ArrayList<>();
        for (int boot = 0; boot < 1_000; boot++) {
            told.add(after(Duration.ofSeconds(10), "boot-" + boot));
        }
        assertThat(told.subList(0, Boots.MOST)).containsOnly(Telling.BOOT);
        assertThat(told.get(Boots.MOST)).isEqualTo(Telling.END);
        assertThat(told.subList(Boots.MOST + 1, told.size())).containsOnly(Telling.NOTHING);
        assertThat(boots.silent()).isTrue();

        // The last four are half an hour old, so the next is the fifth within an hour.
        assertThat(after(Duration.ofMinutes(30), "late")).isEqualTo(Telling.NOTHING);
        assertThat(after(Duration.ofMinutes(61), "later")).isEqualTo(Telling.BOOT);
        assertThat(boots.silent()).isFalse();
    }

    @Test
    void anIdThatWasShownBeforeIsNoBoot() {
        assertThat(after(Duration.ofHours(1), "second")).isEqualTo(Telling.BOOT);
        assertThat(after(Duration.ofHours(1), "first")).isEqualTo(Telling.NOTHING);
        assertThat(after(Duration.ofHours(1), "second")).isEqualTo(Telling.NOTHING);
        assertThat(after(Duration.ofHours(1), "third")).isEqualTo(Telling.BOOT);
    }

    @Test
    void aClockThatGoesBackEndsNoSilence() {
        for (int boot = 0; boot <= Boots.MOST; boot++) {
            after(Duration.ofSeconds(1), "boot-" + boot);
        }
        assertThat(Collections.nCopies(3, Duration.ofDays(-1)).stream().map(back -> after(back, "x" + at)))
                .containsOnly(Telling.NOTHING);
        assertThat(boots.silent()).isTrue();
    }

    private Telling after(Duration time, String next) {
        at = at.plus(time);
        Telling telling = boots.changed(shown, next, at);
        shown = next;
        return telling;
    }
}
