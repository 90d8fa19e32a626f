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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

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
        assertThat(run("configure", "" + instance(), "maxmemory", "maxmemory 64mb")).isEqualTo("0 changed");
        assertThat(run("follow", "" + instance(), ADDRESS, "1")).isEqualTo("0 changed");
        assertThat(Files.isSymbolicLink(instance().resolve("redis.conf"))).isTrue();
        assertThat(Files.readString(conf)).contains("maxmemory 64mb\n", "replicaof " + ADDRESS + " 1\n");
        assertThat(mode(conf)).as("as its builder has it").isEqualTo("rw-r--r--");

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
        assertThat(run("erase", "" + instance(), OWNER, "plain")).startsWith("1 ").contains("process " + pid);
        assertThat(run("release", "" + instance(), "u2 orders/r1/redis-server"))
                .startsWith("1 ")
                .contains("is not marked as");
        assertThat(run("release", "" + instance(), OWNER)).isEqualTo("0 changed");
        assertThat(instance()).doesNotExist();
        assertThat(pid()).isEqualTo(pid);
        assertThat(conf).exists();
        assertThat(own.resolve("db")).exists();
        assertThat(own.resolve("my.log")).exists();
        assertThat(run("release", "" + instance(), OWNER)).as("safe to run twice").isEqualTo("0 unchanged");
    }

    @Test
    void whatWasStoppedIsNotRemovedEither() throws Exception {
        assertThat(adopted(pid())).isEqualTo("0 changed");
        assertThat(run("stop", "" + instance(), "keep", "30", "term")).endsWith("changed");
        assertThat(run("erase", "" + instance(), OWNER, "plain")).startsWith("1 ").contains("let go and not removed");
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
        Files.move(conf, own.resolve("real.conf"));
        Files.createSymbolicLink(conf, own.resolve("real.conf"));
        assertThat(surveyed()).contains("and no link, that ");
        assertThat(adopted(pid)).startsWith("1 ").contains("and no link, that ");
        assertThat(instance()).doesNotExist();
        assertThat(pid()).isEqualTo(pid);
    }

    /** Two clusters that name the same file would both manage it. */
    @Test
    void whatAnotherClusterHasTakenOverIsSaidToBeThat() throws Exception {
        assertThat(surveyed("billing")).doesNotContain("claimed").contains("i.redis-server.own.refused=\n");
        assertThat(adopted(pid())).isEqualTo("0 changed");
        assertThat(surveyed("billing")).contains("i.redis-server.claimed=" + OWNER + "\n");
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
                "" + own.resolve("my.log"));
    }

    private String surveyed() throws Exception {
        return surveyed("orders");
    }

    private String surveyed(String cluster) throws Exception {
        List<String> words = List.of(
                "" + base, cluster, "orders", "own", "" + conf, "-", "-", "redis", "redis-server", ADDRESS, "" + port);
        String said = said(Scripts.of(Surveyor.class, "survey", Duration.ofSeconds(30), words));
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
