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
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * survey.sh, adopt.sh and what comes after them, with a real shell, of a Redis and a Sentinel that somebody started by hand with a
 * password.
 */
@Timeout(120)
class AdoptPasswordScriptTest {
    private static final String ADDRESS = "127.0.0.1";
    private static final String OWNER = "u1 orders/r1/redis-server";
    private static final String PASSWORD = "s3cret-Word.1";
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private Path base;
    private Path conf;
    private Path watcher;
    private int port;
    private int sentinelPort;

    @BeforeEach
    void somebodyStartsARedisAndASentinel() throws Exception {
        base = Files.createDirectories(directory.toRealPath().resolve("base"));
        port = LoopbackHost.freePort(ADDRESS);
        conf = begun(
                "redis",
                RedisBinaries.server(),
                port,
                "requirepass " + PASSWORD,
                "masterauth " + PASSWORD,
                "save \"\"",
                "appendonly no");
        do {
            sentinelPort = LoopbackHost.freePort(ADDRESS);
        } while (sentinelPort == port);
        watcher = begun(
                "sentinel",
                RedisBinaries.sentinel(),
                sentinelPort,
                "sentinel monitor orders " + ADDRESS + " " + port + " 1",
                "sentinel auth-pass orders " + PASSWORD);
        Await.until("its id", SOON, this::identified);
    }

    @AfterEach
    void theyEnd() {
        for (String name : List.of("redis", "sentinel")) {
            if (pid(name) != 0) {
                ProcessHandle.of(pid(name)).ifPresent(ProcessHandle::destroyForcibly);
            }
        }
    }

    @Test
    void withoutALoginItIsSeenThatItAsksForOne() throws Exception {
        assertThat(surveyed("", ""))
                .contains(
                        "i.redis-server.ping=NOAUTH Authentication required.\n",
                        "i.redis-server.own.refused=\n",
                        "i.redis-server.own.asks=\n")
                .doesNotContain("i.redis-server.info=");
    }

    @Test
    void byTheGivenLoginItIsSeenAsAnyOther() throws Exception {
        assertThat(surveyed("default", PASSWORD))
                .contains(
                        "i.redis-server.ping=PONG\n",
                        "i.redis-server.own.refused=\n",
                        "i.redis-server.own.asks=yes\n",
                        "i.redis-server.info=config_file:" + conf + "\n",
                        "i.redis-server.config=dbfilename\n",
                        "i.redis-sentinel.ping=PONG\n",
                        "i.redis-sentinel.own.refused=\n",
                        "i.redis-sentinel.own.asks=\n",
                        "i.redis-sentinel.info=config_file:" + watcher + "\n")
                .doesNotContain(PASSWORD);
    }

    @Test
    void byAnotherPasswordItIsSaidThatItDoesNotLetUsInAndNeitherIsShown() throws Exception {
        assertThat(surveyed("default", "an0ther"))
                .containsPattern("i\\.redis-server\\.ping=.*AUTH failed")
                .doesNotContain("i.redis-server.info=", "an0ther", PASSWORD);
    }

    /** Somebody's own login may know a word that its environment holds: it does not count as everybody's way in. */
    @Test
    void whoLogsInOnItsHostDoesNotHideThatItAsks() throws Exception {
        ProcessBuilder shell = shell(survey());
        shell.environment().put("REDISCLI_AUTH", PASSWORD);
        assertThat(said(shell, login("default", PASSWORD), survey())).contains("i.redis-server.own.asks=yes\n");
    }

    @Test
    void aDataNodeThatCouldFollowNobodyIsRefused() throws Exception {
        String text = Files.readString(conf);
        masterauth("");
        Files.writeString(conf, text.replace("masterauth " + PASSWORD + "\n", ""));
        assertThat(refusal("redis-server", "default", PASSWORD))
                .startsWith("it asks for a password and has no masterauth");
        masterauth("0ld-Word");
        Files.writeString(conf, text.replace("masterauth " + PASSWORD, "masterauth 0ld-Word"));
        assertThat(refusal("redis-server", "default", PASSWORD))
                .startsWith("its masterauth (user default) is not what data nodes take")
                .doesNotContain("0ld-Word");
    }

