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
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** adopt.sh, release.sh and what works by their links, with a real shell, of a Redis that was started by hand. */
@Timeout(120)
class AdoptScriptTest {
    private static final String ADDRESS = "127.0.0.1";
    private static final String OWNER = "u1 orders/r1/redis-server";

    @TempDir
    Path directory;

    private Path base;
    private Path own;
    private Path conf;
    private int port;

    @BeforeEach
    void somebodyStartsARedis() throws Exception {
        base = Files.createDirectories(directory.toRealPath().resolve("base"));
        own = Files.createDirectories(directory.toRealPath().resolve("own"));
        Files.createDirectories(own.resolve("db"));
        conf = own.resolve("redis.conf");
        port = LoopbackHost.freePort(ADDRESS);
        configured(
                "bind " + ADDRESS,
                "port " + port,
                "daemonize yes",
                "pidfile \"" + own.resolve("my.pid") + "\"",
                "dir " + own.resolve("db"),
                "logfile " + own.resolve("my.log"),
                "save \"\"",
                "appendonly no");
        Files.setPosixFilePermissions(conf, PosixFilePermissions.fromString("rw-r--r--"));
        begin();
    }

    @AfterEach
    void itEnds() throws Exception {
        if (pid() != 0) {
            ProcessHandle.of(pid()).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    @Test
    void itIsLinkedAndNeitherTouchedNorWrittenTo() throws Exception {
        long pid = pid();
        String before = Files.readString(conf);
        assertThat(adopted(pid)).isEqualTo("0 changed");
        assertThat(pid()).isEqualTo(pid);
        assertThat(Files.readString(conf)).isEqualTo(before);
        assertThat(mode(conf)).isEqualTo("rw-r--r--");
        assertThat(Files.readSymbolicLink(instance().resolve("redis.conf"))).isEqualTo(conf);
        assertThat(Files.readSymbolicLink(instance().resolve("data"))).isEqualTo(own.resolve("db"));
        assertThat(Files.readSymbolicLink(instance().resolve("log/redis.log"))).isEqualTo(own.resolve("my.log"));
        assertThat(Files.readString(instance().resolve("owner"))).isEqualTo(OWNER + "\n");
        assertThat(adopted(pid)).as("safe to run twice").isEqualTo("0 unchanged");
        assertThat(surveyed())
                .as("by the links it is seen as any other")
                .contains("i.redis-server.pid=" + pid + "\n", "i.redis-server.owner=" + OWNER + "\n")
                .doesNotContain("own.refused");
    }

    @Test
    void itIsStoppedAndComesBackByItsOwnConfiguration() throws Exception {
        long pid = pid();
        assertThat(adopted(pid)).isEqualTo("0 changed");
        assertThat(run("stop", "" + instance(), "mark", "30", "term")).isEqualTo("0 pid=" + pid + "\nchanged");
        Path copy = Files.writeString(own.resolve("redis.conf.new"), "its builder's");
        assertThat(run("configure", "" + instance(), "maxmemory", "maxmemory 64mb"))
                .isEqualTo("0 changed");
        assertThat(run("follow", "" + instance(), ADDRESS, "1")).isEqualTo("0 changed");
        assertThat(Files.isSymbolicLink(instance().resolve("redis.conf"))).isTrue();
        assertThat(Files.readString(conf)).contains("maxmemory 64mb\n", "replicaof " + ADDRESS + " 1\n");
        assertThat(mode(conf)).as("as its builder has it").isEqualTo("rw-r--r--");
        assertThat(Files.readString(copy)).isEqualTo("its builder's");
        assertThat(own.resolve(".redis.conf.redfleet")).doesNotExist();

        assertThat(run("start", "" + base.resolve("bin"), "" + instance(), "redis-server", ADDRESS, "" + port, "20"))
                .startsWith("0 pid=")
                .endsWith("changed");
        assertThat(pid()).isNotZero().isNotEqualTo(pid);
        try (RedisCall redis = RedisCall.open(ADDRESS, port, Duration.ofSeconds(5))) {
            assertThat(String.valueOf(redis.call("INFO", "server"))).contains("config_file:" + conf);
            assertThat(redis.call("CONFIG", "SET", "maxmemory", "32mb")).isEqualTo("OK");
            assertThat(redis.call("CONFIG", "REWRITE")).isEqualTo("OK");
        }
        assertThat(Files.isSymbolicLink(instance().resolve("redis.conf")))
                .as("a rewrite of Redis's own leaves the link")
                .isTrue();
        assertThat(Files.readString(conf)).contains("maxmemory 32mb");
    }

    @Test
    void itIsLetGoAndGoesOn() throws Exception {
        long pid = pid();
        assertThat(adopted(pid)).isEqualTo("0 changed");
        assertThat(run("erase", "" + instance(), OWNER, "plain"))
                .startsWith("1 ")
                .contains("process " + pid);
        assertThat(run("release", "" + instance(), "u2 orders/r1/redis-server"))
                .startsWith("1 ")
                .contains("is not marked as");
        assertThat(run("release", "" + instance(), OWNER)).isEqualTo("0 changed");
        assertThat(instance()).doesNotExist();
        assertThat(pid()).isEqualTo(pid);
        assertThat(conf).exists();
        assertThat(own.resolve("db")).exists();
        assertThat(own.resolve("my.log")).exists();
        assertThat(run("release", "" + instance(), OWNER))
                .as("safe to run twice")
                .isEqualTo("0 unchanged");
    }

    /** One that stops half way leaves an instance that is neither managed nor let go. */
    @Test
    void whereSomethingElseLiesNothingIsRemoved() throws Exception {
        assertThat(adopted(pid())).isEqualTo("0 changed");
        for (String name : List.of("diary", ".diary", "log/old.log")) {
            Path note = Files.writeString(instance().resolve(name), "an operator's");
            assertThat(run("release", "" + instance(), OWNER)).startsWith("1 ").contains("nothing is removed: " + name);
            for (String link : List.of("redis.conf", "redis.pid", "data", "log/redis.log")) {
                assertThat(Files.isSymbolicLink(instance().resolve(link)))
                        .as("%s beside %s", link, name)
                        .isTrue();
            }
            Files.delete(note);
        }
        Files.delete(instance().resolve("redis.conf"));
        Files.writeString(instance().resolve("redis.conf"), "somebody's");
        assertThat(run("release", "" + instance(), OWNER)).startsWith("1 ").contains("nothing is removed: redis.conf");
        Files.delete(instance().resolve("redis.conf"));
        assertThat(run("release", "" + instance(), OWNER)).as("a link less").isEqualTo("0 changed");
        assertThat(instance()).doesNotExist();
    }

    /** The links of a Redis below the same directory stay as they are. */
    @Test
    void aValkeyIsLinkedByTheNamesThatItIsStartedBy() throws Exception {
        assertThat(adopted(pid(), "valkey")).isEqualTo("0 changed");
        try (Stream<Path> links = Files.list(base.resolve("bin"))) {
            assertThat(links.map(link -> "" + link.getFileName()))
                    .containsExactlyInAnyOrder("valkey-server", "valkey-sentinel");
        }
    }

    /** A link that a neighbour makes at this moment is left to it. */
    @Test
    void linksThatWereHalfMadeGoWithTheNextRun() throws Exception {
        Path bin = Files.createDirectories(base.resolve("bin"));
        Path neighbours = Files.createSymbolicLink(bin.resolve(".redis-sentinel.neighbour"), Path.of("/nowhere"));
        Files.createSymbolicLink(bin.resolve(".redis-server." + instance().getFileName()), Path.of("/nowhere"));
        assertThat(adopted(pid())).isEqualTo("0 changed");
        try (Stream<Path> links = Files.list(bin)) {
            assertThat(links)
                    .containsExactlyInAnyOrder(bin.resolve("redis-server"), bin.resolve("redis-sentinel"), neighbours);
        }
    }

    @Test
    void whatWasStoppedIsNotRemovedEither() throws Exception {
        assertThat(adopted(pid())).isEqualTo("0 changed");
        assertThat(run("stop", "" + instance(), "keep", "30", "term")).endsWith("changed");
        assertThat(run("erase", "" + instance(), OWNER, "plain"))
                .startsWith("1 ")
                .contains("let go and not removed");
        assertThat(conf).exists();
        assertThat(own.resolve("db")).exists();
    }

    @Test
    void whatIsNotAsItWasPlannedForIsNotTakenOver() throws Exception {
        assertThat(adopted(pid() + 1)).startsWith("1 ").contains("is not what was planned for");
        assertThat(instance()).doesNotExist();
        Files.createDirectories(instance());
        Files.writeString(instance().resolve("owner"), "u2 orders/r1/redis-server\n");
        assertThat(adopted(pid())).startsWith("1 ").contains("belongs to u2");
        Files.writeString(instance().resolve("owner"), OWNER + "\n");
        assertThat(adopted(pid())).startsWith("1 ").contains("an instance that Redfleet has built");
        Files.delete(instance().resolve("owner"));
        Files.writeString(instance().resolve("diary"), "mine");
        assertThat(adopted(pid())).startsWith("1 ").contains("is not empty and not ours");
    }

    /** What a run that was cut off has left. */
    @Test
    void halfOfItIsTakenUp() throws Exception {
        Files.createDirectories(instance().resolve("log"));
        Files.writeString(instance().resolve("adopted"), conf + "\n");
        Files.createSymbolicLink(instance().resolve("redis.conf"), conf);
        assertThat(adopted(pid())).isEqualTo("0 changed");
        assertThat(Files.readSymbolicLink(instance().resolve("data"))).isEqualTo(own.resolve("db"));
    }

    /** Looked at by the survey, before anything is planned, and by the script that would write. */
    @Test
    void whatWouldNotComeBackByItsConfigurationIsRefused() throws Exception {
        long pid = pid();
        assertThat(surveyed())
                .contains(
                        "i.redis-server.pid=" + pid + "\n",
                        "i.redis-server.own.refused=\n",
                        "i.redis-server.own.pidfile=" + own.resolve("my.pid") + "\n",
                        "i.redis-server.own.data=" + own.resolve("db") + "\n",
                        "i.redis-server.own.log=" + own.resolve("my.log") + "\n",
                        "i.redis-server.info=config_file:" + conf + "\n",
                        "i.redis-server.ping=PONG\n");
        String text = Files.readString(conf);
        refusedWith(text.replace("daemonize yes", "daemonize no"), "does not say daemonize yes");
        refusedWith(text.replace("port " + port, "port 1"), "says port 1");
        refusedWith(text.replaceAll("pidfile .*", "pidfile my.pid"), "must name a pidfile by its absolute path");
        refusedWith(text.replaceAll("pidfile .*", "pidfile " + own + "/other.pid"), "no Redis of ");
        refusedWith(text.replaceAll("dir .*", "dir " + directory), "works in " + own.resolve("db"));
        refusedWith(text + "Include /etc/redis/common.conf\n", "has a line include");
        Files.move(conf, own.resolve("real.conf"));
        Files.createSymbolicLink(conf, own.resolve("real.conf"));
        assertThat(surveyed())
                .contains("and no link, that ", "it is a link to " + own.resolve("real.conf") + ", in whose place");
        assertThat(adopted(pid)).startsWith("1 ").contains("and no link, that ");
        assertThat(instance()).doesNotExist();
        assertThat(pid()).isEqualTo(pid);
    }

    /** Each row is a setting that somebody has made while it runs, and that is not in its file. */
    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            appendonly       | yes         | appendonly is 'yes', and by CONF the next start has 'no'
            protected-mode   | no          | protected-mode is 'no', and by CONF the next start has 'yes'
            save             | 60 1000     | save is '60 1000', and by CONF the next start has ''
            maxmemory        | 64mb        | maxmemory is '67108864', and by CONF the next start has '0'
            maxmemory-policy | allkeys-lru | maxmemory-policy is 'allkeys-lru', and by CONF the next start has 'noeviction'
            masterauth       | s3cret      | masterauth is another than by CONF at the next start
            """)
    void whatRunsAndWouldBeLostWithARestartIsRefusedUntilItIsWritten(String name, String value, String words)
            throws Exception {
        assertThat(refusal()).isEmpty();
        try (RedisCall redis = RedisCall.open(ADDRESS, port, Duration.ofSeconds(5))) {
            assertThat(redis.call("CONFIG", "SET", name, value)).isEqualTo("OK");
            assertThat(refusal()).isEqualTo(words.replace("CONF", "" + conf) + ": CONFIG REWRITE first");
            assertThat(redis.call("CONFIG", "REWRITE")).isEqualTo("OK");
            assertThat(refusal()).isEmpty();
        }
    }

    /** Each row is a line that somebody has written since it was started; without words it changes nothing. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            requirepass s3cret           | requirepass is another than by CONF at the next start
            replicaof 127.0.0.1 1        | replicaof is '', and by CONF the next start has '127.0.0.1 1'
            dbfilename 'orders.rdb'      | dbfilename is 'dump.rdb', and by CONF the next start has 'orders.rdb'
            slaveof no one               | ""
            APPENDONLY No                | ""
            maxmemory 0mb                | ""
            "# appendonly yes"           | ""
            """)
    void soIsWhatOnlyItsFileSays(String line, String words) throws Exception {
        Files.writeString(conf, Files.readString(conf) + line + "\n");
        String end = words.isEmpty() ? "" : ": CONFIG REWRITE first";
        assertThat(refusal()).isEqualTo(words.replace("CONF", "" + conf) + end).doesNotContain("s3cret");
    }

    /** By the words of cgroups of version 2 and 1. */
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "0::/system.slice/redis-server.service, redis-server.service",
        "9:name=systemd:/system.slice/redis@6379.service, redis@6379.service",
        "0::/user.slice/user-1000.slice/user@1000.service/app.slice/redis.service, redis.service",
        "0::/system.slice/monit.service, monit.service",
        "0::/user.slice/user-1000.slice/session-3.scope, ''",
        "0::/user.slice/user-1000.slice/user@1000.service/init.scope, ''",
        "0::/system.slice/ssh.service, ''",
        "0::/system.slice/sshd@4-10.0.0.1:22-10.0.0.2:4711.service, ''",
        "0::/system.slice/cron.service, ''",
        "4:memory:/system.slice/redis.service, ''",
        "0::/, ''",
    })
    void whatAServiceOfSystemdOwnsIsRefused(String line, String service) throws Exception {
        Path process = Files.writeString(directory.resolve("process"), line + "\n");
        Path login = Files.writeString(directory.resolve("login"), "0::/system.slice/ssh.service\n");
        String said = service.isEmpty() ? "" : "process " + pid() + " belongs to " + service + " of systemd";
        assertThat(refusal(process, login)).startsWith(said).matches(all -> all.isEmpty() == said.isEmpty());
        assertThat(refusal(process, process)).as("it is what people log in by").isEmpty();
    }

    /** Two clusters that name the same file would both manage it. */
    @Test
    void whatAnotherClusterHasTakenOverIsSaidToBeThat() throws Exception {
        assertThat(surveyed("billing")).doesNotContain("claimed").contains("i.redis-server.own.refused=\n");
        assertThat(adopted(pid())).isEqualTo("0 changed");
        assertThat(surveyed("billing")).contains("i.redis-server.claimed=" + OWNER + "\n");
        configured(Files.readString(conf).replace("port " + port, "port  " + port));
        assertThat(surveyed("billing"))
                .as("by the file, whatever its line of the port looks like")
                .contains("i.redis-server.claimed=" + OWNER + "\n");
        assertThat(surveyed()).as("not by itself").doesNotContain("claimed");
    }

    /** Why the host does not let it be taken over. */
    private String refusal() throws Exception {
        return refusal(surveyed());
    }

    /** The same, with these in the place of what the kernel says of cgroups. */
    private String refusal(Path process, Path login) throws Exception {
        Script survey = survey("orders");
        String text = survey.text()
                .replace("\"/proc/$pid/cgroup\"", "'" + process + "'")
                .replace("\"/proc/$$/cgroup\"", "'" + login + "'");
        assertThat(text).contains("'" + process + "'", "'" + login + "'");
        return refusal(said(new Script("survey", text, survey.arguments(), survey.deadline())));
    }

    private static String refusal(String said) {
        String prefix = "i.redis-server.own.refused=";
        List<String> lines =
                said.lines().filter(line -> line.startsWith(prefix)).toList();
        assertThat(lines).hasSize(1);
        return lines.getFirst().substring(prefix.length());
    }

    private void refusedWith(String text, String words) throws Exception {
        Files.writeString(conf, text);
        assertThat(surveyed().lines().filter(line -> line.startsWith("i.redis-server.own.refused=")))
                .singleElement()
                .asString()
                .contains(words);
        assertThat(adopted(pid())).startsWith("1 ").contains(words);
    }

    private void configured(String... lines) throws IOException {
        Files.writeString(conf, String.join("\n", lines) + "\n");
    }

    private void begin() throws Exception {
        Process started = new ProcessBuilder(RedisBinaries.server().toString(), conf.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("start.out").toFile())
                .start();
        assertThat(started.waitFor(20, TimeUnit.SECONDS)).isTrue();
        Await.until("its pidfile", Duration.ofSeconds(20), () -> pid() != 0);
        Await.until("its answer", Duration.ofSeconds(20), this::answers);
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

    private Path instance() {
        return base.resolve("orders/redis-server");
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private String adopted(long planned) throws Exception {
        return adopted(planned, "redis");
    }

    private String adopted(long planned, String engine) throws Exception {
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
                engine,
                "" + own.resolve("my.log"));
    }

    private String surveyed() throws Exception {
        return surveyed("orders");
    }

    private Script survey(String cluster) {
        List<String> words = List.of(
                "" + base, cluster, "orders", "own", "" + conf, "-", "-", "redis", "redis-server", ADDRESS, "" + port);
        return Scripts.of(Surveyor.class, "survey", Duration.ofSeconds(30), words);
    }

    private String surveyed(String cluster) throws Exception {
        String said = said(survey(cluster));
        assertThat(said).endsWith("end=yes");
        return said + "\n";
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

    private static String said(Script script) throws Exception {
        List<String> words = new ArrayList<>(List.of("sh", "-s", "--"));
        words.addAll(script.arguments());
        Process shell = new ProcessBuilder(words).redirectErrorStream(true).start();
        shell.getOutputStream().write(script.text().getBytes(StandardCharsets.UTF_8));
        shell.getOutputStream().close();
        assertThat(shell.waitFor(50, TimeUnit.SECONDS)).isTrue();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return shell.exitValue() + " " + said.strip();
    }
}
