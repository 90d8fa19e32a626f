package io.redfleet.local.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DemoWishTest {
    @ParameterizedTest
    @CsvSource({
        "'', false, false, 0",
        "--hosts, true, false, 0",
        "--down, false, true, 0",
        "--hosts --down, true, true, 0",
        "--port-offset 30, false, false, 30",
        "--port-offset=30 --hosts, true, false, 30"
    })
    void wordsAreRead(String words, boolean hosts, boolean down, int offset) {
        DemoWish wish = read(words, Map.of());
        assertThat(wish.hosts()).isEqualTo(hosts);
        assertThat(wish.down()).isEqualTo(down);
        assertThat(wish.ports().offset()).isEqualTo(offset);
    }

    @Test
    void theEnvironmentsOffsetIsTakenWhereNoneIsSaid() {
        assertThat(read("--hosts", Map.of("REDFLEET_PORT_OFFSET", "7")).ports().offset())
                .isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource({
        "--host, unknown word --host",
        "--hosts --again, unknown word --again",
        "--port-offsets 3, unknown word --port-offsets",
        "--port-offset, --port-offset needs a number",
        "--port-offset --hosts, '--hosts'"
    })
    void whatIsNoneIsRefusedByItsName(String words, String why) {
        assertThatThrownBy(() -> read(words, Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    private static DemoWish read(String words, Map<String, String> environment) {
        return DemoWish.of(words.isEmpty() ? new String[0] : words.split(" ", -1), environment);
    }
}
