package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.provisioner.edge.ssh.ShellWord;
import io.redfleet.provisioner.lease.LeaseProcess;
import io.redfleet.provisioner.survey.Scripts;
import io.redfleet.provisioner.survey.Surveyor;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What root writes beside a unit that is somebody else's, and takes away again, with a real shell under a real lease. What systemd
 * would say, this test says: a program {@code systemctl} that writes down how it was called, and a directory of cgroups.
 */
@Timeout(120)
class DropInScriptsTest {
    private static final String MARK = "u1 orders/r1/redis-server";
    private static final String CONTENT = "# redfleet-owner " + MARK + "\n[Service]\nRestart=no\n";

    @TempDir
    Path directory;

    private Path base;
    private Path programs;
    private Path units;
    private Path theirs;
    private Path beside;
    private Path file;
    private Path guard;

    @BeforeEach
    void somebodysUnit() throws IOException {
        base = Files.createDirectories(directory.resolve("base"));
        programs = Files.createDirectories(directory.resolve("programs"));
        units = Files.createDirectories(directory.resolve("units"));
        theirs = Files.writeString(units.resolve("redis-server@main.service"), "[Service]\nRestart=always\n");
        beside = units.resolve("redis-server@main.service.d");
        file = beside.resolve("redfleet.conf");
        guard = beside.resolve("redfleet.guard");
        program("systemctl", "echo \"$*\" >>'" + directory + "/calls'\n");
        program("sudo", "exit 1\n");
        program("id", "echo 12345\n");
    }

    @Test
    void itIsWrittenBesideTheUnitWhoseBootIsLeftAndSystemdIsToldOnce() throws Exception {
        assertThat(written(CONTENT)).isEqualTo("0 changed");
        assertThat(file).hasContent(CONTENT);
        assertThat(calls()).containsExactly("daemon-reload");
        assertThat(written(CONTENT)).isEqualTo("0 unchanged");
        assertThat(theirs).hasContent("[Service]\nRestart=always\n");
        assertThat(beside.resolve("redfleet.untold")).doesNotExist();
    }

    @Test
    void whatSystemdWasNotToldIsTold() throws Exception {
        program("systemctl", "echo 'no bus' >&2\nexit 1\n");
        assertThat(written(CONTENT)).startsWith("1 ").contains("systemctl daemon-reload: no bus");
        assertThat(surveyed()).contains("i.redis-server.unit=yes\n").doesNotContain("unit.hash=");
        program("systemctl", "echo \"$*\" >>'" + directory + "/calls'\n");
        assertThat(written(CONTENT)).isEqualTo("0 changed");
        assertThat(calls()).containsExactly("daemon-reload");
        assertThat(surveyed()).contains("i.redis-server.unit.hash=");
    }

    @Test
    void oneOfThatNameThatIsNotOursIsLeftAlone() throws Exception {
        Files.createDirectories(beside);
        Files.writeString(file, "[Service]\n");
        assertThat(written(CONTENT)).startsWith("1 ").contains(file + " is not marked as " + MARK);
        assertThat(letGo()).startsWith("1 ").contains("is left alone");
        assertThat(file).hasContent("[Service]\n");
        assertThat(calls()).isEmpty();
    }

    @Test
    void aHostSaysWhatIsOursThereAndWhatSomebodyHasAddedBeside() throws Exception {
        assertThat(surveyed()).doesNotContain("i.redis-server.unit=");
        assertThat(written(CONTENT)).isEqualTo("0 changed");
        Files.writeString(guard, "#!/bin/sh\n# redfleet-owner " + MARK + "\n");
        Files.writeString(beside.resolve("override.conf"), "[Service]\n");
        assertThat(surveyed())
                .contains(
                        "i.redis-server.unit=yes\n",
                        "i.redis-server.unit.owner=" + MARK + "\n",
                        "i.redis-server.unit.guard.owner=" + MARK + "\n",
                        "systemd.dropin=" + beside.resolve("override.conf") + "\n")
                .doesNotContain("systemd.dropin=" + file);
    }

    @Test
    void allOfOursGoesAndNothingElse() throws Exception {
        assertThat(written(CONTENT)).isEqualTo("0 changed");
        Files.writeString(guard, "#!/bin/sh\n# redfleet-owner " + MARK + "\n");
        Files.writeString(beside.resolve("redfleet.started"), "b 1 2 c\n");
        Path override = Files.writeString(beside.resolve("override.conf"), "[Service]\n");
        assertThat(letGo()).isEqualTo("0 changed");
        assertThat(files(beside)).containsExactly(override);
        assertThat(theirs).exists();
        assertThat(calls()).containsExactly("daemon-reload", "daemon-reload");
        assertThat(letGo()).isEqualTo("0 unchanged");
        Files.delete(override);
        assertThat(written(CONTENT)).isEqualTo("0 changed");
        assertThat(letGo()).isEqualTo("0 changed");
        assertThat(beside).doesNotExist();
    }

