package io.redfleet.provisioner.survey;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.SshSpec;
import io.redfleet.provisioner.tuning.HostFiles;
import io.redfleet.provisioner.tuning.KernelKey;
import io.redfleet.provisioner.tuning.TuningPart;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What survey.sh finds of a whole machine, with a real shell, below a directory that looks like one. */
@Timeout(60)
class MachineSurveyTest {
    private static final HostSpec HOST = new HostSpec(
            new HostName("r1"), "10.0.0.1", "", new SshSpec("ops", 22, "ops", null), "redfleet", List.of());

    @TempDir
    Path root;

    @TempDir
    Path base;

    @Test
    void aMachineThatNobodyHasTouchedSaysWhatHolds() throws Exception {
        write("proc/sys/net/core/somaxconn", "4096");
        write("proc/sys/fs/file-max", "9223372036854775807");
        write("sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never");
        TuningSurvey seen = surveyed(KernelKey.names());
        assertThat(seen.owner()).isEmpty();
        assertThat(seen.files()).isEmpty();
        assertThat(seen.enabled()).isFalse();
        assertThat(seen.live())
                .as("without the keys that this kernel has not")
                .containsOnly(Map.entry("net.core.somaxconn", "4096"), Map.entry("fs.file-max", "9223372036854775807"));
        assertThat(seen.hugePages()).isEqualTo("madvise");
    }

    @Test
    void itSaysWhoseTheFilesAreAndWhatHeldBefore() throws Exception {
        List<String> limits = HostFiles.limits(new ClusterUid("u1"), 65_535);
        write(TuningPart.LIMITS.path().substring(1), String.join("\n", limits));
        write(TuningPart.SYSCTL.path().substring(1), "vm.swappiness = 5");
        write(TuningPart.THP.path().substring(1), "# redfleet-owner: u2\n[Unit]");
        Path link = root.resolve("etc/systemd/system/basic.target.wants/redfleet-thp.service");
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, Path.of("../redfleet-thp.service"));
        write(
                "var/lib/redfleet-host/tuning",
                "# redfleet-owner: u1\nnet.core.somaxconn 128 4096\nhugepages always never");

        TuningSurvey seen = surveyed(List.of());

        assertThat(seen.owner()).isEqualTo("u1");
        assertThat(seen.files().get(TuningPart.LIMITS))
                .isEqualTo(new TuningSurvey.File("u1", HostFiles.hash(limits), String.join("\n", limits) + "\n"));
        assertThat(seen.files().get(TuningPart.SYSCTL))
                .satisfies(file -> assertThat(file.owner()).isEqualTo(TuningSurvey.STRANGE));
        assertThat(seen.files().get(TuningPart.THP))
                .satisfies(file -> assertThat(file.owner()).isEqualTo("u2"));
        assertThat(seen.enabled()).isTrue();
        assertThat(seen.before())
                .containsOnly(Map.entry("net.core.somaxconn", "128"), Map.entry("hugepages", "always"));
        assertThat(seen.live()).as("nobody asked").isEmpty();
        assertThat(seen.hugePages()).isEmpty();
    }

    @Test
    void notesThatRedfleetDidNotMakeSayNothingOfWhatHeld() throws Exception {
        write("var/lib/redfleet-host/tuning", "mine\nnet.core.somaxconn 1 1");
        TuningSurvey seen = surveyed(List.of());
        assertThat(seen.owner()).isEqualTo(TuningSurvey.STRANGE);
        assertThat(seen.before()).isEmpty();
    }

    private TuningSurvey surveyed(List<String> keys) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(base.toString(), "orders", "orders", "--", root.toString()));
        arguments.addAll(keys);
        Script script = Scripts.of(Surveyor.class, "survey", Duration.ofSeconds(20), arguments);
        List<String> command = new ArrayList<>(List.of("sh", "-s", "--"));
        command.addAll(script.arguments());
        Process shell = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        shell.getOutputStream().write(script.text().getBytes(StandardCharsets.UTF_8));
        shell.getOutputStream().close();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return SurveyText.read(HOST, said, Instant.EPOCH).orElseThrow().tuning();
    }

    private void write(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text + "\n");
    }
}
