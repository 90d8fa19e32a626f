package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import io.redfleet.provisioner.edge.ssh.ShellWord;
import io.redfleet.provisioner.lease.LeaseProcess;
import io.redfleet.provisioner.recipe.InitScript;
import io.redfleet.provisioner.survey.Scripts;
import io.redfleet.provisioner.survey.Surveyor;
import io.redfleet.testkit.FreePort;
import io.redfleet.testkit.RedisBinaries;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;

/**
 * The init script of an instance, and what root runs to write it, to start and stop the instance by it and to take it away: with a
 * real shell and a real Redis. Who the test is, is who is root and who is redis here.
 */
@Timeout(120)
class InitScriptsTest {
    private static final String MARK = "u1 orders/r1/redis-server";
    private static final String NAME = "redfleet-orders-redis-server";

    @TempDir
    Path directory;

    private Path base;
    private Path programs;
    private Path scripts;
    private Path script;
    private Path guards;
    private Path guard;
    private Path subsys;
    private Path instance;
    private int port;

    @BeforeEach
    void aHost() throws Exception {
        base = Files.createDirectories(directory.resolve("base"));
        programs = Files.createDirectories(directory.resolve("programs"));
        scripts = Files.createDirectories(directory.resolve("etc/init.d"));
        script = scripts.resolve(NAME);
        guards = directory.resolve("etc/redfleet/guards");
        guard = guards.resolve(NAME + ".guard");
        subsys = directory.resolve("var/lock/subsys");
        instance = base.resolve("orders/redis-server");
        Files.createDirectories(instance.resolve("data"));
        Files.createDirectories(instance.resolve("log"));
        port = FreePort.choose();
        Files.writeString(
                instance.resolve("redis.conf"), """
                bind 127.0.0.1
                port PORT
                daemonize yes
                save ""
                dir DIR/data
                pidfile DIR/redis.pid
                logfile DIR/log/redis.log
                """.replace("PORT", "" + port).replace("DIR", "" + instance));
        program("setpriv", """
                echo "$*" >>"HERE/became"
                while [ "$1" != --no-new-privs ]; do shift; done
                shift
                exec "$@"
                """);
        program("id", "if [ $# = 1 ]; then echo 0; else echo 12345; fi\n");
        program("sudo", "exit 0\n");
        program("update-rc.d", """
                echo "$*" >>"HERE/calls"
                case $* in
                  *" defaults")
                    for level in 2 3 4 5; do
                      mkdir -p "HERE/etc/rc$level.d" && ln -sf "../init.d/$1" "HERE/etc/rc$level.d/S85$1"
                    done
                    ;;
                  "-f "*) rm -f HERE/etc/rc?.d/[SK]85"$2" ;;
                esac
                """);
    }

    @AfterEach
    void nothingIsLeftBehind() throws Exception {
        running().ifPresent(process -> {
            process.destroyForcibly();
            process.onExit().join();
        });
    }

    @Test
    @Execution(CONCURRENT)
    void itStartsOnceAndSaysHowItIsAndEndsWhatItStarted() throws Exception {
        written("");
        assertThat(init("status")).isEqualTo("3 " + NAME + " does not run");
        String started = init("start");
        long pid = running().orElseThrow().pid();
        assertThat(started).startsWith("0 ").endsWith(NAME + " runs, as process " + pid);
        assertThat(started.contains("65535 cannot be set") || openFiles(pid).equals("65535 65535"))
                .as("limits %s of what said %s", openFiles(pid), started)
                .isTrue();
        assertThat(init("status")).isEqualTo("0 " + NAME + " runs, as process " + pid);
        assertThat(init("start")).isEqualTo("0 " + NAME + " runs already, as process " + pid);

        assertThat(init("restart")).startsWith("0 ");
        long next = running().orElseThrow().pid();
        assertThat(next).isNotEqualTo(pid);
        assertThat(init("stop")).isEqualTo("0 " + NAME + " has ended");
        assertThat(running()).isEmpty();
        assertThat(init("stop")).isEqualTo("0 " + NAME + " does not run");
        assertThat(became())
                .as("redis starts it, with his groups, and ends it")
                .anyMatch(call -> call.startsWith("--reuid 12345 --regid 12345 --init-groups")
                        && call.endsWith(RedisBinaries.server() + " " + instance.resolve("redis.conf")))
                .anyMatch(call -> call.contains("--clear-groups") && call.endsWith("sh " + next));
    }

