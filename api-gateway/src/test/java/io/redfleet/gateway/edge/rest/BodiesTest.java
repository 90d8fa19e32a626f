package io.redfleet.gateway.edge.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redfleet.contracts.wire.Violation;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BodiesTest {
    @Test
    void theOnlyFieldOfASmallBodyIsItsText() {
        assertThat(Bodies.only(body("{\"confirm\":\"stop the master\"}"), "confirm"))
                .isEqualTo("stop the master");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "{\"confirm\":null}", "{\"confirm\":\"\"}"})
    void aFieldThatIsLeftOutIsTheEmptyText(String body) {
        assertThat(Bodies.only(body(body), "confirm")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"confirm":5}                | confirm | 5            | a string
            {"confirm":true}             | confirm | true         | a string
            {"confirm":["x"]}            | confirm | ["x"]        | a string
            {"confirm":{"a":1}}          | confirm | {"a":1}      | a string
            {"confrim":"x"}              | confrim | x            | not a field; known here: confirm
            {"confirm":"x","force":true} | force   | true         | not a field; known here: confirm
            {"Confirm":null}             | Confirm | null         | not a field; known here: confirm
            """)
    void whatASmallBodyDoesNotHaveIsRefusedByName(String body, String field, String value, String rule) {
        assertThatThrownBy(() -> Bodies.only(body(body), "confirm"))
                .isInstanceOfSatisfying(ProblemException.class, refused -> {
                    assertThat(refused.problem().status()).isEqualTo(422);
                    assertThat(refused.problem().errors()).containsExactly(new Violation(field, value, rule));
                });
    }

    private static InputStream body(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
