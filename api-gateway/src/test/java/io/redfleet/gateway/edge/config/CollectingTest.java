package io.redfleet.gateway.edge.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CollectingTest {
    @ParameterizedTest
    @CsvSource({"127.0.0.1:8474, 127.0.0.1, 8474", "[::1]:1, ::1, 1", "0.0.0.0:65535, 0.0.0.0, 65535"})
    void anAddressIsTakenApart(String text, String host, int port) {
        assertThat(Collecting.address(text).host()).isEqualTo(host);
        assertThat(Collecting.address(text).port()).isEqualTo(port);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "8474", ":8474", "localhost", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:many"})
    void whatIsNoneEndsTheStartWithTheSettingAndTheRule(String text) {
        assertThatThrownBy(() -> Collecting.address(text))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("redfleet.gateway.collector is '" + text + "'")
                .hasMessageContaining("ADDRESS:PORT");
    }
}