    /** A drop-in that systemd still has would find no guard to ask. */
    @Test
    void theGuardStaysUntilSystemdHasForgottenWhoAsksIt() throws Exception {
        assertThat(written(CONTENT)).isEqualTo("0 changed");
        Files.writeString(guard, "#!/bin/sh\n# redfleet-owner " + MARK + "\n");
        program("systemctl", "exit 1\n");
        assertThat(letGo()).startsWith("1 ");
        assertThat(file).doesNotExist();
        assertThat(guard).exists();
        assertThat(beside.resolve("redfleet.untold")).exists();
        program("systemctl", "echo \"$*\" >>'" + directory + "/calls'\n");
        assertThat(letGo()).as("goes on").isEqualTo("0 changed");
        assertThat(beside).doesNotExist();
    }

    /** A Sentinel has no guard that would be found. */
    @Test
    void anEndThatWasCutOffIsSeenAndGoneOnWithWhereThereIsNoGuard() throws Exception {
        assertThat(written(CONTENT)).isEqualTo("0 changed");
        assertThat(surveyed()).doesNotContain("unit.left=");
        program("systemctl", "exit 1\n");
        assertThat(letGo()).startsWith("1 ");
        assertThat(surveyed()).contains("i.redis-server.unit.left=yes\n").doesNotContain("unit=yes");
        program("systemctl", "echo \"$*\" >>'" + directory + "/calls'\n");
        assertThat(letGo()).isEqualTo("0 changed");
        assertThat(surveyed()).doesNotContain("unit.left=");
        assertThat(beside).doesNotExist();

        Files.createDirectories(beside);
        Files.writeString(beside.resolve("redfleet.conf.new"), CONTENT);
        assertThat(surveyed()).as("one that never had its name").contains("i.redis-server.unit.left=yes\n");
        assertThat(letGo()).isEqualTo("0 changed");
        assertThat(beside).doesNotExist();
        assertThat(letGo()).isEqualTo("0 unchanged");
    }

