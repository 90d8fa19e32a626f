package io.redfleet.bus.brake;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.Label;
import io.redfleet.contracts.health.LocalBrakes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BrakeFilesTest {
    @TempDir
    Path home;

    @Test
    void aHomeWithoutFilesHoldsNothing() {
        assertThat(BrakeFiles.read(home)).isEqualTo(LocalBrakes.NONE);
        assertThat(BrakeFiles.read(home.resolve("none"))).isEqualTo(LocalBrakes.NONE);
    }

    @Test
    void theFileHoldsEverythingWhateverStandsInIt() throws IOException {
        label("team=checkout");
        Files.writeString(home.resolve("disarmed"), "");

        LocalBrakes read = BrakeFiles.read(home);

        assertThat(read.everywhere()).isEqualTo("the file " + home.resolve("disarmed") + " stands");
        assertThat(BrakeFiles.labels(home)).isEqualTo(new LocalBrakes("", List.of(new Label("team=checkout"))));
    }

    @Test
    void anEntryThatIsNotUnderstoodIsSeenBesideTheFileThatHoldsEverything() throws IOException {
        label("checkout");
        Files.writeString(home.resolve("disarmed"), "");

        assertThat(BrakeFiles.read(home).everywhere()).contains("disarmed stands");
        assertThat(BrakeFiles.labels(home).everywhere()).contains("names no label");
    }

    @Test
    void anEntryHoldsTheLabelThatItsNameSays() throws IOException {
        label("team=checkout");
        label("a%b=c%d");
        label("tier=");

        LocalBrakes read = BrakeFiles.read(home);

        assertThat(read.everywhere()).isEmpty();
        assertThat(read.labels())
                .containsExactlyInAnyOrder(new Label("team=checkout"), new Label("a/b=c/d"), new Label("tier="));
        assertThat(read.labelled(Map.of("team", "checkout")))
                .isEqualTo("the label team=checkout is disarmed by a file on this machine");
        assertThat(read.labelled(Map.of("team", "search"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "team", // a label has a value
                "team=checkout~", // an editor's copy
                ".team=checkout.swp",
                "team=checkout\nenv=prod",
                "=checkout",
                "team=check out",
                "..=..",
                "team=%",
            })
    void whatIsNotUnderstoodHoldsEverything(String name) throws IOException {
        label("team=checkout");
        label(name);

        String why = BrakeFiles.read(home).everywhere();

        assertThat(why).contains("names no label (key=value").doesNotContain("\n");
    }

    @Test
    void aHundredAreReadAndNotOneMore() throws IOException {
        for (int i = 0; i < 100; i++) {
            label("team=t" + i);
        }
        assertThat(BrakeFiles.read(home).labels()).hasSize(100);

        for (int i = 100; i < 10_000; i++) {
            label("team=t" + i);
        }

        assertThat(BrakeFiles.read(home).everywhere()).contains("more than 100 entries");
    }

    @Test
    void whatIsNoDirectoryHoldsEverything() throws IOException {
        Files.writeString(home.resolve("disarmed.labels"), "team=checkout\n".repeat(10_000));

        assertThat(BrakeFiles.read(home).everywhere()).endsWith("disarmed.labels cannot be read");
    }

    @Test
    void aLoopOfLinksHoldsEverything() throws IOException {
        Files.createSymbolicLink(home.resolve("disarmed.labels"), home.resolve("disarmed.labels"));

        assertThat(BrakeFiles.read(home).everywhere()).endsWith("disarmed.labels cannot be read");
    }

    private void label(String name) throws IOException {
        Path directory = Files.createDirectories(home.resolve("disarmed.labels"));
        Files.writeString(directory.resolve(name), "hostile\ncontent\n");
    }
}
