package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import io.redfleet.contracts.access.Secret;
import io.redfleet.provisioner.edge.ssh.ShellWord;
import io.redfleet.provisioner.lease.HostLeases;
import io.redfleet.provisioner.lease.LeaseProcess;
import io.redfleet.provisioner.survey.Scripts;
import io.redfleet.provisioner.survey.Surveyor;
import io.redfleet.testkit.FreePort;
import io.redfleet.testkit.RedisBinaries;
import io.redfleet.testkit.RedisNode;
import java.io.IOException;
import java.io.UncheckedIOException;
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
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What runs as root for systemd, and what runs before anything else, with a real shell, under a real lease, of a real Redis. What
 * systemd would say, this test says: a program {@code systemctl} that writes down how it was called. Hosts that boot show the rest.
 */
@Timeout(120)
class UnitScriptsTest {
    private static final String MARK = "u1 orders/r1/redis-server";
    private static final String OTHER = "u9 billing/r1/redis-server";

    @TempDir
    Path directory;

    private Path base;
    private Path programs;
    private Path units;
    private Path unit;
    private Path instance;

    @BeforeEach
    void aHost() throws Exception {
        base = Files.createDirectories(directory.resolve("base"));
        programs = Files.createDirectories(directory.resolve("programs"));
        units = Files.createDirectories(directory.resolve("units"));
        unit = units.resolve("redfleet-orders-redis-server.service");
        instance = base.resolve("orders/redis-server");
        Files.createDirectories(instance.resolve("data"));
        Files.createDirectories(instance.resolve("log"));
        // Enabling is what it is: a link.
        program("systemctl", """
                echo "$*" >>"HERE/calls"
                for last; do :; done
                case $1 in
                  show) cat "HERE/state" ;;
                  enable) mkdir -p "HERE/units/multi-user.target.wants" && ln -s x "HERE/units/multi-user.target.wants/$last" ;;
                  disable) rm -f "HERE/units/multi-user.target.wants/$last" ;;
                  start) if [ -e "HERE/broken" ]; then echo "Failed to start $3" >&2; exit 5; fi ;;
                esac
                """);
        // Who the test is, is who owns the directories here.
        program("setpriv", """
                echo "$*" >>"HERE/became"
                while [ "$1" != --no-new-privs ]; do shift; done
                shift
                exec "$@"
                """);
        program("id", "echo 12345\n");
        program("journalctl", "echo \"masterauth secret\"; echo \"'user app on >s3cret ~*'\"\n");
        program("sudo", "if [ -e \"HERE/refuses\" ]; then cat \"HERE/refuses\" >&2; exit 1; fi\n");
        state("inactive", 0);
    }

