package io.redfleet.gateway.edge.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlTextTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a: yes      | {"a":"yes"}
            a: off      | {"a":"off"}
            a: true     | {"a":true}
            a: ~        | {"a":null}
            a:          | {"a":null}
            a: 6379     | {"a":6379}
            a: 007      | {"a":"007"}
            a: 0x1f     | {"a":"0x1f"}
            a: 10:30    | {"a":"10:30"}
            a: 7.0      | {"a":7.0}
            a: 1e9      | {"a":"1e9"}
            a: "7.0"    | {"a":"7.0"}
            a: 2026-11-22 | {"a":"2026-11-22"}
            a: .inf     | {"a":".inf"}
            1: x        | {"1":"x"}
            """)
    void plainWordsMeanWhatTheirAuthorMeant(String yaml, String json) {
        assertThat(YamlText.parse(yaml).toString()).isEqualTo(json);
    }

    @Test
    @Timeout(10)
    void nestingIsRefusedBeforeItCostsAnything() {
        for (String open : new String[] {"[", "{a: ", "- "}) {
            assertThatThrownBy(() -> YamlText.parse(open.repeat(100_000))).isInstanceOf(ProblemException.class);
        }
    }

    @Test
    @Timeout(10)
    void aMegabyteOfFlatYamlIsReadInReasonableTime() {
        long before = System.nanoTime();
        assertThat(YamlText.parse("- some words of a list\n".repeat(40_000)).size())
                .isEqualTo(40_000);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(8));
    }
}
