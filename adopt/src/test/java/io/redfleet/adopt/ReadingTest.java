package io.redfleet.adopt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How much a stranger can have kept. */
class ReadingTest {
    @Test
    void nothingIsKeptThatNobodyAsksFor() {
        String many =
                IntStream.range(0, 50_000).mapToObj(i -> "x" + i + ":1\r\n").collect(Collectors.joining());
        assertThat(Reading.info(
                        new Answer.Text("# Replication\r\nrole:master\r\n" + many + "slave0:ip=a\r\nslave1234:b\r\n")))
                .isEqualTo(Map.of("role", "master", "slave0", "ip=a"));
        assertThat(Reading.fields(list("a", "b", "ip", "10.0.0.1", "ip"))).isEqualTo(Map.of("ip", "10.0.0.1"));
    }

    @Test
    void ofALongListTheFirstEntriesAreKeptAndTheMasterThatIsMeant() {
        Answer list = new Answer.Many(IntStream.range(0, 2_000)
                .mapToObj(i -> list("name", "m" + i, "port", "6379"))
                .toList());
        assertThat(Reading.entries(list))
                .hasSize(Reading.MOST_ENTRIES)
                .last()
                .isEqualTo(entry(Reading.MOST_ENTRIES - 1));
        assertThat(Reading.names(list)).hasSize(2_000);
        assertThat(Reading.masters(list, "m1999"))
                .hasSize(Reading.MOST_ENTRIES + 1)
                .last()
                .isEqualTo(entry(1_999));
        assertThat(Reading.masters(list, "m3")).hasSize(Reading.MOST_ENTRIES);
    }

    private static Map<String, String> entry(int number) {
        return Map.of("name", "m" + number, "port", "6379");
    }

    private static Answer list(String... words) {
        return new Answer.Many(
                List.of(words).stream().<Answer>map(Answer.Text::new).toList());
    }
}