    @Test
    @Execution(CONCURRENT)
    void whereAShutdownStopsOnlyWhatHasAFileThereItHasOneWhileItRuns() throws Exception {
        written("");
        assertThat(init("start")).startsWith("0 ");
        assertThat(subsys).as("a host of another kind").doesNotExist();

        Path known = Files.createDirectories(subsys).resolve(NAME);
        assertThat(init("start")).startsWith("0 ").contains("runs already");
        assertThat(known)
                .as("one that was started before there was the directory")
                .exists();
        assertThat(init("stop")).startsWith("0 ").contains("has ended");
        assertThat(known).doesNotExist();

        assertThat(init("start")).startsWith("0 ");
        assertThat(known).exists();
        ProcessHandle process = running().orElseThrow();
        process.destroyForcibly();
        process.onExit().join();
        assertThat(init("stop")).startsWith("0 ").contains("does not run");
        assertThat(known).as("of one that died").doesNotExist();
    }

    @Test
    @Execution(CONCURRENT)
    void aFileForAShutdownThatCannotBeWrittenIsSaidAndItRuns() throws Exception {
        written("");
        Files.createDirectories(subsys.resolve(NAME));
        assertThat(init("start"))
                .startsWith("0 ")
                .contains(subsys + "/" + NAME + " cannot be written: a shutdown will not stop it");
        assertThat(running()).isPresent();
    }

    @Test
    @Execution(CONCURRENT)
    void itsGuardFindsTheClientsOfBothEngines() throws Exception {
        written("" + guard);
        Files.createDirectories(guards);
        Files.writeString(guard, "echo \"$PATH\" >&2\nexit 1\n");
        assertThat(init("start")).contains(":/opt/redis/current/bin:/opt/valkey/current/bin");
    }

    @Test
    @Execution(CONCURRENT)
    void oneThatDiedIsSaidToHaveDiedAndIsStartedAgain() throws Exception {
        written("");
        assertThat(init("start")).startsWith("0 ");
        ProcessHandle process = running().orElseThrow();
        process.destroyForcibly();
        process.onExit().join();
        assertThat(init("status")).isEqualTo("1 " + NAME + " does not run, and has left " + instance + "/redis.pid");
        assertThat(init("start")).startsWith("0 ");
    }

