package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.provisioner.edge.ssh.ShellWord;
import io.redfleet.provisioner.lease.LeaseProcess;
import io.redfleet.provisioner.survey.Scripts;
import io.redfleet.provisioner.survey.Surveyor;
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

/**
 * The Monit that systemd runs, with a real shell, under a real lease. What systemd and Monit would say, this test says: programs
 * that write down how they were called. Hosts that boot show the rest.
 */
@Timeout(120)
class AgentUnitScriptsTest {
    private static final String OWNER = "u1 orders";
    private static final String CONTENT = "set daemon 20\nset mmonit http://r1:rf_secret@gateway:8474/collector\n";

    @TempDir
    Path directory;

    private Path base;
    private Path programs;
    private Path units;
    private Path unit;
    private Path agent;
    private Path monit;

    @BeforeEach
    void aHost() throws Exception {
        base = Files.createDirectories(directory.resolve("base"));
        programs = Files.createDirectories(directory.resolve("programs"));
        units = Files.createDirectories(directory.resolve("units"));
        unit = units.resolve("redfleet-orders.monit.service");
        agent = Files.createDirectories(base.resolve("orders")).resolve(".monit");
        monit = programs.resolve("monit");
        program("monit", "if [ -e \"HERE/refuses\" ]; then cat \"$3\" >&2; exit 1; fi\n");
        // What a start brings is a socket.
        program("systemctl", """
                echo "$*" >>"HERE/calls"
                case $1 in
                  show) cat "HERE/state" ;;
                  is-active) cat "HERE/active" ;;
                  restart) if [ ! -e "HERE/broken" ]; then cp "HERE/started" "HERE/state"; cp -P "HERE/socket" "AGENT/socket"; fi ;;
                  stop) cp "HERE/stopped" "HERE/state" ;;
                esac
                """.replace("AGENT", "" + agent));
        // Who the test is, is who owns the directories here; that a link stands for a socket, only this program knows.
        program("setpriv", """
                echo "$*" >>"HERE/became"
                while [ "$1" != --no-new-privs ]; do shift; done
                shift
                case "$1 $2" in
                  'test -S') [ -L "$3" ] ;;
                  'sh -c') case $* in *'kill -s'*) cp -P "HERE/socket" "AGENT/socket" ;; *) exec "$@" ;; esac ;;
                  *) exec "$@" ;;
                esac
                """.replace("AGENT", "" + agent));
        program("id", "echo 12345\n");
        program("journalctl", "echo \"cannot report to http://r1:rf_secret@gateway:8474\"\n");
        Files.createSymbolicLink(directory.resolve("socket"), Path.of("nowhere"));
        Files.writeString(directory.resolve("started"), state("active", 42));
        Files.writeString(directory.resolve("stopped"), state("inactive", 0));
        Files.writeString(directory.resolve("state"), state("inactive", 0));
    }

    @Test
    void aControlFileIsWrittenOnceForItsUserAloneOnceMonitTakesIt() throws Exception {
        assertThat(conf(CONTENT)).isEqualTo("0 changed");
        assertThat(agent.resolve("monitrc")).hasContent(CONTENT);
        assertThat(agent.resolve("owner")).hasContent("u1");
        assertThat(mode(agent)).isEqualTo("rwx------");
        assertThat(mode(agent.resolve("monitrc"))).isEqualTo("rw-------");
        assertThat(conf(CONTENT)).isEqualTo("0 unchanged");
        assertThat(conf(CONTENT + "#\n")).isEqualTo("0 changed");

        Files.createFile(directory.resolve("refuses"));
        assertThat(conf(CONTENT + "rf_another\n"))
                .startsWith("1 Monit does not take the control file: set daemon 20")
                .doesNotContain("rf_");
        assertThat(agent.resolve("monitrc")).hasContent(CONTENT + "#\n");
        try (var left = Files.list(agent)) {
            assertThat(left.map(path -> String.valueOf(path.getFileName())))
                    .containsExactlyInAnyOrder("monitrc", "owner");
        }
    }

    @Test
    void aDirectoryOfAnotherClusterIsLeftAlone() throws Exception {
        Files.createDirectories(agent);
        Files.writeString(agent.resolve("owner"), "u9\n");
        assertThat(conf(CONTENT)).isEqualTo("1 " + agent + " is not marked as u1");
        assertThat(agent.resolve("monitrc")).doesNotExist();
    }

