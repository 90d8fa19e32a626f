package io.redfleet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.cli.verb.World;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class VerbsTest {
    private static final World WORLD = new World(
            Map.of(),
            new ByteArrayInputStream(new byte[0]),
            new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
            new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
            false,
            InstantSource.system());

    /** Nothing that a verb says of itself may depend on who is there besides. */
    @Test
    void aVerbThatIsAskedForIsThereAloneAndTheSame() {
        Map<String, CommandLine> all = Verbs.over(WORLD).getSubcommands();
        assertThat(all).containsKeys("apply", "take-in", "failover", "token", "help", "completion", "up");
        all.forEach((name, verb) -> {
            assertThat(verb.getCommandName()).isEqualTo(name);
            Map<String, CommandLine> lone = Verbs.over(WORLD, name, "--help").getSubcommands();
            if (name.equals("help") || name.equals("completion")) {
                assertThat(lone.keySet()).isEqualTo(all.keySet());
            } else {
                assertThat(lone).containsOnlyKeys(name);
            }
            assertThat(Objects.requireNonNull(lone.get(name)).getUsageMessage()).isEqualTo(verb.getUsageMessage());
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"aply", "--help", ""})
    void allAreThereForAWordThatIsNoVerb(String word) {
        assertThat(Verbs.over(WORLD, word).getSubcommands().keySet())
                .isEqualTo(Verbs.over(WORLD).getSubcommands().keySet());
    }
}