    /** A process is called as its program was; the program here is this machine's Redis, whatever it is called. */
    @Test
    @Execution(CONCURRENT)
    void oneThatIsCalledValkeyIsFoundAndEndedAsWell() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("valkey-server"), RedisBinaries.server());
        written("");
        Files.writeString(script, text("").replace("" + RedisBinaries.server(), "" + link));
        String started = init("start");
        long pid = running().orElseThrow().pid();
        assertThat(started).startsWith("0 ").endsWith(NAME + " runs, as process " + pid);
        assertThat(Files.readString(Path.of("/proc/" + pid + "/comm"))).isEqualTo("valkey-server\n");
        assertThat(init("status")).isEqualTo("0 " + NAME + " runs, as process " + pid);
        assertThat(init("start")).isEqualTo("0 " + NAME + " runs already, as process " + pid);
        assertThat(init("stop")).isEqualTo("0 " + NAME + " has ended");
        assertThat(running()).isEmpty();
    }

    @Test
    @Execution(CONCURRENT)
    void twoThatStartItAtOnceStartOne() throws Exception {
        written("");
        Process first = shell(script, "start");
        Process second = shell(script, "start");
        for (Process each : List.of(first, second)) {
            String said = ended(each);
            assertThat(said)
                    .startsWith("0 ")
                    .endsWith("" + running().orElseThrow().pid());
        }
    }

    @Test
    @Execution(CONCURRENT)
    void nobodyElseCanHoldItsLock() throws Exception {
        written("");
        assertThat(init("stop")).startsWith("0 ");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("lock"))))
                .isEqualTo("rw-------");
    }

    /** What lies under the program's name is for redis to say. */
    @Test
    @Execution(CONCURRENT)
    void aProgramThatIsNoneSaysNoMoreThanWordsAndNotTooManyOfThem() throws Exception {
        Path other = programs.resolve("redis-server");
        written("");
        Files.writeString(script, text("").replace("" + RedisBinaries.server(), "" + other));
        program("redis-server", "printf '\\033[2Jmasterauth secret'\nexit 3\n");
        assertThat(init("start"))
                .startsWith("1 ")
                .endsWith(NAME + ": not started: " + other + " " + instance
                        + "/redis.conf: [2Jmasterauth ... ended with status 3");
        program("redis-server", "head -c 1000000 /dev/zero | tr '\\0' x\nexit 3\n");
        assertThat(init("start"))
                .startsWith("1 ")
                .contains("does not run 10 s after")
                .hasSizeLessThan(1_000);
    }

    @Test
    @Execution(CONCURRENT)
    void whatAPersonHasStoppedStaysDown() throws Exception {
        written("");
        Files.createFile(instance.resolve("stopped"));
        assertThat(init("start")).startsWith("6 ").contains("a person has stopped it");
        assertThat(running()).isEmpty();
    }

    @Test
    @Execution(CONCURRENT)
    void itsGuardIsAskedFirst() throws Exception {
        written("" + guard);
        assertThat(init("start")).startsWith("6 ").contains("there is no start guard " + guard);
        Files.createDirectories(guards);
        Files.writeString(guard, "echo 'it would come up empty' >&2\nexit 1\n");
        assertThat(init("start")).startsWith("1 ").contains("it would come up empty", "does not let it");
        assertThat(running()).isEmpty();
        Files.writeString(guard, "exit 0\n");
        assertThat(init("start")).startsWith("0 ");
        assertThat(became()).anyMatch(call -> call.contains("--init-groups") && call.endsWith("sh " + guard));
    }

    @Test
    @Execution(CONCURRENT)
    void aStrangersPidfileEndsNobody() throws Exception {
        written("");
        Process stranger = new ProcessBuilder("sleep", "60").start();
        try {
            Files.writeString(instance.resolve("redis.pid"), stranger.pid() + "\n");
            assertThat(init("stop")).isEqualTo("0 " + NAME + " does not run");
            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly();
        }
        Files.delete(instance.resolve("redis.pid"));
    }

    @Test
    @Execution(CONCURRENT)
    void aLineThatRedisDoesNotLikeIsSaidWithoutItsPassword() throws Exception {
        written("");
        Files.writeString(instance.resolve("redis.conf"), "masterauth secret and more\n");
        assertThat(init("start")).startsWith("1 ").contains("masterauth ...").doesNotContain("secret");
    }

    @Test
    @Execution(CONCURRENT)
    void otherWordsAndOtherUsersAreRefused() throws Exception {
        written("");
        assertThat(init("reload")).startsWith("2 ").contains("usage: ");
        program("id", "echo 12345\n");
        assertThat(init("status")).startsWith("4 ").contains("only root can do that");
        program("id", "echo 0\n");
        assertThat(init("start")).startsWith("5 ").contains("no user redis, or he is root");
    }

    @Test
    @Execution(CONCURRENT)
    void aScriptIsWrittenOnceAndLinkedAsWanted() throws Exception {
        String content = text("");
        assertThat(run("init-script", content, "write", script, MARK, "yes")).isEqualTo("0 changed");
        assertThat(Files.readString(script)).isEqualTo(content);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(script)))
                .isEqualTo("rwxr-xr-x");
        assertThat(calls()).containsExactly(NAME + " defaults", NAME + " enable");
        assertThat(looked().lines())
                .contains(
                        "i.redis-server.unit=yes",
                        "i.redis-server.unit.owner=" + MARK,
                        "i.redis-server.unit.enabled=yes")
                .anyMatch(line -> line.matches("i\\.redis-server\\.unit\\.hash=[0-9a-f]{64}"));
        assertThat(run("init-script", content, "write", script, MARK, "yes")).isEqualTo("0 unchanged");
        assertThat(run("init-script", content + "# more\n", "write", script, MARK, "yes"))
                .isEqualTo("0 changed");
        assertThat(run("init-script", content + "# more\n", "write", script, MARK, "no"))
                .isEqualTo("0 changed");
        assertThat(looked()).doesNotContain("unit.enabled");
        assertThat(run("init-script", content + "# more\n", "write", script, MARK, "no"))
                .isEqualTo("0 unchanged");
    }

    @Test
    @Execution(CONCURRENT)
    void aScriptThatNobodyMayRunIsDriftAndPutRight() throws Exception {
        String content = text("");
        run("init-script", content, "write", script, MARK, "no");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(looked()).contains("unit.owner=").doesNotContain("unit.hash");
        assertThat(run("init-script", content, "write", script, MARK, "no")).isEqualTo("0 changed");
        assertThat(script).isExecutable();
    }

    @Test
    @Execution(CONCURRENT)
    void aToolThatLinksNothingIsNotBelieved() throws Exception {
        program("update-rc.d", "echo all is well\n");
        assertThat(run("init-script", text(""), "write", script, MARK, "yes"))
                .startsWith("1 ")
                .contains("linked for a start at boot: no, wanted is yes", "all is well");
        program("update-rc.d", "echo no such runlevel >&2\nexit 3\n");
        assertThat(run("init-script", text(""), "write", script, MARK, "yes"))
                .startsWith("1 ")
                .contains("update-rc.d " + NAME + " defaults: no such runlevel");
    }

    @Test
    @Execution(CONCURRENT)
    void whatIsNotOursIsNeitherWrittenNorRemovedNorStartedNorStopped() throws Exception {
        for (String found : List.of("#!/bin/sh\n", "#!/bin/sh\n# redfleet-owner u9 billing/r1/redis-server\n")) {
            Files.writeString(script, found);
            assertThat(run("init-script", "x", "write", script, MARK, "no"))
                    .startsWith("1 ")
                    .contains("is not marked as " + MARK);
            assertThat(gone()).startsWith("1 ").contains("is not marked as " + MARK);
            assertThat(start("")).startsWith("1 ").contains("is not Redfleet's init script of " + instance);
            assertThat(stop("plain")).startsWith("1 ").contains("is not Redfleet's init script of " + instance);
            assertThat(script).hasContent(found);
        }
        Files.delete(script);
        assertThat(start("")).startsWith("1 ").contains("there is no init script " + script, "apply the spec");
        assertThat(calls()).isEmpty();
    }

    @Test
    @Execution(CONCURRENT)
    void anOrderStartsItByItsScriptWithAPermitForItsGuardAndStopsItByIt() throws Exception {
        written("" + guard);
        Files.createDirectories(guards);
        Files.writeString(guard, "cp " + instance + "/permit " + directory + "/permitted || exit 1\n");
        Files.createFile(instance.resolve("stopped"));
        String started = start("" + guard);
        long pid = running().orElseThrow().pid();
        assertThat(started).matches("(?s)0 pid=" + pid + "\nstart=\\d+\nanswer=PONG\nchanged");
        assertThat(Files.readString(directory.resolve("permitted")))
                .matches(Files.readString(Path.of("/proc/sys/kernel/random/boot_id"))
                                .strip() + " \\d+\n");
        assertThat(instance.resolve("permit")).doesNotExist();
        assertThat(instance.resolve("stopped")).doesNotExist();
        assertThat(start("" + guard)).isEqualTo("0 pid=" + pid + "\nunchanged");
        assertThat(gone()).startsWith("1 ").contains("still runs, as process " + pid);
        assertThat(script).exists();

        assertThat(stop("mark")).isEqualTo("0 pid=" + pid + "\nchanged");
        assertThat(running()).isEmpty();
        assertThat(instance.resolve("stopped")).exists();
        assertThat(stop("plain")).as("safe to run twice").isEqualTo("0 pid=0\nunchanged");
    }

    @Test
    @Execution(CONCURRENT)
    void aStartThatItsGuardRefusesSaysWhy() throws Exception {
        written("" + guard);
        Files.createDirectories(guards);
        Files.writeString(guard, "echo 'redfleet guard: it would come up empty' >&2\nexit 1\n");
        assertThat(start("" + guard)).startsWith("1 ").contains(script + " start: ", "it would come up empty");
        assertThat(instance.resolve("permit")).as("taken back").doesNotExist();
    }

    @Test
    @Execution(CONCURRENT)
    void aScriptGoesWithItsLinksItsGuardAndTheGuardsPassword() throws Exception {
        run("init-script", text("" + guard), "write", script, MARK, "yes");
        program("chown", "exit 0\n");
        program("stat", "case $2 in %Y) echo 1 ;; *) echo \"12345 400 regular file\" ;; esac\n");
        String guarding = "#!/bin/sh\n# redfleet-owner " + MARK + "\n";
        assertThat(run("unit-guard", "secret\n" + guarding, guard, MARK)).isEqualTo("0 changed");
        assertThat(Files.readString(guard)).isEqualTo(guarding);
        assertThat(looked().lines())
                .contains("i.redis-server.unit.guard.owner=" + MARK, "i.redis-server.unit.auth=12345 400 regular file");

        Path known = Files.createFile(Files.createDirectories(subsys).resolve(NAME));

        assertThat(gone()).isEqualTo("0 changed");
        assertThat(known).doesNotExist();
        assertThat(script).doesNotExist();
        assertThat(directory.resolve("etc/rc2.d/S85" + NAME)).doesNotExist();
        assertThat(guards).as("with the last of them").doesNotExist();
        assertThat(gone()).isEqualTo("0 unchanged");

        // One that was cut off from its script.
        assertThat(run("unit-guard", "secret\n" + guarding, guard, MARK)).isEqualTo("0 changed");
        assertThat(gone()).isEqualTo("0 changed");
        assertThat(guard).doesNotExist();
    }

    private String text(String guarded) {
        return InitScript.text(
                MARK,
                new InitScript.Knows(
                        NAME,
                        "orders/r1/redis-server",
                        "" + instance,
                        "" + RedisBinaries.server(),
                        "" + instance.resolve("redis.conf"),
                        guarded,
                        "" + directory.resolve("lock"),
                        "" + subsys,
                        Duration.ofSeconds(20)));
    }

    private void written(String guarded) throws IOException {
        Files.writeString(script, text(guarded));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Optional<ProcessHandle> running() throws IOException {
        Path pidfile = instance.resolve("redis.pid");
        if (!Files.exists(pidfile)) {
            return Optional.empty();
        }
        return ProcessHandle.of(Long.parseLong(Files.readString(pidfile).strip()));
    }

    private static String openFiles(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/limits")).stream()
                .filter(line -> line.startsWith("Max open files"))
                .map(line -> line.replaceFirst("^Max open files +(\\S+) +(\\S+).*", "$1 $2"))
                .findFirst()
                .orElse("");
    }

    private List<String> calls() throws IOException {
        Path calls = directory.resolve("calls");
        return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
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

    private String looked() throws Exception {
        String text = Scripts.of(Surveyor.class, "units", Duration.ofSeconds(30), List.of())
                .text();
        Process shell = shell("-s", "--", scripts, "orders", "redis-server");
        String said = ended(shell, text);
        assertThat(said).startsWith("0 ").endsWith("systemd.end=yes");
        return said.substring(2);
    }

    private String start(String guarded) throws Exception {
        return run("init-start", "", script, instance, "127.0.0.1", "" + port, "10", guarded);
    }

    private String stop(String mark) throws Exception {
        return run("init-stop", "", script, instance, mark, "20", "term");
    }

    private String gone() throws Exception {
        return run("init-script", "", "gone", script, MARK, guard, instance);
    }

    /** The exit status, and what was said. */
    private String run(String name, String content, Object... arguments) throws Exception {
        try (LeaseProcess lease = LeaseProcess.start(base, "lease-1", 60)) {
            assertThat(lease.beat()).startsWith("held");
            List<Object> words = new ArrayList<>(List.of("-s", "--", base, "lease-1", "0"));
            words.addAll(List.of(arguments));
            String text = Scripts.of(Hands.class, name, Duration.ofSeconds(30), List.of())
                    .text();
            return ended(shell(words.toArray()), "content=" + ShellWord.quote(content) + "\n" + text);
        }
    }

    private String init(String verb) throws Exception {
        return ended(shell(script, verb));
    }

    private Process shell(Object... arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of("sh"));
        for (Object argument : arguments) {
            words.add(argument.toString());
        }
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().merge("PATH", programs.toString(), (path, first) -> first + ":" + path);
        return builder.start();
    }

    private static String ended(Process shell) throws Exception {
        return ended(shell, "");
    }

    /** @param input what the shell reads */
    private static String ended(Process shell, String input) throws Exception {
        shell.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
        shell.getOutputStream().close();
        assertThat(shell.waitFor(60, TimeUnit.SECONDS)).isTrue();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return shell.exitValue() + " " + said.strip();
    }
}