    @Test
    void whatRunsReadsAnotherFileAndIsStartedAnewForAnotherUnit() throws Exception {
        ours();
        conf(CONTENT);
        assertThat(start("f1 u1")).isEqualTo("0 pid=42\nchanged");
        assertThat(calls()).containsExactly("reset-failed " + unit.getFileName(), "restart " + unit.getFileName());
        assertThat(agent.resolve("taken")).hasContent("f1 u1");
        assertThat(start("f1 u1")).isEqualTo("0 pid=42\nunchanged");
        assertThat(calls()).isEmpty();

        conf(CONTENT + "#\n");
        assertThat(agent.resolve("taken")).as("it has not read it yet").hasContent("- u1");
        assertThat(start("f2 u1")).isEqualTo("0 pid=42\nchanged");
        assertThat(calls()).as("told to read, not started").isEmpty();
        assertThat(became()).anyMatch(call -> call.endsWith("sh HUP 42"));
        assertThat(agent.resolve("taken")).hasContent("f2 u1");

        assertThat(start("f2 u2")).isEqualTo("0 pid=42\nchanged");
        assertThat(calls()).contains("restart " + unit.getFileName());
        assertThat(agent.resolve("taken")).hasContent("f2 u2");
    }

    @Test
    void oneWithoutItsSocketDoesNotCountAsOneThatRuns() throws Exception {
        ours();
        conf(CONTENT);
        start("f1 u1");
        calls();
        Files.delete(agent.resolve("socket"));
        assertThat(start("f1 u1")).isEqualTo("0 pid=42\nchanged");
        assertThat(became()).anyMatch(call -> call.endsWith("sh HUP 42"));
    }

    @Test
    void aStartThatComesToNothingIsSaidWithoutSecrets() throws Exception {
        ours();
        conf(CONTENT);
        Files.createFile(directory.resolve("broken"));
        Files.writeString(directory.resolve("state"), state("failed", 0));
        assertThat(start("f1 u1"))
                .isEqualTo("1 " + unit.getFileName()
                        + " has failed (exit-code): cannot report to http://r1:...@gateway:8474");
        Files.writeString(directory.resolve("state"), state("activating", 0));
        assertThat(start("f1 u1"))
                .startsWith("1 " + unit.getFileName() + " is activating, and Monit has not opened ")
                .contains("within 1 s");
        assertThat(agent.resolve("taken")).doesNotExist();
    }

    @Test
    void whatIsNotOurUnitIsNeitherStartedNorEnded() throws Exception {
        conf(CONTENT);
        assertThat(start("f1 u1")).startsWith("1 there is no unit " + unit);
        for (String found : List.of("[Unit]\n", "# redfleet-owner u9 orders\nReadWritePaths=/elsewhere\n")) {
            Files.writeString(unit, found);
            assertThat(start("f1 u1")).startsWith("1 ").contains("is not Redfleet's unit of " + agent);
            Files.writeString(directory.resolve("state"), state("active", 42));
            assertThat(run("unit-unagent", "", unit, OWNER)).isEqualTo("0 unchanged");
        }
        assertThat(calls()).isEmpty();
    }

    @Test
    void itEndsThenItsDirectoryGoesThenItsUnit() throws Exception {
        ours();
        conf(CONTENT);
        start("f1 u1");
        calls();
        assertThat(run("unit-gone", "", unit, OWNER)).startsWith("1 ").contains("is still active");
        assertThat(run("unit-unagent", "", unit, OWNER)).isEqualTo("0 changed");
        assertThat(calls()).containsExactly("stop " + unit.getFileName());
        assertThat(run("unit-unagent", "", unit, OWNER)).isEqualTo("0 unchanged");
        assertThat(run("unagent", "", agent, "u1", "5")).isEqualTo("0 changed");
        assertThat(agent).doesNotExist();
        assertThat(run("unit-gone", "", unit, OWNER)).isEqualTo("0 changed");
        assertThat(unit).doesNotExist();
    }