    @Test
    void whoseMasteruserRunsAndIsNotInItsFileIsRefused() throws Exception {
        try (RedisCall redis = call()) {
            assertThat(redis.call("CONFIG", "SET", "masteruser", "default")).isEqualTo("OK");
        }
        assertThat(refusal("redis-server", "default", PASSWORD))
                .isEqualTo("masteruser is 'default', and by " + conf + " the next start has '': CONFIG REWRITE first");
    }

    @Test
    void aSentinelWhoseFileWouldNotLetItSeeItsMasterIsRefused() throws Exception {
        String text = Files.readString(watcher);
        String line = text.lines()
                .filter(one -> one.startsWith("sentinel auth-pass"))
                .findFirst()
                .orElseThrow();
        Files.writeString(watcher, text.replace(line + "\n", ""));
        assertThat(refusal("redis-sentinel", "default", PASSWORD)).startsWith("its file has no auth-pass of orders");
        Files.writeString(watcher, text.replace(line, "sentinel auth-pass orders 0ld-Word"));
        assertThat(refusal("redis-sentinel", "default", PASSWORD))
                .startsWith(
                        "its file's auth-pass of orders (user default) is not what " + ADDRESS + ":" + port + " takes")
                .doesNotContain("0ld-Word");
        Files.writeString(watcher, text.replace(line, "Sentinel auth-pass orders '" + PASSWORD + "'"));
        assertThat(refusal("redis-sentinel", "default", PASSWORD))
                .as("as its builder may write it")
                .isEmpty();
    }

