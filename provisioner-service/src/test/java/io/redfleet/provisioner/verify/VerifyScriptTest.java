package io.redfleet.provisioner.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Scripts;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.Child;
import io.redfleet.testkit.FreePort;
import io.redfleet.testkit.RedisBinaries;
import io.redfleet.testkit.RedisCall;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** verify.sh against a real Redis and a real Sentinel of it. */
@Timeout(120)
class VerifyScriptTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final InstanceId SERVER = new InstanceId("r1/redis-server");
    private static final InstanceId SENTINEL = new InstanceId("r1/redis-sentinel");

    @TempDir
    Path base;

    private final HostSpec host = new World().spec().hosts().getFirst();
    private final List<Child> children = new ArrayList<>();
    private int port;
    private int sentinelPort;
    private Path home;

    @BeforeEach
    void anInstance() throws IOException {
        port = FreePort.choose();
        sentinelPort = FreePort.choose();
        home = directory("redis-server");
        Path users = closed(home.resolve("users.acl"), List.of("user default off", "user admin on >pw +@all ~* &*"));
        start("redis-server", port, List.of("aclfile " + users, "save \"\""));
    }

    @AfterEach
    void end() {
        children.forEach(Child::kill9);
    }

    @Test
    void whatAProcessHasAndItsFilesAreIsSaid() throws Exception {
        Evidence seen = verified("admin", "pw").getOrDefault(SERVER, Evidence.NONE);
        assertThat(seen.pid()).isEqualTo(children.getFirst().pid());
        assertThat(seen.openFiles()).matches("(\\d+|unlimited) (\\d+|unlimited)");
        assertThat(seen.modes()).containsOnlyKeys(".", "data", "log", "redis.conf", "users.acl");
        assertThat(seen.modes().values()).allMatch(Evidence.Mode::closed);
        assertThat(seen.users()).containsOnly(Map.entry("default", "off"), Map.entry("admin", "on"));
        assertThat(seen.log()).isEqualTo(Evidence.Log.WHOLE);
        assertThat(seen.knows()).isEmpty();

        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
        say("ACL", "SETUSER", "mallory", "on", "nopass");
        Evidence broken = verified("admin", "pw").getOrDefault(SERVER, Evidence.NONE);
        assertThat(broken.modes())
                .hasEntrySatisfying(".", mode -> assertThat(mode.closed()).isFalse());
        assertThat(broken.users()).containsEntry("mallory", "on nopass");
    }

    @Test
    void whoMayNotAskOfUsersIsToldOfNone() throws Exception {
        assertThat(verified("admin", "wrong")
                        .getOrDefault(SERVER, Evidence.NONE)
                        .users())
                .isEmpty();
        assertThat(verified("", "").getOrDefault(SERVER, Evidence.NONE).users()).isEmpty();
    }

    @Test
    void aStartOfAValkeyIsOneToo() throws Exception {
        String trouble = "1:M 01 Jan 2026 00:00:00.000 # Can't save in background: fork: Cannot allocate memory\n";
        String starts = "1:M 01 Jan 2026 00:00:01.000 * oO0OoO0OoO0Oo Valkey is starting oO0OoO0OoO0Oo\n";
        Path log = home.resolve("log/redis.log");
        Files.writeString(log, trouble, StandardOpenOption.APPEND);
        assertThat(logged()).containsKey("save");
        Files.writeString(log, starts, StandardOpenOption.APPEND);
        assertThat(logged()).as("of the run before").doesNotContainKey("save");
    }

    @Test
    void knownLinesOfTroubleAreCountedSinceTheLastStart() throws Exception {
        Path log = home.resolve("log/redis.log");
        String before = "1:M 01 Jan 2026 00:00:00.000 # Can't save in background: fork: Cannot allocate memory\n";
        Files.writeString(log, before + Files.readString(log));
        assertThat(logged()).as("of the run before").doesNotContainKey("save");

        String after = """
                1:M 01 Jan 2026 00:00:01.000 # WARNING: The TCP backlog setting of 511 cannot be enforced because it
                1:M 01 Jan 2026 00:00:01.000 # WARNING you have Transparent Huge Pages (THP) support enabled\u0007
                1:M 01 Jan 2026 00:00:01.000 # WARNING overcommit_memory is set to 0! Background save may fail
                1:M 01 Jan 2026 00:00:01.000 # Current maximum open files is 1024. maxclients has been reduced
                1:X 01 Jan 2026 00:00:01.000 # WARNING: Sentinel was not able to save the new configuration on disk!!!
                1:M 01 Jan 2026 00:00:01.000 * Increased maximum number of open files to 10032
                1:M 01 Jan 2026 00:00:02.000 * Background saving terminated with success
                1:M 01 Jan 2026 00:00:02.000 * Background AOF rewrite terminated with success
                """;
        Files.writeString(log, before + before + after, StandardOpenOption.APPEND);
        assertThat(logged())
                .containsEntry("save", new Evidence.Logged(2, before.strip()))
                .containsKeys("backlog", "hugepages", "overcommit", "file")
                .hasEntrySatisfying(
                        "openfiles", lines -> assertThat(lines.last()).contains("maximum open files is 1024"));
        assertThat(logged().getOrDefault("hugepages", new Evidence.Logged(0, ""))
                        .last())
                .endsWith("enabled?");
    }

    @Test
    void aStartThatLogrotateHasPutAsideIsSeen() throws Exception {
        Path log = home.resolve("log/redis.log");
        Files.move(log, home.resolve("log/redis.log.1"));
        Files.writeString(log, "1:M 02 Jan 2026 00:00:00.000 # Background saving error\n");
        assertThat(verified("admin", "pw").getOrDefault(SERVER, Evidence.NONE).log())
                .isEqualTo(Evidence.Log.WHOLE);
        assertThat(logged()).containsKey("save");
    }

    @Test
    void aFifoBesideTheLogIsNotWaitedFor() throws Exception {
        Path aside = home.resolve("log/redis.log.1");
        assertThat(new ProcessBuilder("mkfifo", "" + aside).start().waitFor()).isZero();
        try {
            assertThat(verified("admin", "pw")
                            .getOrDefault(SERVER, Evidence.NONE)
                            .log())
                    .isEqualTo(Evidence.Log.WHOLE);
        } finally {
            Files.delete(aside);
        }
    }

    @Test
    void ofALogThatIsLongerThanWhatIsReadTheStartIsNotSeen() throws Exception {
        Path log = home.resolve("log/redis.log");
        String line = "1:M 01 Jan 2026 00:00:00.000 * nothing of note, and that again and again\n";
        Files.writeString(log, line.repeat(4_300_000 / line.length()), StandardOpenOption.APPEND);
        assertThat(verified("admin", "pw").getOrDefault(SERVER, Evidence.NONE).log())
                .isEqualTo(Evidence.Log.CUT);
        Files.delete(log);
        assertThat(verified("admin", "pw").getOrDefault(SERVER, Evidence.NONE).log())
                .isEqualTo(Evidence.Log.NONE);
    }

    @Test
    void aSentinelSaysWhomItKnowsAndWhoMayReachIt() throws Exception {
        directory("redis-sentinel");
        start(
                "redis-sentinel",
                sentinelPort,
                List.of(
                        "protected-mode yes",
                        "sentinel monitor orders 127.0.0.1 " + port + " 1",
                        "sentinel auth-user orders admin",
                        "sentinel auth-pass orders pw",
                        "sentinel known-replica orders 127.0.0.1 7777"));
        Evidence seen = verified("", "").getOrDefault(SENTINEL, Evidence.NONE);
        assertThat(seen.knows())
                .containsOnlyKeys("replica", "sentinel")
                .hasEntrySatisfying("replica", known -> assertThat(known).containsExactly("127.0.0.1 7777"))
                .hasEntrySatisfying("sentinel", known -> assertThat(known).isEmpty());
        assertThat(seen.conf()).containsEntry("bind", "127.0.0.1").containsEntry("protected-mode", "yes");

        // One that watches nobody of that name has said nothing.
        assertThat(verified("", "", "payments")
                        .getOrDefault(SENTINEL, Evidence.NONE)
                        .knows())
                .isEmpty();
    }

    @Test
    void nothingIsChanged() throws Exception {
        say("SET", "k", "v");
        Map<String, String> before = tree();
        String changes = changes();
        verified("admin", "pw");
        verified("admin", "wrong");
        assertThat(tree()).isEqualTo(before);
        assertThat(changes()).isEqualTo(changes);
    }

    @Test
    void anInstanceThatDoesNotRunHasFilesAndNoMore() throws Exception {
        children.getFirst().kill9();
        Await.until("its end", SOON, () -> "".equals(ping()));
        Evidence seen = verified("admin", "pw").getOrDefault(SERVER, Evidence.NONE);
        assertThat(seen.pid()).isZero();
        assertThat(seen.openFiles()).isEmpty();
        assertThat(seen.modes()).isNotEmpty();
        assertThat(seen.log()).isEqualTo(Evidence.Log.NONE);
    }

    private Map<String, Evidence.Logged> logged() throws Exception {
        return verified("admin", "pw").getOrDefault(SERVER, Evidence.NONE).logged();
    }

    private Path directory(String name) throws IOException {
        Path made = base.resolve("orders").resolve(name);
        Files.createDirectories(made.resolve("data"));
        Files.createDirectories(made.resolve("log"));
        for (String part : List.of("data", "log", ".")) {
            Files.setPosixFilePermissions(made.resolve(part), PosixFilePermissions.fromString("rwx------"));
        }
        return made;
    }

    private void start(String name, int on, List<String> lines) throws IOException {
        Path made = base.resolve("orders").resolve(name);
        String word = name.substring("redis-".length());
        List<String> all = new ArrayList<>(List.of(
                "bind 127.0.0.1",
                "port " + on,
                "daemonize no",
                "dir " + made.resolve("data"),
                "pidfile " + made.resolve("redis.pid"),
                "logfile " + made.resolve("log/redis.log")));
        all.addAll(lines);
        Path conf = closed(made.resolve((word.equals("server") ? "redis" : word) + ".conf"), all);
        Path program = word.equals("server") ? RedisBinaries.server() : RedisBinaries.sentinel();
        children.add(Child.start(List.of(program.toString(), conf.toString()), made, made.resolve("out")));
        Await.until("a pidfile of " + name, SOON, () -> Files.exists(made.resolve("redis.pid")));
        Await.until("an answer of " + name, SOON, () -> !answer(on).isEmpty());
    }

    private static Path closed(Path file, List<String> lines) throws IOException {
        Files.write(file, lines);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private String ping() {
        return answer(port);
    }

    /** A refusal is an answer too. */
    private static String answer(int of) {
        try (RedisCall call = RedisCall.open("127.0.0.1", of, Duration.ofSeconds(5))) {
            return String.valueOf(call.call("PING"));
        } catch (RedisCall.Refused refused) {
            return "refused";
        } catch (IOException notYet) {
            return "";
        }
    }

    private @Nullable Object say(String... words) throws IOException {
        try (RedisCall call =
                RedisCall.open("127.0.0.1", port, Duration.ofSeconds(5)).as("admin", "pw")) {
            return call.call(words);
        }
    }

    /** How many writes there were since the start, and the data set's size. */
    private String changes() throws IOException {
        String info = String.valueOf(say("INFO", "persistence"));
        Optional<String> dirty = info.lines()
                .filter(line -> line.startsWith("rdb_changes_since_last_save"))
                .findFirst();
        return dirty.orElseThrow() + " " + say("DBSIZE");
    }

    /** Every file with its mode and content, but the log, into which a refused login may be written. */
    private Map<String, String> tree() throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (Stream<Path> files = Files.walk(base)) {
            for (Path file : files.toList()) {
                String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
                boolean text = Files.isRegularFile(file) && !file.endsWith("log/redis.log");
                found.put(base.relativize(file).toString(), mode + (text ? Files.readString(file) : ""));
            }
        }
        return found;
    }

    private Map<InstanceId, Evidence> verified(String user, String password) throws Exception {
        return verified(user, password, "orders");
    }

    private Map<InstanceId, Evidence> verified(String user, String password, String master) throws Exception {
        Script script = Scripts.of(
                Verifier.class,
                "verify",
                SOON,
                List.of(
                        base.toString(),
                        "orders",
                        master,
                        "0",
                        "redis",
                        "redis-server",
                        "127.0.0.1",
                        "" + port,
                        "sentinel",
                        "redis-sentinel",
                        "127.0.0.1",
                        "" + sentinelPort));
        List<String> command = new ArrayList<>(List.of("sh", "-s", "--"));
        command.addAll(script.arguments());
        Process shell = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String login = "ask_user='" + user + "' ask_password='" + password + "'\n";
        shell.getOutputStream().write((login + script.text()).getBytes(StandardCharsets.UTF_8));
        shell.getOutputStream().close();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return EvidenceText.read(host, said).orElseThrow();
    }
}
