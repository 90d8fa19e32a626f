package io.redfleet.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.redfleet.bus.brake.BrakeFiles;
import io.redfleet.cli.gateway.LocalBrake;
import io.redfleet.contracts.cluster.Label;
import io.redfleet.contracts.health.LabelBrakes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line, which does not know the contracts, writes what the services read. */
class OneBrakeTest {
    private static final String ALPHABET = "aZ09._/-=% \n~";
    private static final int WORDS = 20_000;

    @TempDir
    Path home;

    @ParameterizedTest
    @ValueSource(strings = {"env=prod", "a/b=c/d", "tier=", "team.x=check-out_1", "0=0"})
    void aLabelThatIsPulledHereHoldsItsClustersThere(String label) throws IOException {
        new LocalBrake(home).pull(label, "a test");

        assertThat(BrakeFiles.read(home).labels()).containsExactly(new Label(label));
    }

    @Test
    void bothHaveOneFormOfALabel() {
        RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
        String longest = "k".repeat(63) + "=" + "v".repeat(63);
        assertThat(LocalBrake.isLabel(longest)).isTrue().isEqualTo(Label.allowed(longest));
        assertThat(LocalBrake.isLabel("k" + longest)).isFalse().isEqualTo(Label.allowed("k" + longest));
        assertThat(LocalBrake.isLabel(longest + "v")).isFalse().isEqualTo(Label.allowed(longest + "v"));
        for (int i = 0; i < WORDS; i++) {
            String word = word(random) + "=" + word(random);
            assertThat(LocalBrake.isLabel(word)).as(word).isEqualTo(Label.allowed(word));
        }
    }

    @Test
    void asManyAsCanBePulledAreReadOneByOne() throws IOException {
        LocalBrake brake = new LocalBrake(home);
        for (int i = 0; i < LabelBrakes.MOST; i++) {
            brake.pull("n=" + i, "a test");
        }

        assertThat(BrakeFiles.read(home).labels()).hasSize(LabelBrakes.MOST);
        assertThatIOException()
                .isThrownBy(() -> brake.pull("n=" + LabelBrakes.MOST, "a test"))
                .withMessageContaining(LabelBrakes.MOST + " labels");

        Files.createFile(brake.file("n=" + LabelBrakes.MOST));
        assertThat(BrakeFiles.read(home).everywhere()).contains("more than " + LabelBrakes.MOST);
    }

    private static String word(RandomGenerator random) {
        StringBuilder word = new StringBuilder();
        IntStream.range(0, random.nextInt(4))
                .forEach(i -> word.append(ALPHABET.charAt(random.nextInt(ALPHABET.length()))));
        return word.toString();
    }
}