    @Test
    void aUnitThatDoesNotEndIsNamed() throws Exception {
        ours();
        Files.writeString(directory.resolve("state"), state("active", 42));
        Files.writeString(directory.resolve("stopped"), state("deactivating", 42));
        assertThat(run("unit-unagent", "", unit, OWNER))
                .isEqualTo("1 " + unit.getFileName() + " is still deactivating");
    }

    @Test
    void aSurveySaysWhichMonitThereIsAndWhatOfItsUnit() throws Exception {
        program("sudo", "exit 0\n");
        assertThat(looked().lines())
                .contains("systemd.monit=" + monit)
                .noneMatch(line -> line.startsWith("systemd.agent"));
        ours();
        Files.writeString(directory.resolve("active"), "active\n");
        Files.createDirectories(units.resolve("multi-user.target.wants"));
        Files.createSymbolicLink(units.resolve("multi-user.target.wants/" + unit.getFileName()), unit);
        assertThat(looked().lines())
                .contains(
                        "systemd.agent=yes",
                        "systemd.agent.owner=" + OWNER,
                        "systemd.agent.enabled=yes",
                        "systemd.agent.active=yes")
                .anyMatch(line -> line.matches("systemd\\.agent\\.hash=[0-9a-f]{64}"));
        Files.writeString(directory.resolve("active"), "activating\n");
        Path elsewhere = Files.move(unit, directory.resolve("elsewhere"));
        Files.createSymbolicLink(unit, elsewhere);
        assertThat(looked().lines())
                .contains("systemd.agent=yes")
                .noneMatch(line -> line.startsWith("systemd.agent.owner") || line.startsWith("systemd.agent.active"));
    }

    private String conf(String content) throws Exception {
        return run("agent-conf", content, agent, "u1", monit);
    }

    private String start(String taken) throws Exception {
        return run("unit-agent", "", unit, agent, taken, "1");
    }

    private String looked() throws Exception {
        String text = Scripts.of(Surveyor.class, "units", Duration.ofSeconds(30), List.of())
                .text();
        String said = shell(text, List.of(units.toString(), "orders"));
        assertThat(said).startsWith("0 ").endsWith("systemd.end=yes");
        return said.substring(2);
    }

    private void ours() throws IOException {
        Files.writeString(unit, "# redfleet-owner " + OWNER + "\nReadWritePaths=" + agent + "\n");
    }

    private static String state(String active, long pid) {
        return "MainPID=" + pid + "\nResult=exit-code\nActiveState=" + active + "\nNeedDaemonReload=no\n";
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    /** What systemd was told since that was asked last. */
    private List<String> calls() throws IOException {
        Path calls = directory.resolve("calls");
        if (!Files.exists(calls)) {
            return List.of();
        }
        List<String> all = Files.readAllLines(calls);
        Files.delete(calls);
        return all.stream().filter(call -> !call.startsWith("show")).toList();
    }

    /** What was done as redis. */
    private List<String> became() throws IOException {
        return Files.readAllLines(directory.resolve("became"));
    }

    private void program(String name, String text) throws IOException {
        Path program = programs.resolve(name);
        Files.writeString(program, "#!/bin/sh\n" + text.replace("HERE", directory.toString()));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** The exit status, and what was said. */
    private String run(String name, String content, Object... arguments) throws Exception {
        try (LeaseProcess lease = LeaseProcess.start(base, "lease-1", 60)) {
            assertThat(lease.beat()).startsWith("held");
            List<String> words = new ArrayList<>(List.of(base.toString(), "lease-1", "0"));
            for (Object argument : arguments) {
                words.add(argument.toString());
            }
            String text = Scripts.of(Hands.class, name, Duration.ofSeconds(30), List.of())
                    .text();
            return shell("content=" + ShellWord.quote(content) + "\n" + text, words);
        }
    }

    private String shell(String text, List<String> arguments) throws Exception {
        List<String> words = new ArrayList<>(List.of("sh", "-s", "--"));
        words.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().merge("PATH", programs.toString(), (path, first) -> first + ":" + path);
        Process shell = builder.start();
        shell.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        shell.getOutputStream().close();
        assertThat(shell.waitFor(60, TimeUnit.SECONDS)).isTrue();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return shell.exitValue() + " " + said.strip();
    }
}
