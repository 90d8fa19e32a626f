package io.redfleet.local.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RotaTest {
    private static final Instant NOW = Instant.parse("2026-03-08T12:00:00Z");

    @Test
    void aNameSaysWhenAndNothingElseDoes() {
        assertThat(Rota.name(NOW)).isEqualTo("redfleet-20260308T120000Z.backup");
        assertThat(Rota.at(Rota.name(NOW))).contains(NOW);
        assertThat(Rota.at("redfleet-yesterday.backup")).isEmpty();
        assertThat(Rota.at(".redfleet-20260308T120000Z.backup123.part")).isEmpty();
        assertThat(Rota.at("failed")).isEmpty();
        assertThat(Rota.at("redfleet-.backup")).isEmpty();
        assertThat(Rota.at("redfleet-backup")).isEmpty();
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource({
        "PT1H, false, an hour old",
        "PT23H58M, false, not yet a day old",
        "PT24H, true, a day old",
        "-PT5H, true, of the future: from before the clock was set right"
    })
    void aBackupIsDueADayAfterTheLast(Duration age, boolean due, String which) {
        assertThat(Rota.due(List.of(Rota.name(NOW.minus(age))), NOW)).as(which).isEqualTo(due);
        assertThat(Rota.due(List.of(), NOW)).isTrue();
    }

    @Test
    void theSevenNewestStayAndTheOneThatWasJustMadeWhateverTheClockSays() {
        List<String> nine = IntStream.range(0, 9)
                .mapToObj(day -> Rota.name(NOW.minus(Duration.ofDays(day))))
                .toList();
        assertThat(Rota.surplus(nine, nine.getFirst())).containsExactlyInAnyOrder(nine.get(7), nine.get(8));
        assertThat(Rota.surplus(nine.subList(0, 7), nine.getFirst())).isEmpty();
        // The clock went back: what was just made bears the oldest name.
        assertThat(Rota.surplus(nine, nine.get(8))).containsExactlyInAnyOrder(nine.get(6), nine.get(7));
        assertThat(Rota.surplus(List.of("failed", "mine.zip"), "x")).isEmpty();
    }
}
