package io.redfleet.provisioner.edge.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code redfleet.drift.every}. */
class LookEveryTest {
    @ParameterizedTest
    @CsvSource({"10m, PT10M", "PT10M, PT10M", "90, PT1M30S", "1s, PT1S", "7d, PT168H", "' 1h ', PT1H"})
    void isADuration(String text, Duration every) {
        assertThat(LookEvery.read(text)).hasValue(every);
    }

    @ParameterizedTest
    @ValueSource(strings = {"off", "OFF", "0", "0s", "PT0S"})
    void orNever(String text) {
        assertThat(LookEvery.read(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "never", "10 minutes", "999ms", "8d", "-10m", "PT-5M"})
    void anythingElseStopsTheStart(String text) {
        assertThatThrownBy(() -> LookEvery.read(text))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("redfleet.drift.every")
                .hasMessageContaining("'" + text + "'")
                .hasMessageContaining("1s to 7d");
    }
}
