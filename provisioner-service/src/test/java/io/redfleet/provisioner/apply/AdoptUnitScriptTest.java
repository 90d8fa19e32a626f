package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.provisioner.lease.LeaseProcess;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Scripts;
import io.redfleet.provisioner.survey.Surveyor;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.LoopbackHost;
import io.redfleet.testkit.RedisBinaries;
import io.redfleet.testkit.RedisCall;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A Redis that runs under its builder's unit, as its host finds it and as it is taken over: with a real shell and a real Redis.
 * What systemd would say, this test says, and what the kernel says of its cgroup.
 */
@Timeout(120)
class AdoptUnitScriptTest {
    private static final String ADDRESS = "127.0.0.1";
    private static final String OWNER = "u1 orders/r1/redis-server";
    private static final String UNIT = "redis-server@main.service";

    @TempDir
    Path directory;

    private Path base;
    private Path own;
    private Path conf;
    private Path cgroup;
    private Path programs;
    private int port;
    /** What stands for setpriv in a trial. */
    private String setpriv = "/usr/bin/setpriv";
    /** What says where a process works. */
    private String cwd = "\"/proc/$own_pid/cwd\"";

    @BeforeEach
    void somebodysUnitStartsARedis() throws Exception {
        Path real = directory.toRealPath();
        base = Files.createDirectories(real.resolve("base"));
        own = Files.createDirectories(real.resolve("own"));
        programs = Files.createDirectories(real.resolve("programs"));
        Files.createDirectories(own.resolve("db"));
        conf = own.resolve("redis.conf");
        port = LoopbackHost.freePort(ADDRESS);
        // As Debian has it: what the unit says beside the file stands on its command line.
        Files.writeString(
                conf,
                String.join(
                                "\n",
                                "bind " + ADDRESS,
                                "port " + port,
                                "daemonize no",
                                "pidfile " + own.resolve("my.pid"),
                                "dir " + own.resolve("db"),
                                "logfile " + own.resolve("my.log"),
                                "save \"\"",
                                "appendonly no")
                        + "\n");
        cgroup = Files.writeString(
                real.resolve("cgroup"), "0::/system.slice/system-redis\\x2dserver.slice/" + UNIT + "\n");
        Path program = Files.writeString(programs.resolve("systemctl"), "#!/bin/sh\ncat '" + real + "/state'\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        Process started = new ProcessBuilder(RedisBinaries.server().toString(), conf.toString(), "--daemonize", "yes")
                .redirectErrorStream(true)
                .redirectOutput(real.resolve("start.out").toFile())
                .start();
        assertThat(started.waitFor(20, TimeUnit.SECONDS)).isTrue();
        Await.until("its pidfile", Duration.ofSeconds(20), () -> pid() != 0);
        Await.until("its answer", Duration.ofSeconds(20), this::answers);
        state("");
    }

    @AfterEach
    void itEnds() {
        if (pid() != 0) {
            ProcessHandle.of(pid()).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    @Test
    void itIsFoundByItsUnitAndLinkedWithTheUnitsName() throws Exception {
        long pid = pid();
        assertThat(refusal(UNIT)).isEmpty();
        assertThat(surveyed(UNIT)).contains("i.redis-server.own.data=" + own.resolve("db") + "\n");
        assertThat(adopted(pid)).isEqualTo("0 changed");
        assertThat(pid()).isEqualTo(pid);
        assertThat(instance().resolve("adopted")).hasContent(conf + "\n" + UNIT + "\n");
        assertThat(adopted(pid)).as("safe to run twice").isEqualTo("0 unchanged");
        assertThat(surveyed(UNIT)).contains("i.redis-server.pid=" + pid + "\n").doesNotContain("own.refused");

        Files.writeString(cgroup, "0::/system.slice/other.service\n");
        assertThat(surveyed(UNIT))
                .as("another process that has its number by now is a stranger")
                .contains("i.redis-server.pid=0\n");

        assertThat(run("release", "" + instance(), OWNER)).isEqualTo("0 changed");
        assertThat(instance()).doesNotExist();
    }

    /** Where systemd hides where it works, its link leads nowhere: it is the unit that tells it from others. */
    @Test
    void whereItWorksMayBeHiddenAndIsThenWhatItsFileSays() throws Exception {
        assertThat(adopted(pid())).isEqualTo("0 changed");
        Files.delete(instance().resolve("data"));
        Files.createSymbolicLink(instance().resolve("data"), directory.resolve("elsewhere"));
        assertThat(surveyed(UNIT)).contains("i.redis-server.pid=" + pid() + "\n");
    }

    /** systemd takes the directory of pidfiles away with the end of another unit that names it too. */
    @Test
    void oneWhosePidfileIsGoneIsStillItsUnits() throws Exception {
        long pid = pid();
        assertThat(adopted(pid)).isEqualTo("0 changed");
        Path file = own.resolve("my.pid");
        String kept = Files.readString(file);
        Files.delete(file);
        try {
            assertThat(surveyed(UNIT)).contains("i.redis-server.pid=0\n");
            Path its = Files.createDirectories(cgroups().resolve("system.slice/system-redis\\x2dserver.slice/" + UNIT));
            Files.writeString(
                    its.resolve("cgroup.procs"), ProcessHandle.current().pid() + "\n" + pid + "\n");
            assertThat(surveyed(UNIT)).contains("i.redis-server.pid=" + pid + "\n");
            Files.writeString(
                    its.resolve("cgroup.procs"), ProcessHandle.current().pid() + "\n");
            assertThat(surveyed(UNIT)).as("no Redis").contains("i.redis-server.pid=0\n");
        } finally {
            Files.writeString(file, kept);
        }
    }

    @Test
    void noneIsTakenOverWithoutItsPidfile() throws Exception {
        Path file = own.resolve("my.pid");
        String kept = Files.readString(file);
        Path its = Files.createDirectories(cgroups().resolve("system.slice/" + UNIT));
        Files.writeString(its.resolve("cgroup.procs"), kept);
        Files.delete(file);
        try {
            assertThat(refusal(UNIT)).contains("runs by the pidfile " + file);
        } finally {
            Files.writeString(file, kept);
        }
    }

    /** Its file is believed only as far as Redis itself says the same. */
    @Test
    void whereItWorksMayBeHiddenAndIsAskedOfRedis() throws Exception {
        cwd = "'" + directory.resolve("nowhere") + "'";
        assertThat(refusal(UNIT)).isEmpty();
        Path elsewhere = Files.createDirectories(own.resolve("elsewhere"));
        Files.writeString(
                conf, Files.readString(conf).replace("dir " + own.resolve("db") + "\n", "dir " + elsewhere + "\n"));
        assertThat(refusal(UNIT))
                .isEqualTo(
                        "process " + pid() + " works in " + own.resolve("db") + " (CONFIG GET dir), and its file says"
                                + " dir " + elsewhere + ", where its next start would");
    }

    /** Each row is what the unit keeps Redis to, what it may write (OWN stands for the file's directory), and the refusal. */
    @ParameterizedTest
    @CsvSource({
        "strict, '', true",
        "strict, /var/lib/redis -/run/redis, true",
        "strict, OWNER, true",
        "strict, OWN/redis.conf.d, true",
        "strict, /var/lib/redis -OWN, false",
        "strict, +OWN /var/lib/redis, false",
        "strict, /, false",
        "full, '', false",
        "yes, '', false",
        "no, '', false",
    })
    void itsUnitLetsRedisWriteItsConfiguration(String protects, String writes, boolean refused) throws Exception {
        state("ProtectSystem=" + protects);
        Files.writeString(
                directory.resolve("state"),
                "ReadWritePaths=" + writes.replace("OWN", "" + own) + "\n",
                StandardOpenOption.APPEND);
        if (!refused) {
            assertThat(refusal(UNIT)).isEmpty();
            return;
        }
        assertThat(refusal(UNIT))
                .startsWith(
                        UNIT + " says ProtectSystem=" + protects + ", and none of its ReadWritePaths= holds " + own);
        assertThat(adopted(pid())).startsWith("1 ").contains("ReadWritePaths=" + own);
    }

    /** A directory of configurations is often a link to where they are kept: what counts is where it leads. */
    @ParameterizedTest
    @CsvSource({
        "no, '', ''",
        "full, '', ''",
        "strict, OWN, ''",
        "strict, -LINK /run/redis, ''",
        "strict, OTHER, 'says ProtectSystem=strict, and none of its ReadWritePaths= holds OWN,'",
        "strict, '', 'says ProtectSystem=strict, and none of its ReadWritePaths= holds OWN,'",
    })
    void itsDirectoryMayBeALink(String protects, String writes, String words) throws Exception {
        Path link = linked(directory.toRealPath());
        state("ProtectSystem=" + protects);
        String spoken = writes.replace("OWN", "" + own)
                .replace("LINK", "" + link)
                .replace("OTHER", "" + directory.toRealPath().resolve("programs"));
        Files.writeString(directory.resolve("state"), "ReadWritePaths=" + spoken + "\n", StandardOpenOption.APPEND);
        if (!words.isEmpty()) {
            assertThat(refusal(UNIT)).contains(words.replace("OWN", "" + own));
            return;
        }
        assertThat(refusal(UNIT)).isEmpty();
        assertThat(adopted(pid())).isEqualTo("0 changed");
        assertThat(Files.readSymbolicLink(instance().resolve("redis.conf"))).isEqualTo(link.resolve("redis.conf"));
    }

    /** Whoever can write there can have the link lead elsewhere; where a directory is sticky only its owner can. */
    @Test
    void aLinkThatOthersCanChangeIsNotFollowed() throws Exception {
        Path open = Files.createDirectories(directory.toRealPath().resolve("open"));
        Path link = linked(open);
        state("");
        for (String mode : List.of("0777", "0775", "0757")) {
            chmod(mode, open);
            assertThat(refusal(UNIT))
                    .as(mode)
                    .isEqualTo(conf + " is behind a link (" + link + " -> " + own + "), and others may write in " + open
                            + " (mode " + mode.substring(1)
                            + "), who could have it lead elsewhere: keep that to root or "
                            + System.getProperty("user.name") + ", or start it by " + own.resolve("redis.conf")
                            + " and name that in the spec");
            assertThat(adopted(pid())).startsWith("1 ").contains("others may write in " + open);
            assertThat(instance()).doesNotExist();
        }
        chmod("1777", open);
        assertThat(refusal(UNIT)).isEmpty();
        chmod("0755", open);
        assertThat(refusal(UNIT)).isEmpty();
    }

    @Test
    void linksToLinksAreAllLookedAt() throws Exception {
        Path open = Files.createDirectories(directory.toRealPath().resolve("open"));
        Path second = Files.createSymbolicLink(open.resolve("second"), Path.of("../own"));
        Path first = Files.createSymbolicLink(directory.toRealPath().resolve("first"), second);
        conf = first.resolve("redis.conf");
        state("");
        assertThat(refusal(UNIT)).isEmpty();
        chmod("0777", open);
        assertThat(refusal(UNIT))
                .contains(" is behind a link (" + first + " -> " + second + ", " + second + " -> ../own), and others");
        chmod("0755", open);
        Path odd = Files.createDirectories(directory.toRealPath().resolve("od d"));
        Files.createSymbolicLink(odd.resolve("own"), own);
        Files.delete(second);
        Files.createSymbolicLink(second, odd.resolve("own"));
        assertThat(refusal(UNIT)).contains("or one to a name that no spec can have: ", odd + "/own");
    }

    /** Each row is what setpriv says to the drop-in's words, its status, and whether a guard could be begun by root. */
    @ParameterizedTest
    @CsvSource({
        "'', 0, true",
        "setgroups failed: Operation not permitted, 127, true",
        "failed to parse regid, 1, false",
        "unrecognized option --clear-groups, 1, false",
    })
    void theDropInsWordsAreTried(String says, int status, boolean understood) throws Exception {
        Path program = Files.writeString(
                programs.resolve("their-setpriv"),
                "#!/bin/sh\necho \"$*\" >'" + directory + "/tried'\necho \"setpriv: " + says + "\" >&2\nexit " + status
                        + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        setpriv = "" + program;
        String refusal = refusal(UNIT);
        String user = System.getProperty("user.name");
        assertThat(directory.resolve("tried"))
                .hasContent("--reuid " + user + " --regid " + user + " --clear-groups --no-new-privs true\n");
        if (understood) {
            assertThat(refusal).isEmpty();
        } else {
            assertThat(refusal)
                    .startsWith("no start guard could be run before it: /usr/bin/setpriv is not there")
                    .contains("setpriv: " + says);
        }
    }

    /** Each row is what systemd says otherwise, and words of the refusal. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            LoadState=not-found    | has no unit redis-server@main.service loaded under this very name
            Id=redis.service       | (it says 'redis.service')
            Id=                    | has no unit redis-server@main.service loaded
            MainPID=1              | the main process of redis-server@main.service is another than
            MainPID=               | the main process of redis-server@main.service is another than
            Type=oneshot           | is of type oneshot
            RemainAfterExit=yes    | says RemainAfterExit=yes
            User=valkey            | runs as another user than redis
            User=                  | runs as another user than redis
            NeedDaemonReload=yes   | was changed after systemd read it
            ExecStart={ path=/x ; argv[]=/x /etc/other.conf ; } | does not start by
            ExecStart={ path=/x ; argv[]=/x CONF.d ; }          | does not start by
            """)
    void whatSystemdSaysOfItDecides(String line, String words) throws Exception {
        state(line.replace("CONF", "" + conf));
        assertThat(refusal(UNIT)).contains(words);
        assertThat(adopted(pid())).startsWith("1 ").contains(words);
        assertThat(instance()).doesNotExist();
    }

    @Test
    void whereSystemdCannotBeAskedNothingIsTakenOver() throws Exception {
        Path program = Files.writeString(
                programs.resolve("systemctl"), "#!/bin/sh\nprintf 'no bus\\n\\033[31m$(id)\\n'\nexit 1\n");
        assertThat(program).isExecutable();
        assertThat(refusal(UNIT)).isEqualTo("systemd does not say what " + UNIT + " is: no bus[31m$(id)");
    }

    @Test
    void theSpecNamesTheUnitThatRunsIt() throws Exception {
        assertThat(refusal("redis-server.service"))
                .as("it runs in another one")
                .isEqualTo("no Redis of " + System.getProperty("user.name") + "'s runs by the pidfile "
                        + own.resolve("my.pid") + " that " + conf + " names, in redis-server.service");
        Files.writeString(conf, Files.readString(conf).replace("daemonize no", "daemonize yes"));
        assertThat(refusal("-"))
                .startsWith("process " + pid() + " belongs to " + UNIT + " of systemd")
                .endsWith("(service: systemd, at.unit)");
    }

    @Test
    void itsFileSaysWhereItWorks() throws Exception {
        Files.writeString(conf, Files.readString(conf).replace("dir " + own.resolve("db") + "\n", ""));
        assertThat(refusal(UNIT)).endsWith("must name dir by its absolute path where a unit runs it");
    }

    /** What systemd says of the unit, with one line in the place of its own; empty: nothing otherwise. */
    private void state(String other) throws IOException {
        List<String> lines = new ArrayList<>(List.of(
                "Id=" + UNIT,
                "LoadState=loaded",
                "Type=notify",
                "User=redis",
                "MainPID=" + pid(),
                "NeedDaemonReload=no",
                "ExecStart={ path=/usr/bin/redis-server ; argv[]=/usr/bin/redis-server " + conf
                        + " --supervised systemd --daemonize no ; ignore_errors=no ; start_time=[n/a] }"));
        if (!other.isEmpty()) {
            String key = other.substring(0, other.indexOf('=') + 1);
            lines.removeIf(line -> line.startsWith(key));
            lines.add(other);
        }
        Files.writeString(directory.resolve("state"), String.join("\n", lines) + "\n");
    }

    /** A link in that directory to that of the configuration, which is known by it from now on. */
    private Path linked(Path where) throws IOException {
        Path link = Files.createSymbolicLink(where.resolve("link"), own);
        conf = link.resolve("redis.conf");
        return link;
    }

    /** As Java knows no sticky bit. */
    private static void chmod(String mode, Path path) throws Exception {
        assertThat(new ProcessBuilder("chmod", mode, path.toString()).start().waitFor())
                .isZero();
    }

    private String refusal(String unit) throws Exception {
        String prefix = "i.redis-server.own.refused=";
        List<String> lines =
                surveyed(unit).lines().filter(line -> line.startsWith(prefix)).toList();
        assertThat(lines).hasSize(1);
        return lines.getFirst().substring(prefix.length());
    }

    private String surveyed(String unit) throws Exception {
        List<String> words = List.of(
                "" + base,
                "orders",
                "orders",
                "own",
                "" + conf,
                unit,
                "-",
                "redis",
                "redis-server",
                ADDRESS,
                "" + port);
        String said = said(Scripts.of(Surveyor.class, "survey", Duration.ofSeconds(30), words));
        assertThat(said).endsWith("end=yes");
        return said + "\n";
    }

    private String adopted(long planned) throws Exception {
        return run(
                "adopt",
                "" + base.resolve("bin"),
                "" + instance(),
                OWNER,
                "" + RedisBinaries.server().toRealPath(),
                "redis",
                "" + conf,
                "" + own.resolve("my.pid"),
                "" + own.resolve("db"),
                "" + planned,
                "" + port,
                "redis",
                "" + own.resolve("my.log"),
                UNIT);
    }

    private boolean answers() {
        try (RedisCall redis = RedisCall.open(ADDRESS, port, Duration.ofSeconds(2))) {
            return "PONG".equals(redis.call("PING"));
        } catch (IOException notYet) {
            return false;
        }
    }

    /** By its own pidfile; 0: there is none. */
    private long pid() {
        try {
            String said = Files.readString(own.resolve("my.pid")).strip();
            return said.isEmpty() ? 0 : Long.parseLong(said);
        } catch (IOException none) {
            return 0;
        }
    }

    private Path cgroups() throws IOException {
        return directory.toRealPath().resolve("cgroups");
    }

    private Path instance() {
        return base.resolve("orders/redis-server");
    }

    /** Under a lease. The exit status, and what was said. */
    private String run(String name, String... words) throws Exception {
        try (LeaseProcess lease = LeaseProcess.start(base, "lease-1", 60)) {
            assertThat(lease.beat()).startsWith("held");
            List<String> arguments = new ArrayList<>(List.of(base.toString(), "lease-1", "0"));
            arguments.addAll(List.of(words));
            return said(Scripts.of(Hands.class, name, Duration.ofSeconds(40), arguments));
        }
    }

    /** With this test's word for the kernel's about cgroups and where a process works, and for setpriv's. */
    private String said(Script script) throws Exception {
        String text = script.text()
                .replace("\"/proc/$1/cgroup\"", "'" + cgroup + "'")
                .replace("\"/proc/$pid/cgroup\"", "'" + cgroup + "'")
                .replace("\"/proc/$own_pid/cwd\"", cwd)
                .replace("/usr/bin/setpriv --reuid", setpriv + " --reuid")
                .replace("cgroups=/sys/fs/cgroup\n", "cgroups='" + cgroups() + "'\n");
        assertThat(text).contains("'" + cgroup + "'", cwd, setpriv + " --reuid", "cgroups='" + cgroups() + "'\n");
        List<String> words = new ArrayList<>(List.of("sh", "-s", "--"));
        words.addAll(script.arguments());
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().merge("PATH", programs.toString(), (path, first) -> first + File.pathSeparator + path);
        Process shell = builder.start();
        shell.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        shell.getOutputStream().close();
        assertThat(shell.waitFor(50, TimeUnit.SECONDS)).isTrue();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return shell.exitValue() + " " + said.strip();
    }
}