    /** Each row is what a user may do, and why that is not enough; empty: it is. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = ';', textBlock = """
            +@all                               ; ''
            +@all -@scripting                   ; ''
            +@all -config|set                   ; user ops may not CONFIG SET maxmemory 0, which managing takes
            +@all -replicaof                    ; user ops may not REPLICAOF NO ONE, which managing takes
            +@all -client|pause                 ; user ops may not CLIENT PAUSE 1 WRITE, which managing takes
            +@all -acl|dryrun                   ; user ops may not ACL DRYRUN, so that nobody knows what else it may
            -@all +ping +info +role +config|get ; user ops may not ACL GETUSER, so that nobody knows what else it may
            """)
    void whoMayNotWhatManagingTakesIsRefusedByTheCommand(String rules, String words) throws Exception {
        user(rules);
        Files.writeString(conf, Files.readString(conf) + "user ops on >0ps-Word ~* &* " + rules + "\n");
        assertThat(refusal("redis-server", "ops", "0ps-Word")).isEqualTo(words);
        try (RedisCall redis = call()) {
            assertThat(String.valueOf(redis.call("CONFIG", "GET", "maxmemory")))
                    .as("nothing was done to find out")
                    .isEqualTo("[maxmemory, 0]");
        }
    }

    @Test
    void aUserThatTheNextStartDoesNotKnowIsRefused() throws Exception {
        user("+@all");
        assertThat(refusal("redis-server", "ops", "0ps-Word")).startsWith("user ops stands in no file");
    }

    @Test
    void oneThatIsTakenOverIsStoppedStartedAndAwaitedByThatLogin() throws Exception {
        String login = login("default", PASSWORD);
        assertThat(adopted()).isEqualTo("0 changed");
        assertThat(surveyed("default", PASSWORD))
                .as("by its links")
                .contains("i.redis-server.owner=" + OWNER + "\n", "i.redis-server.ping=PONG\n")
                .doesNotContain(PASSWORD);
        assertThat(run(login, "tell", ADDRESS, "" + port, "4", "CONFIG", "SET", "maxmemory", "64mb"))
                .isEqualTo("0 changed");
        assertThat(run(login, "stop", instance(), "keep", "30", "term")).endsWith("changed");
        assertThat(run(login, "start", "" + base.resolve("bin"), instance(), "redis-server", ADDRESS, "" + port, "20"))
                .startsWith("0 pid=")
                .contains("answer=PONG")
                .endsWith("changed");
        assertThat(run(login, "await", "ready", ADDRESS, "" + port, "10", "orders", "0", "1"))
                .startsWith("0 last=PONG");
        assertThat(run("", "await", "ready", ADDRESS, "" + port, "1", "orders", "0", "1"))
                .as("and by none it is not")
                .startsWith("1 ")
                .contains("NOAUTH");
    }

    /** Arguments are everybody's to read: each program that the scripts call is stood in for by one that notes its own. */
    @Test
    void noPasswordIsEverAnArgument() throws Exception {
        Path bin = Files.createDirectories(directory.toRealPath().resolve("noting"));
        Path notes = bin.resolve("notes");
        for (String name : List.of("redis-cli", "valkey-cli", "timeout", "awk", "sed", "grep", "head", "cat", "stat")) {
            Optional<Path> real = found(name);
            if (real.isPresent()) {
                String text =
                        "#!/bin/sh\nprintf '%s\\n' \"$0 $*\" >>'" + notes + "'\nexec '" + real.get() + "' \"$@\"\n";
                Path noting = Files.writeString(bin.resolve(name), text);
                Files.setPosixFilePermissions(noting, PosixFilePermissions.fromString("rwx------"));
            }
        }
        user("+@all -@scripting");
        Files.writeString(conf, Files.readString(conf) + "user ops on >0ps-Word ~* &* +@all -@scripting\n");
        for (String login : List.of(login("ops", "0ps-Word"), login("default", PASSWORD))) {
            ProcessBuilder shell = shell(survey());
            shell.environment().merge("PATH", "" + bin, (path, first) -> first + File.pathSeparator + path);
            assertThat(said(shell, login, survey()))
                    .contains("i.redis-server.ping=PONG\n", "i.redis-server.own.refused=\n");
        }
        assertThat(Files.readString(notes))
                .contains("redis-cli ", "--user ops", "ACL DRYRUN ops PING", "SENTINEL GET-MASTER-ADDR-BY-NAME orders")
                .doesNotContain(PASSWORD, "0ps-Word");
    }

