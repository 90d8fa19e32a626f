package io.redfleet.provisioner.survey;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.SshSpec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What lies above a host's directory, and as survey.sh finds it with a real shell. */
@Timeout(60)
class AncestorTest {
    private static final HostSpec HOST = new HostSpec(
            new HostName("r1"), "10.0.0.1", "", new SshSpec("ops", 22, "ops", null), "redfleet", List.of());

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"755, false", "775, false", "700, false", "0, false", "777, true", "757, true", "2777, true", "2, true"
    })
    void whatEverybodyMayWriteIsOpen(String mode, boolean open) {
        assertThat(new Ancestor("/srv", mode).letsAnybodySwap()).isEqualTo(open);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1777", "1757", "3777", "1755"})
    void inAStickyOneAllHaveTheirOwnAlone(String mode) {
        assertThat(new Ancestor("/tmp", mode).letsAnybodySwap()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "777", "777 srv", "999 /srv", "-1 /srv", "123456 /srv", " /srv"})
    void whatIsNoModeAndPathIsNotTaken(String line) {
        assertThat(Ancestor.read(line)).isEmpty();
    }

    @Test
    void eachDirectoryAboveIsFoundAlsoWhereTheBaseIsNotThereAndWhereALinkLeads() throws Exception {
        Path open = Files.createDirectories(directory.resolve("open"));
        Path deep = Files.createDirectories(open.resolve("deep"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), deep);
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.setPosixFilePermissions(deep, PosixFilePermissions.fromString("rwxr-x---"));

        assertThat(above(deep.resolve("none/yet")))
                .contains(new Ancestor("" + open, "777"), new Ancestor("" + deep, "750"))
                .extracting(Ancestor::path)
                .endsWith("/")
                .doesNotContain("" + deep.resolve("none"));
        assertThat(above(deep)).extracting(Ancestor::path).doesNotContain("" + deep);
        assertThat(above(link)).as("where it leads").contains(new Ancestor("" + open, "777"));
        assertThat(above(open)).noneMatch(ancestor -> ancestor.path().equals("" + open));
    }

    private List<Ancestor> above(Path base) throws Exception {
        Script script = Scripts.of(
                Surveyor.class, "survey", Duration.ofSeconds(20), List.of("" + base, "orders", "orders", "--", "/"));
        List<String> command = new ArrayList<>(List.of("sh", "-s", "--"));
        command.addAll(script.arguments());
        Process shell = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        shell.getOutputStream().write(script.text().getBytes(StandardCharsets.UTF_8));
        shell.getOutputStream().close();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return SurveyText.read(HOST, said, Instant.EPOCH).orElseThrow().above();
    }
}
