package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.provisioner.lease.LeaseProcess;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Scripts;
import io.redfleet.provisioner.tuning.HostFiles;
import io.redfleet.provisioner.tuning.HostTuning.HugePages;
import io.redfleet.provisioner.tuning.TuningPart;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** tune.sh with a real shell, on a directory that looks like a machine. Nothing of this one is written. */
@Timeout(120)
class TuneScriptTest {
    private static final String SOMAXCONN = "proc/sys/net/core/somaxconn";
    private static final String SWAPPINESS = "proc/sys/vm/swappiness";
    private static final String HUGE_PAGES = "sys/kernel/mm/transparent_hugepage/enabled";
    private static final String NOTES = "var/lib/redfleet-host/tuning";
    private static final String LINK = "etc/systemd/system/basic.target.wants/redfleet-thp.service";
    private static final ClusterUid OWNER = new ClusterUid("u1");

    @TempDir
    Path base;

    @TempDir
    Path root;

    private LeaseProcess lease;

    @BeforeEach
    void aMachine() throws IOException {
        write(SOMAXCONN, "128");
        write(SWAPPINESS, "60");
        write(HUGE_PAGES, "[always] madvise never");
        write("etc/pam.d/su", "session    required   pam_limits.so");
        Files.createDirectories(root.resolve("run/systemd/system"));
        lease = LeaseProcess.start(base, "lease-1", 60);
        assertThat(lease.beat()).startsWith("held");
    }

    @AfterEach
    void itIsGivenBack() throws IOException {
        lease.close();
    }