    private static Optional<Path> found(String name) {
        String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
        return Arrays.stream(path.split(File.pathSeparator, -1))
                .map(place -> Path.of(place, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private boolean identified() {
        try {
            return Files.readString(watcher).contains("sentinel myid ");
        } catch (IOException notYet) {
            return false;
        }
    }

    /** That runs; no file says so. */
    private void user(String rules) throws IOException {
        List<String> words = new ArrayList<>(List.of("ACL", "SETUSER", "ops", "on", ">0ps-Word", "~*", "&*"));
        words.addAll(List.of(rules.split(" ", -1)));
        try (RedisCall redis = call()) {
            assertThat(redis.call(words.toArray(String[]::new))).isEqualTo("OK");
        }
    }

    private void masterauth(String word) throws IOException {
        try (RedisCall redis = call()) {
            assertThat(redis.call("CONFIG", "SET", "masterauth", word)).isEqualTo("OK");
        }
    }

    private RedisCall call() throws IOException {
        return RedisCall.open(ADDRESS, port, Duration.ofSeconds(5)).as("default", PASSWORD);
    }

    /** Answers its configuration. */
    private Path begun(String name, Path binary, int at, String... lines) throws Exception {
        Path own = Files.createDirectories(directory.toRealPath().resolve(name));
        List<String> all = new ArrayList<>(List.of(
                "bind " + ADDRESS,
                "port " + at,
                "daemonize yes",
                "pidfile " + own.resolve("my.pid"),
                "dir " + own,
                "logfile " + own.resolve("my.log")));
        all.addAll(List.of(lines));
        Path file = Files.writeString(own.resolve(name + ".conf"), String.join("\n", all) + "\n");
        Process started = new ProcessBuilder("" + binary, "" + file)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(name + ".out").toFile())
                .start();
        assertThat(started.waitFor(20, TimeUnit.SECONDS)).isTrue();
        Await.until("its pidfile", SOON, () -> pid(name) != 0);
        Await.until("its port", SOON, () -> answers(at));
        return file;
    }

    private static boolean answers(int at) {
        try (RedisCall redis = RedisCall.open(ADDRESS, at, Duration.ofSeconds(2))) {
            return "PONG".equals(redis.call("PING"));
        } catch (RedisCall.Refused asks) {
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** By its own pidfile; 0: there is none. */
    private long pid(String name) {
        try {
            String said = Files.readString(directory.toRealPath().resolve(name).resolve("my.pid"))
                    .strip();
            return said.isEmpty() ? 0 : Long.parseLong(said);
        } catch (IOException none) {
            return 0;
        }
    }

    private String instance() {
        return "" + base.resolve("orders/redis-server");
    }

    private String adopted() throws Exception {
        Path own = directory.toRealPath().resolve("redis");
        return run(
                "",
                "adopt",
                "" + base.resolve("bin"),
                instance(),
                OWNER,
                "" + RedisBinaries.server().toRealPath(),
                "redis",
                "" + conf,
                "" + own.resolve("my.pid"),
                "" + own,
                "" + pid("redis"),
                "" + port,
                "redis",
                "" + own.resolve("my.log"));
    }

    private Script survey() {
        List<String> words = List.of(
                "" + base,
                "orders",
                "orders",
                "own",
                "" + conf,
                "-",
                "-",
                "redis",
                "redis-server",
                ADDRESS,
                "" + port,
                "own",
                "" + watcher,
                "-",
                "-",
                "sentinel",
                "redis-sentinel",
                ADDRESS,
                "" + sentinelPort);
        return Scripts.of(Surveyor.class, "survey", Duration.ofSeconds(30), words);
    }

    private String surveyed(String user, String password) throws Exception {
        Script survey = survey();
        String said = said(shell(survey), login(user, password), survey);
        assertThat(said).endsWith("end=yes");
        return said + "\n";
    }

    /** Why the host does not let that instance be taken over. */
    private String refusal(String instance, String user, String password) throws Exception {
        String prefix = "i." + instance + ".own.refused=";
        List<String> lines = surveyed(user, password)
                .lines()
                .filter(line -> line.startsWith(prefix))
                .toList();
        assertThat(lines).hasSize(1);
        return lines.getFirst().substring(prefix.length());
    }

    /** Under a lease. The exit status, and what was said. */
    private String run(String login, String name, String... words) throws Exception {
        try (LeaseProcess lease = LeaseProcess.start(base, "lease-1", 60)) {
            assertThat(lease.beat()).startsWith("held");
            List<String> arguments = new ArrayList<>(List.of(base.toString(), "lease-1", "0"));
            arguments.addAll(List.of(words));
            Script script = Scripts.of(Hands.class, name, Duration.ofSeconds(40), arguments);
            return said(shell(script), login, script);
        }
    }

    /** As it comes before a script's text. */
    private static String login(String user, String password) {
        return "ask_user='" + user + "' ask_password='" + password + "'\n";
    }

    private static ProcessBuilder shell(Script script) {
        List<String> words = new ArrayList<>(List.of("sh", "-s", "--"));
        words.addAll(script.arguments());
        return new ProcessBuilder(words).redirectErrorStream(true);
    }

    private static String said(ProcessBuilder started, String login, Script script) throws Exception {
        Process shell = started.start();
        shell.getOutputStream().write((login + script.text()).getBytes(StandardCharsets.UTF_8));
        shell.getOutputStream().close();
        assertThat(shell.waitFor(50, TimeUnit.SECONDS)).isTrue();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return shell.exitValue() + " " + said.strip();
    }
}
