package io.redfleet.monitrc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever is given: a file, or faults with their places, and soon. {@code -Dseed} repeats a run. */
class FuzzTest {
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final int FILES = Integer.getInteger("files", 20_000);
    private static final Duration ALL_WITHIN = Duration.ofMinutes(2);
    private static final Duration ONE_WITHIN = Duration.ofSeconds(10);
    private static final String VALID = """
            set daemon 5
            set httpd port 2812 and use address localhost allow admin:monit
            check process redis-server with pidfile "/run/redis.pid"
              start program = "/etc/init.d/redis-server start" with timeout 60 seconds
              stop program = "/etc/init.d/redis-server stop"
              group redis
              if failed host 127.0.0.1 port 6379 protocol redis for 2 times within 4 cycles then restart
                else if succeeded for 2 cycles then alert
              if changed pid then alert
              if total memory > 2 GB for 3 cycles then exec "/usr/bin/true" repeat every 3 cycles
              if 5 restarts within 5 cycles then timeout
            check host b with address '::1' depends on redis-server if failed ping count 3 then alert
            check filesystem root with path / if space usage > 80% then alert
            """;
    private static final List<String> WORDS = List.of(
            "check",
            "process",
            "host",
            "system",
            "with",
            "pidfile",
            "matching",
            "address",
            "start",
            "stop",
            "program",
            "=",
            "if",
            "failed",
            "port",
            "then",
            "restart",
            "alert",
            "else",
            "succeeded",
            "for",
            "times",
            "within",
            "cycles",
            "5",
            "0",
            "99999999999999999999",
            "127.0.0.1",
            "'",
            "\"",
            "\"a b\"",
            "#",
            "\n",
            "(",
            ")",
            "%",
            "{",
            "}",
            ",",
            "restarts",
            "timeout",
            "exec",
            "set",
            "daemon",
            "httpd",
            "include",
            "not",
            "exist",
            "changed",
            "pid",
            "every",
            "depends",
            "on",
            "a",
            "\u0000",
            "\u00fc",
            "\ud83d\ude00",
            "::",
            "[::1]",
            "protocol",
            "redis",
            "send",
            "expect");

    private final Random random = new Random(SEED);

    @Test
    void noTextMakesItFailAndEveryFaultHasItsPlace() {
        int[] read = new int[1];
        assertTimeoutPreemptively(ALL_WITHIN, () -> {
            for (int i = 0; i < FILES; i++) {
                String text = random.nextBoolean() ? changed(VALID) : soup();
                Reading reading = Monitrc.read(text);
                read[0] += reading.ok() ? 1 : 0;
                assertThat(reading.faults())
                        .as("seed %d, file %d:%n%s", SEED, i, text)
                        .allSatisfy(fault -> {
                            assertThat(fault.line()).isPositive();
                            assertThat(fault.column()).isPositive();
                            assertThat(fault.what()).isNotBlank();
                        });
                if (reading.ok()) {
                    ControlFile again =
                            Monitrc.read(Monitrc.write(reading.file())).file();
                    assertThat(again.checks())
                            .as("seed %d, file %d:%n%s", SEED, i, text)
                            .usingRecursiveComparison()
                            .ignoringFields("line")
                            .isEqualTo(reading.file().checks());
                }
            }
        });
        System.out.printf("control files: seed=%d of %d taken %d%n", SEED, FILES, read[0]);
        assertThat(read[0]).as("files that were taken").isPositive();
    }

    @Test
    void aLongFileTakesTimeInProportion() {
        for (String part : List.of(
                "if failed port 1 then alert ",
                "set alert a ",
                "check host a address b ",
                "( ",
                "alert x ",
                "if failed uid 1 ",
                "depends on x, ")) {
            String text = "check process a matching b " + part.repeat(Monitrc.CHARS_MAX / part.length() - 2);
            assertTimeoutPreemptively(ONE_WITHIN, () -> Monitrc.read(text), part);
        }
        assertThat(Monitrc.read("x".repeat(Monitrc.CHARS_MAX + 1)).faults()).hasSize(1);
    }

    /** A letter, a word or a line of it taken out, put in, or put elsewhere. */
    private String changed(String text) {
        StringBuilder changed = new StringBuilder(text);
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(changed.length());
            int until = Math.min(changed.length(), at + 1 + random.nextInt(12));
            switch (random.nextInt(4)) {
                case 0 -> changed.delete(at, until);
                case 1 -> changed.insert(at, " " + word() + " ");
                case 2 -> changed.insert(random.nextInt(changed.length()), changed.substring(at, until));
                default -> changed.setCharAt(at, (char) (random.nextInt(95) + 32));
            }
        }
        return changed.toString();
    }

    private String soup() {
        StringBuilder soup = new StringBuilder();
        for (int i = random.nextInt(40); i >= 0; i--) {
            soup.append(word()).append(random.nextInt(5) == 0 ? "" : " ");
        }
        return soup.toString();
    }

    private String word() {
        return WORDS.get(random.nextInt(WORDS.size()));
    }
}
