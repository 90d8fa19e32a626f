package io.redfleet.alert.notice;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InWordsTest {
    @ParameterizedTest
    @CsvSource(textBlock = """
            -PT1H,     less than a minute
            PT0S,      less than a minute
            PT59.999S, less than a minute
            PT1M,      1 minute
            PT1M59S,   1 minute
            PT30M,     30 minutes
            PT1H,      1 hour
            PT1H1M,    1 hour 1 minute
            PT2H5M9S,  2 hours 5 minutes
            PT23H59M,  23 hours 59 minutes
            P1D,       1 day
            PT24H59M,  1 day
            PT25H30M,  1 day 1 hour
            P400DT2H,  400 days 2 hours
            P1000000D, 1000000 days
            """)
    void aSpanIsSaidInItsTwoLargestUnits(Duration span, String words) {
        assertThat(InWords.of(span)).isEqualTo(words);
    }
}
