package io.redfleet.provisioner.edge.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ShellWordTest {
    /** What shells treat specially, and what breaks naive quoting. */
    private static final String SPICE = "'\"\\`$(){}[]<>|&;*?~!#^%=-+@,:./ \t\n\r\u0001\u007f\u00e9\u20ac0aZ";

    /** 100,000 words; {@code sh} is dash on Debian and bash elsewhere. */
    @Test
    void whateverIsQuotedARealShellReadsBack() throws Exception {
        long seed = Long.getLong("seed", 20261122L);
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            List<String> words = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                words.add(word(random));
            }
            assertThat(readBack(words)).as("seed %d, round %d", seed, round).isEqualTo(words);
        }
    }

    @Test
    void aCommandInjectedThroughAnArgumentDoesNotRun() throws Exception {
        assertThat(readBack(List.of("'; echo owned; '", "$(echo owned)", "`echo owned`", "\nreplicaof 1.2.3.4 1")))
                .containsExactly("'; echo owned; '", "$(echo owned)", "`echo owned`", "\nreplicaof 1.2.3.4 1");
    }

    @Test
    void aNulIsRefused() {
        assertThatThrownBy(() -> ShellWord.quote("a\0b")).isInstanceOf(IllegalArgumentException.class);
    }

    private static String word(Random random) {
        return random.ints(random.nextInt(24), 0, SPICE.length())
                .mapToObj(i -> SPICE.substring(i, i + 1))
                .collect(Collectors.joining());
    }

    /** Lets the shell print each word with an end mark that no word contains. */
    private static List<String> readBack(List<String> words) throws Exception {
        String command = "printf '%s\\002' " + ShellWord.command(words);
        Process sh = new ProcessBuilder("/bin/sh", "-c", command)
                .redirectErrorStream(true)
                .start();
        String said = new String(sh.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(sh.waitFor()).isZero();
        List<String> read = new ArrayList<>(List.of(said.split("\u0002", -1)));
        read.removeLast();
        return read;
    }
}