    /** It would be found at the next start, whoever starts it. */
    @Test
    void aGuardThatRedisCannotReadIsNoGuard() throws Exception {
        Files.createDirectories(beside);
        Files.setPosixFilePermissions(beside, PosixFilePermissions.fromString("rwx------"));
        program("setpriv", """
                while [ "$1" != --no-new-privs ]; do shift; done
                shift
                case $(stat -c %a 'BESIDE') in *[157]) exec "$@" ;; esac
                exit 1
                """.replace("BESIDE", "" + beside));
        String text = "#!/bin/sh\n# redfleet-owner " + MARK + "\n";
        String refused = "1 " + guard + " cannot be read by redis, so no start would get past it: chmod a+rx " + beside;
        assertThat(run("unit-guard", "\n" + text, "" + guard, MARK)).isEqualTo(refused);
        assertThat(run("unit-guard", "\n" + text, "" + guard, MARK))
                .as("as long as it is so")
                .isEqualTo(refused);
        Files.setPosixFilePermissions(beside, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(run("unit-guard", "\n" + text, "" + guard, MARK)).isEqualTo("0 unchanged");
        assertThat(guard).hasContent(text);
    }

    /**
     * systemd has given up waiting, calls the unit failed and knows no main process. Each row is what is left in a cgroup, which
     * cgroup systemd names (% stands for the unit's), and whether it counts.
     */
    @ParameterizedTest
    @CsvSource({
        "redis-server, %, true",
        "valkey-sentinel, %, true",
        "redis-cli, %, false",
        "other-server, %, false",
        "redis-server, '', false",
        "redis-server, /, false",
        "redis-server, /system.slice, false",
    })
    void whatIsLeftInAUnitThatHasFailedStillRuns(String name, String group, boolean counts) throws Exception {
        Path gate = Files.createFile(directory.resolve("gate"));
        program(name, "while [ -e '" + gate + "' ]; do sleep 0.1; done\n");
        Process left = new ProcessBuilder("" + programs.resolve(name)).start();
        try {
            Path slice = directory.resolve("cgroups/system.slice");
            Path its = slice.resolve("system-redis\\x2dserver.slice/" + theirs.getFileName());
            for (Path in : List.of(Files.createDirectories(its), slice, directory.resolve("cgroups"))) {
                Files.writeString(in.resolve("cgroup.procs"), left.pid() + "\n");
            }
            // As systemctl show writes it.
            String said = group.replace("%", "/system.slice/system-redis\\x5cx2dserver.slice/" + theirs.getFileName());
            Files.writeString(
                    directory.resolve("state"),
                    "MainPID=0\nActiveState=failed\nResult=timeout\nNeedDaemonReload=no\nControlGroup=" + said + "\n");
            String systemctl = "if [ \"$1\" = show ]; then cat '" + directory + "/state'; fi\n";
            program("systemctl", systemctl);
            assertThat(written(CONTENT + "# redfleet-directory " + base + "/it\n"))
                    .isEqualTo("0 changed");
            if (!counts) {
                assertThat(stopped(30)).isEqualTo("0 pid=0\nunchanged");
                return;
            }
            assertThat(stopped(1))
                    .isEqualTo("1 " + theirs.getFileName() + " is still failed, its process is " + left.pid()
                            + ", 1 s after TERM");
            program("systemctl", systemctl + "if [ \"$1\" = stop ]; then rm -f '" + gate + "'; fi\n");
            assertThat(stopped(30)).isEqualTo("0 pid=" + left.pid() + "\nchanged");
            assertThat(stopped(30)).isEqualTo("0 pid=0\nunchanged");
        } finally {
            Files.deleteIfExists(gate);
            left.destroy();
        }
    }

    @Test
    void noUnitOfRedfleetsOwnIsLetGoOf() throws Exception {
        Path unit = Files.writeString(units.resolve("redfleet-orders-redis-server.service"), CONTENT);
        assertThat(run("unit-let-go", "", "" + unit, MARK)).isEqualTo("1 " + unit + " is no drop-in of Redfleet's");
        assertThat(unit).exists();
    }

    private String written(String content) throws Exception {
        return run("unit", content, "" + file, MARK, "kept");
    }

    private String letGo() throws Exception {
        return run("unit-let-go", "", "" + file, MARK);
    }

    private String stopped(int seconds) throws Exception {
        return run("unit-stop", "", "" + file, base + "/it", "unmarked", "" + seconds, "term");
    }

    private String surveyed() throws Exception {
        String text = Scripts.of(Surveyor.class, "units", Duration.ofSeconds(30), List.of())
                .text();
        return shell(text, List.of("" + units, "orders", "redis-server=" + theirs.getFileName())) + "\n";
    }

    private List<String> calls() throws IOException {
        Path calls = directory.resolve("calls");
        return Files.exists(calls)
                ? Files.readAllLines(calls).stream()
                        .filter(call -> !call.startsWith("is-active"))
                        .toList()
                : List.of();
    }

    private static List<Path> files(Path in) throws IOException {
        try (var all = Files.list(in)) {
            return all.toList();
        }
    }

    private void program(String name, String text) throws IOException {
        Path program = Files.writeString(programs.resolve(name), "#!/bin/sh\n" + text);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** The exit status, and what was said. */
    private String run(String name, String content, String... arguments) throws Exception {
        try (LeaseProcess lease = LeaseProcess.start(base, "lease-1", 60)) {
            assertThat(lease.beat()).startsWith("held");
            List<String> words = new ArrayList<>(List.of(base.toString(), "lease-1", "0"));
            words.addAll(List.of(arguments));
            String text = Scripts.of(Hands.class, name, Duration.ofSeconds(30), List.of())
                    .text();
            return shell("content=" + ShellWord.quote(content) + "\n" + text, words);
        }
    }

    /** With this test's directory for the kernel's of cgroups. */
    private String shell(String script, List<String> arguments) throws Exception {
        String text = script.replace("cgroups=/sys/fs/cgroup\n", "cgroups='" + directory + "/cgroups'\n");
        assertThat(text).contains("cgroups='" + directory + "/cgroups'\n");
        List<String> words = new ArrayList<>(List.of("sh", "-s", "--"));
        words.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().merge("PATH", programs.toString(), (path, first) -> first + File.pathSeparator + path);
        Process shell = builder.start();
        shell.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        shell.getOutputStream().close();
        assertThat(shell.waitFor(60, TimeUnit.SECONDS)).isTrue();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return shell.exitValue() + " " + said.strip();
    }
}