    @Test
    void whatHoldsIsSetAndTheFileIsWrittenAndASecondTimeNothingIs() throws Exception {
        Map<String, String> wanted = Map.of("net.core.somaxconn", "4096", "vm.swappiness", "1");
        assertThat(sysctl(OWNER, wanted)).isEqualTo("0 changed");

        assertThat(read(SOMAXCONN)).isEqualTo("4096");
        assertThat(read(SWAPPINESS)).isEqualTo("1");
        assertThat(file(TuningPart.SYSCTL)).isEqualTo(text(HostFiles.sysctl(OWNER, new TreeMap<>(wanted))));
        assertThat(read(NOTES)).isEqualTo("# redfleet-owner: u1\nnet.core.somaxconn 128 4096\nvm.swappiness 60 1");
        for (String path : List.of(NOTES, TuningPart.SYSCTL.path().substring(1))) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve(path))))
                    .as(path)
                    .isEqualTo("rw-r--r--");
        }
        assertThat(sysctl(OWNER, wanted)).isEqualTo("0 unchanged");
    }

    @Test
    void whatDriftedIsSetAgainAndWhatHeldFirstStaysNoted() throws Exception {
        sysctl(OWNER, Map.of("vm.swappiness", "1"));
        write(SWAPPINESS, "30");
        assertThat(sysctl(OWNER, Map.of("vm.swappiness", "1"))).isEqualTo("0 changed");
        assertThat(read(SWAPPINESS)).isEqualTo("1");
        assertThat(read(NOTES)).endsWith("vm.swappiness 60 1");

        Files.writeString(root.resolve(TuningPart.SYSCTL.path().substring(1)), "# redfleet-owner: u1\n");
        assertThat(sysctl(OWNER, Map.of("vm.swappiness", "1"))).isEqualTo("0 changed");
        assertThat(file(TuningPart.SYSCTL)).contains("vm.swappiness = 1");
    }

    @Test
    void whereMoreWillDoNothingIsLowered() throws Exception {
        write("proc/sys/fs/file-max", "9223372036854775807");
        assertThat(ran("u1", "set", "sysctl", "fs.file-max", "least", "1000000", "--", "# redfleet-owner: u1"))
                .isEqualTo("0 changed");
        assertThat(read("proc/sys/fs/file-max")).isEqualTo("9223372036854775807");
    }

    @Test
    void moreThanAShellCanCountIsNotLowered() throws Exception {
        write("proc/sys/fs/file-max", "18446744073709551615");
        assertThat(ran("u1", "set", "sysctl", "fs.file-max", "least", "1000000", "--", "# redfleet-owner: u1"))
                .isEqualTo("0 changed");
        assertThat(read("proc/sys/fs/file-max")).isEqualTo("18446744073709551615");
    }

    @Test
    void whereWhatHeldCannotBeNotedNothingIsSet() throws Exception {
        List<String> words = List.of("u1", "set", "sysctl", "vm.swappiness", "is", "1", "--", "# redfleet-owner: u1");
        assertThat(said("trap '' XFSZ\nulimit -f 0\n", "lease-1", words))
                .startsWith("1 ")
                .contains(NOTES + ".new cannot be written; is the disk full?");
        assertThat(root.resolve(NOTES)).doesNotExist();
        assertThat(read(SWAPPINESS)).isEqualTo("60");

        Path sync = Files.createDirectory(base.resolve("programs")).resolve("sync");
        Files.writeString(sync, "#!/bin/sh\necho no disk >&2\nexit 1\n");
        Files.setPosixFilePermissions(sync, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(said("PATH=" + sync.getParent() + ":$PATH\n", "lease-1", words))
                .startsWith("1 ")
                .contains(NOTES + ".new cannot be brought to the disk: no disk");
        assertThat(root.resolve(NOTES)).doesNotExist();
        assertThat(read(SWAPPINESS)).isEqualTo("60");

        assertThat(said("", "lease-1", words)).isEqualTo("0 changed");
        assertThat(read(NOTES)).endsWith("vm.swappiness 60 1");
    }

    @Test
    void whatHeldStaysNotedThoughSomebodyHasRemovedTheFile() throws Exception {
        sysctl(OWNER, Map.of("vm.swappiness", "1"));
        hugePages();
        Files.delete(root.resolve(TuningPart.SYSCTL.path().substring(1)));
        assertThat(ran("u1", "restore", "thp")).isEqualTo("0 changed");
        assertThat(read(NOTES)).endsWith("vm.swappiness 60 1");

        assertThat(ran("u1", "restore", "sysctl")).isEqualTo("0 changed");
        assertThat(read(SWAPPINESS)).isEqualTo("60");
        assertThat(root.resolve(NOTES)).doesNotExist();
    }

    @Test
    void whatIsWantedNoMoreIsPutBackWithTheNextFile() throws Exception {
        sysctl(OWNER, Map.of("net.core.somaxconn", "4096", "vm.swappiness", "1"));
        assertThat(sysctl(OWNER, Map.of("vm.swappiness", "10"))).isEqualTo("0 changed");
        assertThat(read(SOMAXCONN)).isEqualTo("128");
        assertThat(read(SWAPPINESS)).isEqualTo("10");
        assertThat(read(NOTES)).isEqualTo("# redfleet-owner: u1\nvm.swappiness 60 10");
    }

    @Test
    void theUnitIsMadeAndStartedAtBootAndHugePagesHoldNow() throws Exception {
        assertThat(hugePages()).isEqualTo("0 changed");
        assertThat(read(HUGE_PAGES)).isEqualTo("madvise");
        assertThat(file(TuningPart.THP)).isEqualTo(text(HostFiles.hugePages(OWNER, HugePages.MADVISE)));
        assertThat(root.resolve(LINK).toRealPath())
                .isEqualTo(root.resolve(TuningPart.THP.path().substring(1)).toRealPath());
        assertThat(hugePages()).isEqualTo("0 unchanged");

        Files.delete(root.resolve(LINK));
        assertThat(hugePages()).as("somebody disabled it").isEqualTo("0 changed");
        assertThat(root.resolve(LINK)).exists();

        write(HUGE_PAGES, "always madvise [never]");
        assertThat(hugePages()).as("never is as good").isEqualTo("0 unchanged");
    }

    @Test
    void whereNoSystemdRunsHugePagesAreLeftAlone() throws Exception {
        Files.delete(root.resolve("run/systemd/system"));
        assertThat(hugePages()).startsWith("1 ").contains("no systemd runs here");
        assertThat(read(HUGE_PAGES)).isEqualTo("[always] madvise never");
        assertThat(root.resolve(NOTES)).doesNotExist();
    }

    @Test
    void limitsThatNobodyReadsAreSaidToHaveNoEffect() throws Exception {
        assertThat(limits()).isEqualTo("0 changed");
        assertThat(file(TuningPart.LIMITS)).isEqualTo(text(HostFiles.limits(OWNER, 65_535)));
        assertThat(limits()).isEqualTo("0 unchanged");
        Files.delete(root.resolve(TuningPart.LIMITS.path().substring(1)));
        write("etc/pam.d/su", "# session required pam_limits.so");
        assertThat(limits()).startsWith("0 no session line").endsWith("the file has no effect here\nchanged");
    }

    @Test
    void aKeyThatIsNotThereIsSaidBeforeAnythingIsChanged() throws Exception {
        assertThat(sysctl(OWNER, Map.of("net.core.somaxconn", "4096", "vm.overcommit_memory", "1")))
                .startsWith("1 vm.overcommit_memory cannot be set to 1: this kernel has no ")
                .contains("proc/sys/vm/overcommit_memory");
        assertThat(read(SOMAXCONN)).isEqualTo("128");
        assertThat(root.resolve(NOTES)).doesNotExist();
        assertThat(root.resolve(TuningPart.SYSCTL.path().substring(1))).doesNotExist();
    }

    @Test
    void aKeyThatTheKernelLetsNobodyWriteIsNamedWithValueAndReason() throws Exception {
        Path key = root.resolve("proc/sys/vm/overcommit_memory");
        Files.createSymbolicLink(key, Path.of("/proc/sys/kernel/random/boot_id"));
        assertThat(sysctl(OWNER, Map.of("vm.overcommit_memory", "1")))
                .startsWith("1 vm.overcommit_memory cannot be set to 1: " + key)
                .containsPattern("Permission denied|Read-only file system");
        assertThat(root.resolve(TuningPart.SYSCTL.path().substring(1)))
                .as("what does not hold now is not promised for the next boot")
                .doesNotExist();
    }

    @Test
    void aKeyThatTakesAValueAndForgetsItIsFoundOut() throws Exception {
        // Anybody may write this one, and nothing that is written is ever read back from it.
        Path key = root.resolve("proc/sys/vm/overcommit_memory");
        Files.createSymbolicLink(key, Path.of("/proc/self/comm"));
        assertThat(ran("u1", "set", "sysctl", "vm.overcommit_memory", "is", "1", "--", "# redfleet-owner: u1"))
                .startsWith("1 vm.overcommit_memory was set to 1 and still says ");
    }

    @Test
    void anothersMachineIsLeftAsItIs() throws Exception {
        sysctl(OWNER, Map.of("vm.swappiness", "1"));
        ClusterUid other = new ClusterUid("u2");
        assertThat(sysctl(other, Map.of("vm.swappiness", "5")))
                .startsWith("1 ")
                .contains("belongs to the cluster of uid u1, which has this machine's settings");
        assertThat(ran("u2", "restore", "sysctl", "thp", "limits")).startsWith("1 ");
        assertThat(read(SWAPPINESS)).isEqualTo("1");
        assertThat(file(TuningPart.SYSCTL)).contains("u1", "vm.swappiness = 1");
    }

    @Test
    void aFileThatRedfleetDidNotMakeIsNeitherWrittenOverNorRemoved() throws Exception {
        write(TuningPart.SYSCTL.path().substring(1), "vm.swappiness = 5");
        assertThat(sysctl(OWNER, Map.of("vm.swappiness", "1")))
                .startsWith("1 ")
                .contains("60-redfleet.conf was not made by Redfleet and is left as it is");
        assertThat(read(SWAPPINESS)).isEqualTo("60");
        limits();
        assertThat(ran("u1", "restore", "sysctl", "thp", "limits"))
                .startsWith("0 left ")
                .endsWith("\nchanged");
        assertThat(file(TuningPart.SYSCTL)).isEqualTo("vm.swappiness = 5\n");
        assertThat(root.resolve(TuningPart.LIMITS.path().substring(1))).doesNotExist();
    }

    @Test
    void theEndPutsBackWhatHeldAndLeavesNothingOfOurs() throws Exception {
        sysctl(OWNER, Map.of("net.core.somaxconn", "4096", "vm.swappiness", "1"));
        hugePages();
        limits();
        assertThat(ran("u1", "restore", "thp")).isEqualTo("0 changed");
        assertThat(read(HUGE_PAGES)).isEqualTo("always");
        assertThat(read(NOTES)).as("the rest is ours still").startsWith("# redfleet-owner: u1");

        assertThat(ran("u1", "restore", "sysctl", "thp", "limits")).isEqualTo("0 changed");
        assertThat(read(SOMAXCONN)).isEqualTo("128");
        assertThat(read(SWAPPINESS)).isEqualTo("60");
        assertThat(root.resolve(NOTES)).doesNotExist();
        assertThat(Files.exists(root.resolve(LINK))).isFalse();
        for (TuningPart part : TuningPart.values()) {
            assertThat(root.resolve(part.path().substring(1))).doesNotExist();
        }
        assertThat(ran("u1", "restore", "sysctl", "thp", "limits")).isEqualTo("0 unchanged");
    }

    @Test
    void whatSomebodyElseHasSetSinceIsNotPutBack() throws Exception {
        sysctl(OWNER, Map.of("net.core.somaxconn", "4096", "vm.swappiness", "1"));
        write(SOMAXCONN, "8192");
        assertThat(ran("u1", "restore", "sysctl")).isEqualTo("0 left net.core.somaxconn 8192\nchanged");
        assertThat(read(SOMAXCONN)).isEqualTo("8192");
        assertThat(read(SWAPPINESS)).isEqualTo("60");
    }

    @Test
    void withoutTheLeaseNothingIsSet() throws Exception {
        List<String> words = List.of("u1", "set", "sysctl", "vm.swappiness", "is", "1", "--", "# redfleet-owner: u1");
        assertThat(said("", "lease-2", words)).startsWith("1 fenced off");
        assertThat(read(SWAPPINESS)).isEqualTo("60");
    }

    private String sysctl(ClusterUid owner, Map<String, String> wanted) throws Exception {
        List<String> words = new ArrayList<>(List.of(owner.value(), "set", "sysctl"));
        new TreeMap<>(wanted).forEach((key, value) -> words.addAll(List.of(key, "is", value)));
        words.add("--");
        words.addAll(HostFiles.sysctl(owner, new TreeMap<>(wanted)));
        return ran(words.toArray(String[]::new));
    }

    private String hugePages() throws Exception {
        List<String> words = new ArrayList<>(List.of("u1", "set", "thp", "hugepages", "is", "madvise", "--"));
        words.addAll(HostFiles.hugePages(OWNER, HugePages.MADVISE));
        return ran(words.toArray(String[]::new));
    }

    private String limits() throws Exception {
        List<String> words = new ArrayList<>(List.of("u1", "set", "limits", "--"));
        words.addAll(HostFiles.limits(OWNER, 65_535));
        return ran(words.toArray(String[]::new));
    }

    private String ran(String... words) throws Exception {
        return said("", "lease-1", Arrays.asList(words));
    }

    /**
     * The exit status, and what was said.
     *
     * @param before lines that the shell reads first
     */
    private String said(String before, String lease, List<String> words) throws Exception {
        List<String> arguments = Stream.concat(Stream.of(base.toString(), lease, "0", root.toString()), words.stream())
                .toList();
        Script script = Scripts.of(Hands.class, "tune", Duration.ofSeconds(30), arguments);
        List<String> command = new ArrayList<>(List.of("sh", "-s", "--"));
        command.addAll(script.arguments());
        Process shell = new ProcessBuilder(command).redirectErrorStream(true).start();
        shell.getOutputStream().write((before + script.text()).getBytes(StandardCharsets.UTF_8));
        shell.getOutputStream().close();
        assertThat(shell.waitFor(40, TimeUnit.SECONDS)).isTrue();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return shell.exitValue() + " " + said.strip();
    }

    private void write(String path, String line) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, line + "\n");
    }

    private String read(String path) throws IOException {
        return Files.readString(root.resolve(path)).strip();
    }

    private String file(TuningPart part) throws IOException {
        return Files.readString(root.resolve(part.path().substring(1)));
    }

    private static String text(List<String> lines) {
        return String.join("\n", lines) + "\n";
    }
}