    @Test
    @Execution(CONCURRENT)
    void aUnitIsWrittenOnceAndEnabledAsWanted() throws Exception {
        String content = "# redfleet-owner " + MARK + "\nA='$HOME'\n";
        assertThat(run("unit", content, unit, MARK, "yes")).isEqualTo("0 changed");
        assertThat(unit).hasContent(content);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(unit)))
                .isEqualTo("rw-r--r--");
        assertThat(calls()).containsExactly("enable --no-reload " + unit.getFileName(), "daemon-reload");
        assertThat(run("unit", content, unit, MARK, "yes")).isEqualTo("0 unchanged");
        assertThat(run("unit", content + "B\n", unit, MARK, "yes")).isEqualTo("0 changed");
        assertThat(run("unit", content + "B\n", unit, MARK, "no")).isEqualTo("0 changed");
        assertThat(units.resolve("multi-user.target.wants/" + unit.getFileName()))
                .doesNotExist();
        assertThat(run("unit", content + "B\n", unit, MARK, "no")).isEqualTo("0 unchanged");
        try (var left = Files.list(units)) {
            assertThat(left.filter(Files::isRegularFile)).containsExactly(unit);
        }
    }

    @Test
    @Execution(CONCURRENT)
    void systemdIsToldOnceOfUnitsThatComeTogether() throws Exception {
        program("systemctl", """
                echo "$*" >>"HERE/calls"
                verb=$1
                while [ $# -gt 0 ]; do case $1 in *.service) break ;; *) shift ;; esac; done
                mkdir -p "HERE/units/multi-user.target.wants"
                for name in "$@"; do
                  case $verb in
                    enable) ln -s x "HERE/units/multi-user.target.wants/$name" ;;
                    disable) rm "HERE/units/multi-user.target.wants/$name" ;;
                  esac
                done
                """);
        String content = "# redfleet-owner " + MARK + "\n";
        Path second = units.resolve("redfleet-orders-redis-sentinel.service");
        Path third = units.resolve("redfleet-orders-spare.service");
        assertThat(run("unit", content, second, MARK, "yes", "later")).isEqualTo("0 changed");
        assertThat(second).hasContent(content);
        assertThat(run("unit", content, third, MARK, "no", "later")).isEqualTo("0 changed");
        assertThat(calls()).as("whoever comes later is not told of").isEmpty();
        assertThat(run("unit", content, unit, MARK, "yes", second, "yes", third, "no"))
                .isEqualTo("0 changed");
        assertThat(calls())
                .containsExactly(
                        "enable --no-reload " + second.getFileName() + " " + unit.getFileName(), "daemon-reload");

        // Whether anything is to be changed at boot is the later one's to say, though another does it.
        assertThat(run("unit", content, second, MARK, "yes", "later")).isEqualTo("0 unchanged");
        assertThat(run("unit", content, second, MARK, "no", "later")).isEqualTo("0 changed");
        assertThat(run("unit", content, unit, MARK, "yes", second, "no")).isEqualTo("0 unchanged");
        assertThat(calls()).endsWith("disable --no-reload " + second.getFileName(), "daemon-reload");
    }

    @Test
    @Execution(CONCURRENT)
    void aUnitThatSystemdWasNotToldOfIsMarkedUntilItIs() throws Exception {
        Path mark = units.resolve("redfleet-orders-redis-server.untold");
        Path other = units.resolve("redfleet-orders-other.service");
        program("systemctl", """
                echo "$*" >>"HERE/calls"
                case $1 in
                  show) cat "HERE/state" ;;
                  daemon-reload) if [ -e "HERE/cut" ]; then exit 1; fi ;;
                esac
                """);
        String content = "# redfleet-owner " + MARK + "\n";
        Files.createFile(directory.resolve("cut"));
        assertThat(run("unit", content, unit, MARK, "no")).startsWith("1 ").contains("daemon-reload");
        assertThat(unit).hasContent(content);
        assertThat(looked().lines())
                .contains("i.redis-server.unit=yes", "i.redis-server.unit.owner=" + MARK)
                .as("a plan takes it for one that is not as it should be")
                .noneMatch(line -> line.startsWith("i.redis-server.unit.hash="));
        Files.delete(directory.resolve("cut"));
        assertThat(run("unit", content, unit, MARK, "no")).isEqualTo("0 changed");
        assertThat(mark).doesNotExist();

        // The link is of no use to a systemd that has not read it.
        Files.createDirectories(units.resolve("multi-user.target.wants"));
        Path link =
                Files.createSymbolicLink(units.resolve("multi-user.target.wants/" + unit.getFileName()), Path.of("x"));
        Files.createFile(directory.resolve("cut"));
        assertThat(run("unit", content, unit, MARK, "no")).startsWith("1 ");
        Files.delete(link);
        Files.delete(directory.resolve("cut"));
        assertThat(mark).exists();
        assertThat(run("unit", content, unit, MARK, "no")).isEqualTo("0 changed");
        assertThat(mark).doesNotExist();
        assertThat(looked().lines()).anyMatch(line -> line.startsWith("i.redis-server.unit.hash="));
        assertThat(run("unit", content, unit, MARK, "no")).isEqualTo("0 unchanged");

        // One that came with others of which the last never came.
        assertThat(run("unit", content + "B\n", unit, MARK, "no", "later")).isEqualTo("0 changed");
        assertThat(mark).exists();
        assertThat(run("unit", content + "B\n", unit, MARK, "no", "later")).isEqualTo("0 changed");
        assertThat(run("unit", content, other, MARK, "no", unit, "no")).isEqualTo("0 changed");
        assertThat(mark).doesNotExist();
        assertThat(run("unit", content + "B\n", unit, MARK, "no")).isEqualTo("0 unchanged");

        assertThat(run("unit", content, unit, MARK, "no", "later")).isEqualTo("0 changed");
        assertThat(run("unit-gone", "", unit, MARK)).isEqualTo("0 changed");
        assertThat(unit).doesNotExist();
        assertThat(mark).doesNotExist();
        Files.createFile(mark);
        assertThat(run("unit-gone", "", unit, MARK))
                .as("of one that never came")
                .isEqualTo("0 changed");
        assertThat(mark).doesNotExist();
    }

    @Test
    @Execution(CONCURRENT)
    void theUnitOfAMonitThatSystemdWasNotToldOfIsMarkedAsWell() throws Exception {
        Path agent = units.resolve("redfleet-orders.monit.service");
        String content = "# redfleet-owner " + MARK + "\n";
        assertThat(run("unit", content, agent, MARK, "no", "later")).isEqualTo("0 changed");
        assertThat(looked().lines())
                .contains("systemd.agent.owner=" + MARK)
                .noneMatch(line -> line.startsWith("systemd.agent.hash="));
        assertThat(run("unit", content, agent, MARK, "no")).isEqualTo("0 changed");
        assertThat(looked().lines()).anyMatch(line -> line.startsWith("systemd.agent.hash="));
    }

    @Test
    @Execution(CONCURRENT)
    void aGuardIsWrittenWithItsPasswordApart() throws Exception {
        Path guard = units.resolve("redfleet-orders-redis-server.guard");
        Path auth = units.resolve("redfleet-orders-redis-server.guard.auth");
        // Whose the file is would be redis's here; the test is who it is.
        program("chown", "echo \"$1\" >\"HERE/given\"\n");
        program("stat", "echo \"12345 400 regular file\"\n");
        String text = "#!/bin/sh\n# redfleet-owner " + MARK + "\nname='o'\n\n";
        assertThat(run("unit-guard", "secret\n" + text, guard, MARK)).isEqualTo("0 changed");
        assertThat(Files.readString(guard)).isEqualTo(text);
        assertThat(Files.readString(auth)).isEqualTo("secret\n");
        assertThat(directory.resolve("given")).hasContent("12345:12345");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(guard)))
                .isEqualTo("rw-r--r--");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(auth)))
                .isEqualTo("r--------");
        assertThat(run("unit-guard", "secret\n" + text, guard, MARK)).isEqualTo("0 unchanged");
        assertThat(run("unit-guard", "other\n" + text, guard, MARK)).isEqualTo("0 changed");
        assertThat(Files.readString(auth)).isEqualTo("other\n");
        assertThat(looked().lines())
                .contains("i.redis-server.unit.auth=12345 400 regular file")
                .anyMatch(line -> line.matches("i\\.redis-server\\.unit\\.guard=[0-9a-f]{64}"));
        assertThat(run("unit-guard", "\n" + text, guard, MARK)).isEqualTo("0 changed");
        assertThat(auth).doesNotExist();
        assertThat(run("unit-guard", "\n" + text, guard, OTHER))
                .startsWith("1 ")
                .contains("is not marked as " + OTHER);

        assertThat(run("unit-guard", "secret\n" + text, guard, MARK)).isEqualTo("0 changed");
        Files.writeString(units.resolve("redfleet-orders-redis-server.started"), "b 1 2 c\n");
        ours();
        assertThat(run("unit-gone", "", unit, MARK)).isEqualTo("0 changed");
        try (var left = Files.list(units)) {
            assertThat(left).as("unit, guard and password go together").isEmpty();
        }
    }

    @Test
    @Execution(CONCURRENT)
    void aGuardOfOursGoesAlsoWhereItsUnitNeverCame() throws Exception {
        Path guard = Files.writeString(
                units.resolve("redfleet-orders-redis-server.guard"), "# redfleet-owner " + OTHER + "\n");
        Path auth = Files.writeString(units.resolve("redfleet-orders-redis-server.guard.auth"), "secret\n");
        assertThat(run("unit-gone", "", unit, MARK)).isEqualTo("0 unchanged");
        assertThat(guard).exists();
        assertThat(auth).exists();
        Files.writeString(guard, "# redfleet-owner " + MARK + "\n");
        assertThat(looked().lines()).contains("i.redis-server.unit.guard.owner=" + MARK);
        assertThat(run("unit-gone", "", unit, MARK)).isEqualTo("0 changed");
        assertThat(guard).doesNotExist();
        assertThat(auth).doesNotExist();
        assertThat(run("unit-gone", "", unit, MARK)).isEqualTo("0 unchanged");
    }

    @Test
    @Execution(CONCURRENT)
    void whatIsCutOffBesideAGuardsPasswordHasAMarkByWhichItGoes() throws Exception {
        Path guard = units.resolve("redfleet-orders-redis-server.guard");
        program("chown", "exit 1\n");
        String text = "#!/bin/sh\n# redfleet-owner " + MARK + "\n";
        assertThat(run("unit-guard", "secret\n" + text, guard, MARK)).startsWith("1 ");
        assertThat(guard).as("before there is any password").hasContent(text);
        assertThat(units.resolve("redfleet-orders-redis-server.guard.auth.new")).exists();
        assertThat(run("unit-gone", "", unit, MARK)).isEqualTo("0 changed");
        try (var left = Files.list(units)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    @Execution(CONCURRENT)
    void aPasswordThatARunOfBeforeLeftAloneIsSeenAndGoes() throws Exception {
        Path guard = units.resolve("redfleet-orders-redis-server.guard");
        for (String name : List.of("redfleet-orders-redis-server.guard.auth", guard.getFileName() + ".auth.new")) {
            Path left = Files.writeString(units.resolve(name), "secret\n");
            assertThat(looked().lines()).anyMatch(line -> line.startsWith("i.redis-server.unit.auth="));
            Files.writeString(guard, "# redfleet-owner " + OTHER + "\n");
            assertThat(run("unit-gone", "", unit, MARK))
                    .as("it is that guard's")
                    .isEqualTo("0 unchanged");
            assertThat(left).exists();
            Files.delete(guard);
            assertThat(run("unit-gone", "", unit, MARK)).isEqualTo("0 changed");
            assertThat(left).doesNotExist();
        }
        Path staged = Files.writeString(units.resolve(guard.getFileName() + ".auth.new"), "secret\n");
        String text = "#!/bin/sh\n# redfleet-owner " + MARK + "\n";
        assertThat(run("unit-guard", "\n" + text, guard, MARK)).isEqualTo("0 changed");
        assertThat(staged).as("an apply without access control").doesNotExist();
    }

    @Test
    @Execution(CONCURRENT)
    void aUnitThatSystemdHasNotForgottenYetIsForgottenByTheNextRun() throws Exception {
        ours();
        Path guard = units.resolve("redfleet-orders-redis-server.guard");
        program("systemctl", """
                echo "$*" >>"HERE/calls"
                case $1 in
                  show) cat "HERE/state" ;;
                  daemon-reload) if [ -e "HERE/cut" ]; then exit 1; fi ;;
                esac
                """);
        Files.createFile(directory.resolve("cut"));
        assertThat(run("unit-gone", "", unit, MARK)).startsWith("1 ").contains("daemon-reload");
        assertThat(unit).doesNotExist();
        assertThat(looked().lines()).as("a plan finds it").contains("i.redis-server.unit.guard.owner=" + MARK);
        Process started = new ProcessBuilder("sh", "" + guard).start();
        assertThat(started.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(started.exitValue()).as("nothing is started meanwhile").isEqualTo(1);

        Files.delete(directory.resolve("cut"));
        Files.delete(directory.resolve("calls"));
        assertThat(run("unit-gone", "", unit, MARK)).isEqualTo("0 changed");
        assertThat(calls()).contains("daemon-reload");
        assertThat(guard).doesNotExist();
        Files.delete(directory.resolve("calls"));
        assertThat(run("unit-gone", "", unit, MARK)).isEqualTo("0 unchanged");
        assertThat(calls()).isEmpty();

        // Of a run of before, which left no mark, systemd itself knows.
        Files.writeString(directory.resolve("state"), "ActiveState=inactive\nNeedDaemonReload=yes\n");
        assertThat(run("unit-gone", "", unit, MARK)).isEqualTo("0 changed");
        assertThat(calls()).contains("daemon-reload");
    }

    @Test
    @Execution(CONCURRENT)
    void anOrderGivesTheGuardAPermitForThisStartAndTakesBackOneThatWasNotUsed() throws Exception {
        ours();
        program("systemctl", """
                case $1 in
                  show) cat "HERE/state" ;;
                  start) cp INSTANCE/permit "HERE/permitted" ;;
                esac
                """.replace("INSTANCE", "" + instance));
        state("failed", 0);
        assertThat(start()).startsWith("1 ");
        assertThat(directory.resolve("permitted")).as("a Sentinel has no guard").doesNotExist();
        Files.createFile(units.resolve("redfleet-orders-redis-server.guard"));
        Files.writeString(instance.resolve("permit"), "of one that was cut off");
        assertThat(start()).startsWith("1 ").contains("has failed");
        assertThat(Files.readString(directory.resolve("permitted")))
                .matches(Files.readString(Path.of("/proc/sys/kernel/random/boot_id"))
                                .strip() + " \\d+\n");
        assertThat(instance.resolve("permit")).doesNotExist();
    }

    @Test
    @Execution(CONCURRENT)
    void whatIsNotOursIsNeitherWrittenNorRemovedNorStartedNorStopped() throws Exception {
        for (String found : List.of("[Unit]\n", "# redfleet-owner " + OTHER + "\n")) {
            Files.writeString(unit, found);
            assertThat(run("unit", "x", unit, MARK, "no")).startsWith("1 ").contains("is not marked as " + MARK);
            assertThat(run("unit-gone", "", unit, MARK)).startsWith("1 ").contains("is not marked as " + MARK);
            assertThat(start()).startsWith("1 ").contains("is not Redfleet's unit of " + instance);
            assertThat(stop()).startsWith("1 ").contains("is not Redfleet's unit of " + instance);
            assertThat(unit).hasContent(found);
        }
        Files.delete(unit);
        Path elsewhere = Files.writeString(directory.resolve("elsewhere"), "# redfleet-owner " + MARK + "\n");
        Files.createSymbolicLink(unit, elsewhere);
        assertThat(run("unit", "x", unit, MARK, "no")).startsWith("1 ");
        assertThat(elsewhere).hasContent("# redfleet-owner " + MARK);
        assertThat(calls()).isEmpty();
    }

    @Test
    @Execution(CONCURRENT)
    void aUnitGoesOnlyOnceItsInstanceHasStoppedAndMayBeGoneAlready() throws Exception {
        ours();
        state("active", 7);
        assertThat(run("unit-gone", "", unit, MARK)).startsWith("1 ").contains("is still active");
        assertThat(unit).exists();
        state("failed", 0);
        assertThat(run("unit-gone", "", unit, MARK)).isEqualTo("0 changed");
        assertThat(unit).doesNotExist();
        assertThat(calls()).contains("disable " + unit.getFileName(), "daemon-reload");
        assertThat(run("unit-gone", "", unit, MARK)).isEqualTo("0 unchanged");
    }

    @Test
    @Execution(CONCURRENT)
    void aRotationIsWrittenOnceAndGoesAndAnothersIsLeftAlone() throws Exception {
        Path file = directory.resolve("redfleet-orders");
        String content = "# redfleet-owner u1 orders\n/a/b.log {\n    su redis redis\n}\n";
        assertThat(run("rotate", content, file, "u1 orders")).isEqualTo("0 changed");
        assertThat(file).hasContent(content);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r--r--");
        assertThat(run("rotate", content, file, "u1 orders")).isEqualTo("0 unchanged");
        assertThat(run("rotate", content + "#\n", file, "u1 orders")).isEqualTo("0 changed");
        assertThat(run("rotate", "", file, "u2 orders")).startsWith("1 ").contains("is not marked as u2 orders");
        assertThat(run("rotate", "", file, "u1 orders")).isEqualTo("0 changed");
        assertThat(file).doesNotExist();
        assertThat(run("rotate", "", file, "u1 orders")).isEqualTo("0 unchanged");

        Files.writeString(file, "/a/b.log {\n}\n");
        assertThat(run("rotate", content, file, "u1 orders")).startsWith("1 ").contains("is left alone");
        assertThat(run("rotate", "", file, "u1 orders")).startsWith("1 ");
        assertThat(file).hasContent("/a/b.log {\n}\n");
    }

    @Test
    @Execution(CONCURRENT)
    void theFileOfLogrotateIsSurveyedWhereThereIsADirectoryForIt() throws Exception {
        assertThat(looked()).doesNotContain("systemd.rotat");
        Path there = Files.createDirectories(units.resolve("logrotate.d"));
        assertThat(looked()).contains("systemd.rotates=yes").doesNotContain("systemd.rotation");
        Files.writeString(there.resolve("redfleet-orders"), "# redfleet-owner u1 orders\n");
        assertThat(looked())
                .contains("systemd.rotation=yes", "systemd.rotation.owner=u1 orders", "systemd.rotation.hash=");
        Files.writeString(there.resolve("redfleet-orders"), "of somebody\n");
        assertThat(looked().lines()).contains("systemd.rotation=yes", "systemd.rotation.owner=");
    }

    /** Of a Sentinel that several clusters share, unit and file are the group's. */
    @Test
    @Execution(CONCURRENT)
    void theUnitOfAGroupsSentinelIsSurveyedUnderItsOwnName() throws Exception {
        Path there = Files.createDirectories(units.resolve("logrotate.d"));
        Files.writeString(there.resolve("redfleet-group.ring"), "# redfleet-owner group ring\n");
        Files.writeString(
                units.resolve("redfleet-group.ring-redis-sentinel.service"),
                "# redfleet-owner group ring/redis-sentinel\n");
        String text = Scripts.of(Surveyor.class, "units", Duration.ofSeconds(30), List.of())
                .text();
        List<String> words = List.of(units.toString(), "orders", "redis-server", "group.ring/redis-sentinel");
        assertThat(shell(text, words).lines())
                .contains(
                        "i.redis-sentinel.unit=yes",
                        "i.redis-sentinel.unit.owner=group ring/redis-sentinel",
                        "systemd.shared=yes",
                        "systemd.shared.owner=group ring")
                .doesNotContain("systemd.rotation=yes");
        assertThat(looked()).doesNotContain("systemd.shared");
    }

    @Test
    @Execution(CONCURRENT)
    void aStartAnswersOnceTheProcessIsSystemdsAndReady() throws Exception {
        ours();
        try (RedisNode redis = redis()) {
            Files.createFile(instance.resolve("stopped"));
            state("active", 0);
            // Its process is there, and systemd does not know it.
            assertThat(start(redis)).startsWith("1 ").contains("process " + redis.pid(), "systemd did not start it");
            assertThat(instance.resolve("stopped")).exists();
            state("active", redis.pid());
            assertThat(start(redis)).isEqualTo("0 pid=" + redis.pid() + "\nunchanged");
            assertThat(calls()).noneMatch(call -> call.startsWith("start"));

            // Of a process that no pidfile names nobody knows whose it is.
            Files.delete(instance.resolve("redis.pid"));
            assertThat(start(redis)).startsWith("1 ").contains("is taken by a process that is not ours");
            assertThat(calls()).noneMatch(call -> call.startsWith("start"));
        }
    }

    @Test
    @Execution(CONCURRENT)
    void whatSystemdStartsIsWaitedForUntilItIsReady() throws Exception {
        ours();
        Files.createFile(instance.resolve("stopped"));
        int port = FreePort.choose();
        Path conf = Files.writeString(
                instance.resolve("redis.conf"),
                "bind 127.0.0.1\nport " + port + "\ndaemonize yes\nsave \"\"\ndir " + instance.resolve("data")
                        + "\npidfile " + instance.resolve("redis.pid") + "\n");
        program("systemctl", """
                echo "$*" >>"HERE/calls"
                case $1 in
                  show)
                    cat "HERE/state"
                    if [ -e PIDFILE ]; then echo "MainPID=$(cat PIDFILE)"; fi
                    ;;
                  start) SERVER CONF >/dev/null ;;
                esac
                """.replace("PIDFILE", "" + instance.resolve("redis.pid"))
                .replace("SERVER", "" + RedisBinaries.server())
                .replace("CONF", "" + conf));
        state("activating", 0);
        String there = "" + port;
        assertThat(run("unit-start", "", unit, instance, "127.0.0.1", there, "2"))
                .startsWith("1 ")
                .contains("it answers, and has not told systemd that it is ready");
        long pid =
                Long.parseLong(Files.readString(instance.resolve("redis.pid")).strip());
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        try {
            assertThat(instance.resolve("stopped")).doesNotExist();
            state("active", 0);
            assertThat(run("unit-start", "", unit, instance, "127.0.0.1", there, "5"))
                    .isEqualTo("0 pid=" + pid + "\nunchanged");
        } finally {
            process.destroyForcibly();
        }
        process.onExit().join();
        assertThat(run("unit-start", "", unit, instance, "127.0.0.1", there, "10"))
                .matches("(?s)0 pid=\\d+\nstart=\\d+\nanswer=PONG\nchanged");
        assertThat(became()).anyMatch(call -> call.endsWith("redis-cli -h 127.0.0.1 -p " + there + " PING"));
        String begun = "i.redis-server.unit.started="
                + Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip() + " "
                + Files.readString(instance.resolve("redis.pid")).strip() + " ";
        assertThat(looked().lines())
                .as("by which file it was started")
                .anyMatch(line -> line.startsWith(begun)
                        && line.endsWith(" " + Secret.of(readUnit()).hash()));
        ProcessHandle.of(Long.parseLong(
                        Files.readString(instance.resolve("redis.pid")).strip()))
                .ifPresent(ProcessHandle::destroyForcibly);
    }

    @Test
    @Execution(CONCURRENT)
    void aStartThatFailsSaysWhatWasSaidWithoutPasswords() throws Exception {
        ours();
        Files.createFile(directory.resolve("broken"));
        assertThat(start()).startsWith("1 ").contains("systemctl start", "Failed to start");
        Files.delete(directory.resolve("broken"));
        state("failed", 0);
        assertThat(start())
                .startsWith("1 ")
                .contains("has failed (exit-code)", "masterauth ...", "user app on ... ~*")
                .doesNotContain("secret");
        state("activating", 0);
        assertThat(start()).startsWith("1 ").contains("is activating and not ready within 1 s");
        assertThat(calls()).contains("start --no-block " + unit.getFileName());
    }

    @Test
    @Execution(CONCURRENT)
    void aStartWithoutAUnitSaysWhatToDo() throws Exception {
        assertThat(start()).startsWith("1 ").contains("there is no unit " + unit, "apply the spec");
    }

    @Test
    @Execution(CONCURRENT)
    void aStopMarksWhatAPersonStopsAndWaitsForTheEndOfTheProcess() throws Exception {
        ours();
        try (RedisNode redis = redis()) {
            state("active", redis.pid());
            // Told to stop, this systemctl lets the process be: TERM is said again, to it alone.
            program("systemctl", """
                    echo "$*" >>"HERE/calls"
                    case $1 in
                      show) if kill -0 PID 2>/dev/null; then cat "HERE/state"; else echo ActiveState=inactive; fi ;;
                    esac
                    """.replace("PID", "" + redis.pid()));
            assertThat(stop()).isEqualTo("0 pid=" + redis.pid() + "\nchanged");
            assertThat(became()).anyMatch(call -> call.endsWith("sh TERM " + redis.pid()));
            assertThat(calls()).contains("stop --no-block " + unit.getFileName());
            assertThat(instance.resolve("stopped")).exists();
            assertThat(stop()).as("safe to run twice").isEqualTo("0 pid=0\nunchanged");
        }
    }

    @Test
    @Execution(CONCURRENT)
    void rootEndsNobodyWhomRedisCouldNotEnd() throws Exception {
        ours();
        Process strangers = new ProcessBuilder("sleep", "60").start();
        try {
            state("active", strangers.pid());
            // A process of redis's that lies about whose process that is, and a kernel that does not let redis signal
            // it.
            program("setpriv", "case $* in *redis.pid*) echo " + strangers.pid() + " ;; *) exit 1 ;; esac\n");
            assertThat(run("unit-stop", "", unit, instance, "plain", "3", "kill"))
                    .startsWith("1 ")
                    .contains("is still active, its process is " + strangers.pid());
            assertThat(strangers.isAlive()).isTrue();

            program("setpriv", "case $* in *redis.pid*) printf '1/../%s\\n' " + strangers.pid() + " ;; esac\n");
            state("inactive", 0);
            assertThat(run("unit-stop", "", unit, instance, "plain", "1", "term"))
                    .as("what is no number is no process")
                    .isEqualTo("0 pid=0\nunchanged");
        } finally {
            strangers.destroyForcibly();
        }
    }

    @Test
    @Execution(CONCURRENT)
    void whoIsInRootsGroupIsNotRedis() throws Exception {
        ours();
        program("id", "case $1 in -g) echo 0 ;; *) echo 12345 ;; esac\n");
        assertThat(stop()).startsWith("1 ").contains("he is root or in root's group");
        assertThat(calls()).isEmpty();
    }

    @Test
    @Execution(CONCURRENT)
    void whatRootAsksAnInstanceIsAskedAsRedisWithItsPasswordInNoArgument() throws Exception {
        program("redis-cli", "echo \"$REDISCLI_AUTH $*\"\nhead -c 1000000 /dev/zero | tr '\\0' x\n");
        String text = Scripts.of(Hands.class, "unit-start", Duration.ofSeconds(30), List.of())
                .text();
        String common = text.substring(0, text.indexOf("# Lets systemd start an instance"));
        String said = shell(
                "ask_user=admin ask_password=secret\n" + common
                        + "redis_ids && ask_as_redis 127.0.0.1 6379 PING </dev/null\n",
                List.of());
        assertThat(said)
                .startsWith("0 secret --user admin -h 127.0.0.1 -p 6379 PING\nxxx")
                .hasSizeLessThan(5_000);
        assertThat(became())
                .anyMatch(call -> call.endsWith("redis-cli --user admin -h 127.0.0.1 -p 6379 PING"))
                .noneMatch(call -> call.contains("secret"));
    }

    @Test
    @Execution(CONCURRENT)
    void whatRootAsksIsAskedByTlsWhereItIsSaidWhoseCertificatesCount() throws Exception {
        program("redis-cli", "echo \"$*\"\n");
        String text = Scripts.of(Hands.class, "unit-start", Duration.ofSeconds(30), List.of())
                .text();
        String common = text.substring(0, text.indexOf("# Lets systemd start an instance"));
        String ask = "redis_ids && ask_as_redis 127.0.0.1 6379 PING </dev/null\n";
        assertThat(shell("ask_user=admin ask_password=secret ask_ca=/etc/tls/ca.crt\n" + common + ask, List.of()))
                .isEqualTo("0 --user admin --tls --cacert /etc/tls/ca.crt -h 127.0.0.1 -p 6379 PING");
    }

    @Test
    @Execution(CONCURRENT)
    void ofALogThatRedisMakesHugeLittleIsRead() throws Exception {
        ours();
        Files.writeString(instance.resolve("log/redis.log"), "x".repeat(3_000_000));
        state("failed", 0);
        assertThat(start()).startsWith("1 ").contains("has failed", "xxx").hasSizeLessThan(5_000);
    }

    @Test
    @Execution(CONCURRENT)
    void whatIsNotOnTheDiskTakesNobodysPlace() throws Exception {
        program("sync", "echo no disk >&2\nexit 1\n");
        String expected = "cannot be brought to the disk: no disk";
        assertThat(run("unit", "# redfleet-owner " + MARK + "\n", unit, MARK, "no"))
                .startsWith("1 ")
                .contains(expected);
        assertThat(unit).doesNotExist();

        Path conf = instance.resolve("redis.conf");
        assertThat(run("new", "port 1\n", conf, instance.resolve(".redis.conf.lease-1.staged")))
                .startsWith("1 ")
                .contains(expected);
        Path staged = Files.writeString(instance.resolve(".redis.conf.lease-2.staged"), "port 1\n");
        assertThat(run("settle", "", conf, staged)).startsWith("1 ").contains(expected);
        assertThat(conf).doesNotExist();

        Files.writeString(conf, "port 1\n");
        assertThat(run("follow", "", instance, "10.0.0.1", "6379"))
                .startsWith("1 ")
                .contains(expected);
        assertThat(conf).hasContent("port 1");

        Path other = base.resolve("orders/other");
        assertThat(run("prepare", "", base.resolve("bin"), other, MARK, RedisBinaries.server()))
                .startsWith("1 ")
                .contains(expected);
        assertThat(other.resolve("owner")).doesNotExist();
        Files.delete(programs.resolve("sync"));
        assertThat(run("prepare", "", base.resolve("bin"), other, MARK, RedisBinaries.server()))
                .as("what it left is its own")
                .startsWith("0 ")
                .endsWith("changed");
    }

    /** A link that a neighbour makes at this moment is left to it. */
    @Test
    @Execution(CONCURRENT)
    void linksThatWereHalfMadeGoWithTheNextRun() throws Exception {
        Path bin = Files.createDirectories(base.resolve("bin"));
        for (String name : List.of(".redis-server.other", ".redis-sentinel.other", ".redis-sentinel.neighbour")) {
            Files.createSymbolicLink(bin.resolve(name), Path.of("/nowhere"));
        }
        assertThat(run("prepare", "", bin, base.resolve("orders/other"), MARK, RedisBinaries.server()))
                .startsWith("0 ")
                .endsWith("changed");
        try (var left = Files.list(bin)) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("redis-server", "redis-sentinel", ".redis-sentinel.neighbour");
        }
    }

    @Test
    @Execution(CONCURRENT)
    void whereThereIsNoRoomItIsSaidAndWhatStoodStands() throws Exception {
        String full = "trap '' XFSZ\nulimit -f 0\ncontent='port 2'\n";
        String expected = " cannot be written; is the disk full?";
        Files.writeString(unit, "# redfleet-owner " + MARK + "\n");
        assertThat(under(full, "unit", unit, MARK, "no")).startsWith("1 ").endsWith(unit + ".new" + expected);
        assertThat(unit).hasContent("# redfleet-owner " + MARK);

        Path conf = instance.resolve("redis.conf");
        Path staged = instance.resolve(".redis.conf.lease-1.staged");
        assertThat(under(full, "new", conf, staged)).startsWith("1 ").endsWith(staged + expected);
        assertThat(conf).doesNotExist();
        Files.writeString(conf, "port 1\n");
        assertThat(under(full, "follow", instance, "10.0.0.1", "6379"))
                .startsWith("1 ")
                .endsWith(conf + ".new" + expected);
        assertThat(conf).hasContent("port 1");
    }

    @Test
    @Execution(CONCURRENT)
    void aServerThatDoesNotComeBackFromItsStartIsGivenUp() throws Exception {
        Path server = Files.createDirectories(base.resolve("bin")).resolve("redis-server");
        Files.writeString(server, "#!/bin/sh\nexec sleep 100\n");
        Files.setPosixFilePermissions(server, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(run("start", "", base.resolve("bin"), instance, "redis-server", "127.0.0.1", "1", "1"))
                .startsWith("1 ")
                .contains("ended with status 124");
    }

    @Test
    @Execution(CONCURRENT)
    void aUnitThatDoesNotEndIsNamed() throws Exception {
        ours();
        state("deactivating", 0);
        assertThat(stop()).startsWith("1 ").contains("is still deactivating, its process is 0");
    }

    @Test
    @Execution(CONCURRENT)
    void aFileComesWithItsScriptAndIsNotReplaced() throws Exception {
        Path target = instance.resolve("redis.conf");
        Path staged = instance.resolve(".redis.conf.lease-1.staged");
        Files.writeString(instance.resolve(".redis.conf.lease-0.staged"), "of one that was cut off");
        String content = "masterauth it's $HOME\n\n";
        assertThat(run("new", content, target, staged)).isEqualTo("0 changed");
        assertThat(Files.readString(target)).isEqualTo(content);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target)))
                .isEqualTo("rw-------");
        assertThat(run("new", "other", target, staged)).isEqualTo("0 present");
        assertThat(Files.readString(target)).isEqualTo(content);
        try (var left = Files.list(instance)) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("data", "log", "redis.conf");
        }
    }

    @Test
    @Execution(CONCURRENT)
    void aMarkThatIsNoFileIsNobodysAndNotWaitedFor() throws Exception {
        assertThat(new ProcessBuilder("mkfifo", "" + instance.resolve("owner"))
                        .start()
                        .waitFor())
                .isZero();
        for (String name : List.of("retire", "erase")) {
            assertThat(run(name, "", instance, MARK)).startsWith("1 ").contains("is not marked as " + MARK);
        }
        assertThat(run("mark", "", instance, MARK, "u1", "2")).startsWith("1 ").contains("is not marked as " + MARK);
        assertThat(run("prepare", "", base, instance, MARK, RedisBinaries.server()))
                .startsWith("1 ")
                .contains(instance + " belongs to");
    }

    @Test
    @Execution(CONCURRENT)
    void aConfigurationThatIsNoFileIsNotWaitedFor() throws Exception {
        Path conf = instance.resolve("redis.conf");
        assertThat(new ProcessBuilder("mkfifo", "" + conf).start().waitFor()).isZero();
        assertThat(run("follow", "", instance, "10.0.0.1", "6379"))
                .startsWith("1 ")
                .contains(conf + " must be a regular file of at most 1 MiB");
    }

    @Test
    @Execution(CONCURRENT)
    void beforeAnythingElseItIsSaidWhatThereIsAndWhatIsAllowed() throws Exception {
        ours();
        Files.createDirectories(units.resolve("multi-user.target.wants"));
        Files.createSymbolicLink(units.resolve("multi-user.target.wants/" + unit.getFileName()), unit);
        Files.createSymbolicLink(units.resolve("redfleet-orders-linked.service"), unit);
        String found = looked();
        assertThat(found.lines())
                .contains(
                        "systemd.account=yes",
                        "i.redis-server.unit=yes",
                        "i.redis-server.unit.owner=" + MARK,
                        "i.redis-server.unit.enabled=yes",
                        "i.linked.unit=yes")
                .noneMatch(line -> line.startsWith("i.linked.unit."))
                .noneMatch(line -> line.startsWith("i.absent."))
                .noneMatch(line -> line.startsWith("systemd.sudo"))
                .endsWith("systemd.end=yes");
        Files.writeString(directory.resolve("refuses"), "sudo: a password is required\nand more\n");
        assertThat(looked().lines()).contains("systemd.sudo=sudo -n -- sh: sudo: a password is required");
    }

    @Test
    @Execution(CONCURRENT)
    void whoMayRunAnotherProgramThanTheShellMayRunNoScript() throws Exception {
        program("sudo", """
                case $* in
                  *"-- true") exit 0 ;;
                  "-n -- sh "*) exec sh -s -- ;;
                esac
                echo "Sorry, user ops is not allowed to execute '/usr/bin/sh -s --' as redis on r1." >&2
                exit 1
                """);
        assertThat(looked().lines())
                .contains("systemd.sudo=sudo -n -u redis -- sh: Sorry, user ops is not allowed to execute"
                        + " '/usr/bin/sh -s --' as redis on r1.");
    }

    @Test
    @Execution(CONCURRENT)
    void aLeaseHasItsGroundOnlyWhereNobodyButRootCanPutAnything() throws Exception {
        Files.setPosixFilePermissions(base, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), base);
        assertThat(ground("redfleet"))
                .isEqualTo("1 directory redfleet: must be absolute where init runs the instances");
        assertThat(ground(base + "/deeper")).startsWith("1 ").contains(base + " must be a directory, no link");
        assertThat(ground("" + link)).startsWith("1 ").contains(link + " must be a directory, no link");
        assertThat(base.resolve("deeper")).doesNotExist();
        assertThat(base.resolve(".lease")).doesNotExist();
    }

    /** He was ended and his group was not, or the group is somebody else's. */
    @ParameterizedTest(name = "noted {0}, the group is {1}: ours again: {2}")
    @CsvSource({
        "redis:x:998:, redis:x:998:, true",
        "redis:x:998:, redis:x:997:, false",
        "redis:x:998:, redis:x:998:app, false",
        "'', redis:x:998:, false",
    })
    @Execution(CONCURRENT)
    void whereTheGroupIsWhatWasNotedBeforeTheUserEndedBothAreOursAgain(String noted, String group, boolean ours)
            throws Exception {
        Path ends = directory.resolve("account-ends");
        Files.writeString(ends, noted + "\n");
        Files.writeString(directory.resolve("group"), group + "\n");
        program("id", "cat \"HERE/uid\" 2>/dev/null\n");
        program("getent", "cat \"HERE/$1\" 2>/dev/null\n");
        program("useradd", "echo \"$*\" >>\"HERE/calls\"\necho 12345 >\"HERE/uid\"\n");
        String text = Scripts.of(HostLeases.class, "ground", Duration.ofSeconds(30), List.of())
                .text();
        assertThat(text).contains("=/var/lib/redfleet-host/account-ends\n", "\nmain \"$@\" </dev/null");
        String alone = text.replace("=/var/lib/redfleet-host/account-ends\n", "='" + ends + "'\n")
                .replace("\nmain \"$@\" </dev/null", "\naccount");
        assertThat(shell(alone, List.of())).isEqualTo("0 ");
        assertThat(calls()).singleElement().asString().contains("--gid redis").doesNotContain("--user-group");
        assertThat(calls().getFirst().contains("--comment made by Redfleet")).isEqualTo(ours);
        assertThat(ends).doesNotExist();
    }

    private String ground(String base) throws Exception {
        String text = Scripts.of(HostLeases.class, "ground", Duration.ofSeconds(30), List.of())
                .text();
        return shell(text, List.of(base, "orders", "systemd"));
    }

    private String looked() throws Exception {
        String text = Scripts.of(Surveyor.class, "units", Duration.ofSeconds(30), List.of())
                .text();
        String said = shell(text, List.of(units.toString(), "orders", "redis-server", "linked", "absent"));
        assertThat(said).startsWith("0 ");
        return said.substring(2);
    }

    private String readUnit() {
        try {
            return Files.readString(unit);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void ours() throws IOException {
        Files.writeString(unit, "# redfleet-owner " + MARK + "\nReadWritePaths=" + instance + "\n");
    }

    private RedisNode redis() {
        return RedisNode.start("dir " + instance.resolve("data"), "pidfile " + instance.resolve("redis.pid"));
    }

    private void state(String active, long pid) throws IOException {
        Files.writeString(
                directory.resolve("state"),
                "MainPID=" + pid + "\nResult=exit-code\nActiveState=" + active + "\nNeedDaemonReload=no\n");
    }

    private List<String> calls() throws IOException {
        Path calls = directory.resolve("calls");
        return Files.exists(calls)
                ? Files.readAllLines(calls).stream()
                        .filter(call -> !call.startsWith("show"))
                        .toList()
                : List.of();
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

    /** On a port that nobody listens on. */
    private String start() throws Exception {
        return run("unit-start", "", unit, instance, "127.0.0.1", "1", "1");
    }

    private String start(RedisNode redis) throws Exception {
        return run("unit-start", "", unit, instance, redis.host(), "" + redis.port(), "5");
    }

    private String stop() throws Exception {
        return run("unit-stop", "", unit, instance, "mark", "5", "term");
    }

    /** The exit status, and what was said. */
    private String run(String name, String content, Object... arguments) throws Exception {
        return under("content=" + ShellWord.quote(content) + "\n", name, arguments);
    }

    /** @param before what the shell reads first */
    private String under(String before, String name, Object... arguments) throws Exception {
        try (LeaseProcess lease = LeaseProcess.start(base, "lease-1", 60)) {
            assertThat(lease.beat()).startsWith("held");
            List<String> words = new ArrayList<>(List.of(base.toString(), "lease-1", "0"));
            for (Object argument : arguments) {
                words.add(argument.toString());
            }
            String text = Scripts.of(Hands.class, name, Duration.ofSeconds(30), List.of())
                    .text();
            return shell(before + text, words);
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
