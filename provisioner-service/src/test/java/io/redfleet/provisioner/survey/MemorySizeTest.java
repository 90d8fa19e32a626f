package io.redfleet.provisioner.survey;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Amounts in Redis's own words, as its config.c takes them. */
class MemorySizeTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "67108864, 67108864",
        "1b, 1",
        "1k, 1000",
        "1kb, 1024",
        "2M, 2000000",
        "2Mb, 2097152",
        "3g, 3000000000",
        "' 3GB ', 3221225472",
        "999999999999999gb, 9223372036854775807",
    })
    void anAmountIsSoManyBytes(String said, long bytes) {
        assertThat(MemorySize.bytes(said)).isEqualTo(OptionalLong.of(bytes));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "gb", "-1", "1.5gb", "1 gb", "1tb", "50%", "9999999999999999", "volatile-lru"})
    void whatIsNoAmountIsNone(String said) {
        assertThat(MemorySize.bytes(said)).isEmpty();
    }
}
