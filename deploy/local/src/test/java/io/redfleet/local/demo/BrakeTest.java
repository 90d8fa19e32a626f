package io.redfleet.local.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.redfleet.cli.gateway.LocalBrake;
import io.redfleet.contracts.health.LabelBrakes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BrakeTest {
    private static final String BY_BOB =
            "\"reason\":\"rack 4\",\"actor\":{\"name\":\"bob\"},\"since\":\"2031-02-03T04:05:06Z\"";

    @TempDir
    Path home;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"brake\":null}",
                "{\"brake\":{\"disarmed\":false,\"reason\":\"done\",\"labelled\":{\"count\":0,\"brakes\":[]}}}",
                "{\"brake\":{\"disarmed\":false,\"labelled\":{\"brakes\":[{\"label\":\"team=search\"}]}}}",
                "{\"brake\":{\"disarmed\":false,\"labelled\":{\"brakes\":[{\"label\":\"no label\"}]}}}"
            })
    void anArmedFleetHoldsNothingBack(String fleet) throws Exception {
        assertThat(Brake.byOrder(read(fleet))).isEmpty();
        assertThat(Brake.byFile(home)).isEmpty();
    }

    @Test
    void aDisarmedFleetIsToldWithSinceWhenAndWhyAndWhatEndsIt() throws Exception {
        assertThat(Brake.byOrder(read("{\"brake\":{\"disarmed\":true," + BY_BOB + "}}")))
                .hasValueSatisfying(said -> assertThat(said)
                        .startsWith("the fleet is disarmed since 2031-02-03T04:05:06Z by bob: rack 4\n")
                        .endsWith(": ./redfleet rearm"));
    }

    @Test
    void aWaitInVainNamesTheBrakeAndWhatEndsIt() throws Exception {
        String brake = Brake.byOrder(read("{\"brake\":{\"disarmed\":true," + BY_BOB + "}}"))
                .orElseThrow();
        assertThat(Brake.inVain("waited 60.0 s for the cluster to be ready", brake))
                .isEqualTo("""
                        waited 60.0 s for the cluster to be ready
                          Nothing is done by itself meanwhile: the fleet is disarmed since 2031-02-03T04:05:06Z by bob: rack 4
                          When the reason is gone: ./redfleet rearm""");
    }

    @Test
    void aLabelOfTheDemosClusterIsToldWithItsOwnEnd() throws Exception {
        String brakes = "[{\"label\":\"team=search\"," + BY_BOB + "},{\"label\":\"env=demo\"," + BY_BOB + "}]";
        assertThat(Brake.byOrder(read("{\"brake\":{\"disarmed\":false,\"labelled\":{\"brakes\":" + brakes + "}}}")))
                .hasValueSatisfying(said -> assertThat(said)
                        .startsWith("label env=demo is disarmed since 2031-02-03T04:05:06Z by bob: rack 4\n")
                        .endsWith(": ./redfleet rearm --label env=demo"));
    }

    @Test
    void whatWasPulledOnThisMachineHoldsToo() throws Exception {
        LocalBrake brake = new LocalBrake(home);
        brake.pull("team=search", "load test");
        assertThat(Brake.byFile(home)).isEmpty();
        brake.pull("team=checkout", "load test");
        assertThat(Brake.byFile(home))
                .hasValueSatisfying(said -> assertThat(said)
                        .contains("label team=checkout is disarmed by a file on this machine")
                        .endsWith(": ./redfleet rearm --label team=checkout"));
        Path all = Files.writeString(home.resolve("disarmed"), "moving house\n");
        Files.setLastModifiedTime(all, FileTime.from(Instant.parse("2031-02-03T04:05:06Z")));
        assertThat(Brake.byFile(home))
                .hasValueSatisfying(said -> assertThat(said)
                        .contains(all + " stands since 2031-02-03T04:05:06Z: moving house\n")
                        .endsWith(": ./redfleet rearm"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, LabelBrakes.MOST + 1})
    void whatNoOrderEndsIsToldWithWhatHasToBeRemoved(int entries) throws Exception {
        Path labels = Files.createDirectory(home.resolve("disarmed.labels"));
        for (int i = 0; i < entries; i++) {
            Files.createFile(labels.resolve(entries == 1 ? "checkout" : "n=" + i));
        }
        String why = entries == 1 ? "the entry 'checkout' of " + labels : labels + " has more than 100 entries";
        assertThat(Brake.byFile(home))
                .hasValueSatisfying(said -> assertThat(said)
                        .startsWith("the fleet is disarmed on this machine: " + why)
                        .contains("When the reason is gone: remove by hand from " + labels + " what names no label")
                        .doesNotContain("./redfleet rearm"));
    }

    @Test
    void whatCannotBeReadIsToldWithWhatHasToBeRemoved() throws Exception {
        Path labels = Files.writeString(home.resolve("disarmed.labels"), "team=checkout\n");
        assertThat(Brake.byFile(home))
                .hasValueSatisfying(said -> assertThat(said)
                        .contains(labels + " cannot be read")
                        .endsWith("When the reason is gone: remove " + labels
                                + " by hand, or make it a directory that can be read"));
    }

    @Test
    void theFileOfTheWholeFleetEndsByTheOrderWhateverIsBesideIt() throws Exception {
        Files.createFile(Files.createDirectory(home.resolve("disarmed.labels")).resolve("checkout"));
        Files.writeString(home.resolve("disarmed"), "moving house\n");
        assertThat(Brake.byFile(home))
                .hasValueSatisfying(said -> assertThat(said).endsWith(": ./redfleet rearm"));
    }

    /** Else a label could hold the demo without being looked for. */
    @ParameterizedTest
    @ValueSource(strings = {"orders.yaml", "orders-systemd.yaml"})
    void theTemplatesHaveTheLabelsThatAreLookedFor(String template) throws Exception {
        String said = Files.readString(Path.of("demo", template));
        assertThat(said.lines()).contains("  labels: {team: checkout, env: demo}");
        assertThat(Brake.LABELS).hasSize(2).containsEntry("team", "checkout").containsEntry("env", "demo");
    }

    private static JsonNode read(String json) throws JsonProcessingException {
        return new ObjectMapper().readTree(json);
    }
}
