package io.redfleet.provisioner.survey;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.access.NextSecret;
import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.provisioner.desired.SpecReader;
import io.redfleet.provisioner.recipe.UsersDiff;
import io.redfleet.provisioner.recipe.UsersFile;
import io.redfleet.provisioner.secret.Accounts;
import io.redfleet.provisioner.secret.Agents;
import io.redfleet.provisioner.secret.Login;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.Child;
import io.redfleet.testkit.FreePort;
import io.redfleet.testkit.RedisBinaries;
import io.redfleet.testkit.RedisCall;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** access.sh against a real Redis and a real Sentinel of it, which have the users that we make. */
@Timeout(120)
class AccessScriptTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final InstanceId SERVER = new InstanceId("r1/redis-server");
    private static final InstanceId SENTINEL = new InstanceId("r1/redis-sentinel");

    private static final Accounts ACCOUNTS = new Accounts(
            Arrays.stream(Purpose.values())
                    .collect(Collectors.toMap(purpose -> purpose, purpose -> Secret.of("pw-" + purpose.word()))),
            "");

    @TempDir
    Path base;

    private final List<Child> children = new ArrayList<>();
    private int port;
    private int sentinelPort;
    private String said = "";

    @BeforeEach
    void aServerAndASentinel() throws IOException {
        port = FreePort.choose();
        sentinelPort = FreePort.choose();
        start(
                "redis-server",
                port,
                UsersFile.redis(ACCOUNTS, "7.0.15"),
                List.of("save \"\"", "masteruser replication", "masterauth pw-replication"));
        start(
                "redis-sentinel",
                sentinelPort,
                UsersFile.sentinel(ACCOUNTS),
                List.of(
                        "sentinel sentinel-user peer",
                        "sentinel sentinel-pass pw-peer",
                        "sentinel monitor orders 127.0.0.1 " + port + " 1",
                        "sentinel auth-user orders sentinel",
                        "sentinel auth-pass orders pw-sentinel"));
    }

    @AfterEach
    void end() {
        children.forEach(Child::kill9);
    }

    @Test
    void whoHasTheUsersThatWeMakeDiffersInNothingBeforeAndAfterTheServerWritesThem() throws Exception {
        nothingDiffers();
        say(port, "ACL", "SAVE");
        say(sentinelPort, "ACL", "SAVE");
        nothingDiffers();
        assertThat(said).as("what leaves the host").contains("#same").doesNotContain("pw-");
        for (Purpose purpose : Purpose.values()) {
            assertThat(said).doesNotContain(ACCOUNTS.of(purpose).hash());
        }
        assertThat(say(port, "ACL", "LOG")).as("what was asked and not allowed").isEqualTo(List.of());
        assertThat(say(sentinelPort, "ACL", "LOG")).isEqualTo(List.of());
    }

    private void nothingDiffers() throws Exception {
        Map<InstanceId, AccessSurvey> found = looked();
        AccessSurvey server = Objects.requireNonNull(found.get(SERVER));
        assertThat(differs(server.live(), server)).isEmpty();
        assertThat(differs(server.file(), server)).isEmpty();
        assertThat(server.logins()).isEqualTo(Map.of("masteruser", true, "masterauth", true));
        assertThat(server.loginsRead()).isTrue();

        AccessSurvey sentinel = Objects.requireNonNull(found.get(SENTINEL));
        String wanted = UsersFile.sentinel(ACCOUNTS);
        assertThat(UsersDiff.of(wanted, sentinel.live(), sentinel.categories())).isEmpty();
        assertThat(UsersDiff.of(wanted, sentinel.file(), sentinel.categories())).isEmpty();
        assertThat(sentinel.logins())
                .isEqualTo(Map.of("auth-user", true, "auth-pass", true, "sentinel-user", true, "sentinel-pass", true));
        assertThat(sentinel.loginsRead()).isTrue();
    }

    @Test
    void whatIsChangedByHandIsSaidAndNotWhatItIsNow() throws Exception {
        say(port, "ACL", "SETUSER", "application", "+flushall", ">another");
        say(port, "ACL", "SETUSER", "probe", "off");
        say(port, "ACL", "DELUSER", "canary");
        say(port, "ACL", "SETUSER", "mallory", "on", ">mallory", "+@all");
        say(port, "CONFIG", "SET", "masterauth", "stolen");
        say(sentinelPort, "SENTINEL", "SET", "orders", "auth-pass", "stolen");
        say(sentinelPort, "SENTINEL", "CONFIG", "SET", "sentinel-pass", "stolen");

        Map<InstanceId, AccessSurvey> found = looked();
        AccessSurvey server = Objects.requireNonNull(found.get(SERVER));
        assertThat(differs(server.live(), server))
                .isEqualTo(Map.of(
                        "application", List.of("has another password", "has other rights"),
                        "probe", List.of("is off"),
                        "canary", List.of("is missing")));
        assertThat(differs(server.file(), server))
                .as("users.acl stands as it was")
                .isEmpty();
        assertThat(UsersDiff.beside(wanted(), server.live())).containsExactly("mallory");
        assertThat(server.logins()).isEqualTo(Map.of("masteruser", true, "masterauth", false));
        AccessSurvey sentinel = Objects.requireNonNull(found.get(SENTINEL));
        assertThat(sentinel.logins())
                .isEqualTo(
                        Map.of("auth-user", true, "auth-pass", false, "sentinel-user", true, "sentinel-pass", false));
        assertThat(said)
                .doesNotContain("stolen")
                .doesNotContain(Secret.of("another").hash());
    }

    @Test
    void aFileThatIsChangedByHandIsSaid() throws Exception {
        Path file = base.resolve("orders/redis-server/users.acl");
        Files.writeString(
                file,
                Files.readString(file).replace("user probe on", "user probe on nopass") + "user eve on >eve ~*\n");
        AccessSurvey server = Objects.requireNonNull(looked().get(SERVER));
        assertThat(differs(server.live(), server)).isEmpty();
        assertThat(differs(server.file(), server)).isEqualTo(Map.of("probe", List.of("needs no password")));
        assertThat(said).contains("user eve on #other").doesNotContain(">eve");
    }

    /** Its file has no line of the master any more, so nobody knows by which words it would enter one. */
    @Test
    void ofASentinelThatHasLostItsMasterOnlyItsOwnLoginIsKnown() throws Exception {
        say(sentinelPort, "SENTINEL", "REMOVE", "orders");
        AccessSurvey sentinel = Objects.requireNonNull(looked().get(SENTINEL));
        assertThat(sentinel.logins()).isEqualTo(Map.of("sentinel-user", true, "sentinel-pass", true));
        assertThat(sentinel.loginsRead()).isFalse();
        say(sentinelPort, "SENTINEL", "MONITOR", "other", "127.0.0.1", "" + port, "1");
        assertThat(Objects.requireNonNull(looked().get(SENTINEL)).loginsRead())
                .as("another master is not its own")
                .isFalse();
    }

    /** While a password is being changed an instance may take either, or both, and enter others by either. */
    @Test
    void ofTwoPasswordsEitherIsTheUsersOwnAndThatLoginIsNotCompared() throws Exception {
        Map<Purpose, Accounts.Second> seconds = Map.of(
                Purpose.APPLICATION, new Accounts.Second(NextSecret.Stage.BOTH, Secret.of("another")),
                Purpose.REPLICATION, new Accounts.Second(NextSecret.Stage.ADDING, Secret.of("another")));
        Accounts both = new Accounts(ACCOUNTS.passwords(), "", Agents.NONE, Login.NONE, seconds);
        String wanted = UsersFile.redis(both, "7.0.15");
        for (String rule : List.of("on", ">another", "<pw-application")) {
            say(port, "ACL", "SETUSER", "application", rule);
            AccessSurvey server = Objects.requireNonNull(looked(both).get(SERVER));
            assertThat(UsersDiff.of(wanted, server.live(), server.categories()))
                    .as(rule)
                    .isEmpty();
            assertThat(server.logins()).isEmpty();
            assertThat(server.loginsRead()).isTrue();
        }
        say(port, "ACL", "SETUSER", "application", "off", ">a third");
        AccessSurvey server = Objects.requireNonNull(looked(both).get(SERVER));
        assertThat(UsersDiff.of(wanted, server.live(), server.categories()))
                .isEqualTo(Map.of("application", List.of("is off", "has another password")));
        assertThat(said).doesNotContain(Secret.of("another").hash());
    }

    @Test
    void whoDoesNotRunOrIsNotEnteredSaysNothing() throws Exception {
        children.getFirst().kill9();
        Await.until("its end", SOON, () -> answer(port).isEmpty());
        assertThat(looked()).containsOnlyKeys(SENTINEL);
        say(sentinelPort, "ACL", "SETUSER", "admin", "resetpass", ">another");
        assertThat(looked()).isEmpty();
    }

    private static String wanted() {
        return UsersFile.redis(ACCOUNTS, "7.0.15");
    }

    private static Map<String, List<String>> differs(Map<String, String> found, AccessSurvey server) {
        return UsersDiff.of(wanted(), found, server.categories());
    }

    private void start(String name, int on, String users, List<String> lines) throws IOException {
        Path made = base.resolve("orders").resolve(name);
        Files.createDirectories(made.resolve("data"));
        Files.writeString(made.resolve(UsersFile.NAME), users);
        List<String> all = new ArrayList<>(List.of(
                "bind 127.0.0.1",
                "port " + on,
                "daemonize no",
                "dir " + made.resolve("data"),
                "pidfile " + made.resolve("redis.pid"),
                "aclfile " + made.resolve(UsersFile.NAME)));
        all.addAll(lines);
        boolean server = name.equals("redis-server");
        Path conf = Files.write(made.resolve(server ? "redis.conf" : "sentinel.conf"), all);
        Path program = server ? RedisBinaries.server() : RedisBinaries.sentinel();
        children.add(Child.start(List.of(program.toString(), conf.toString()), made, made.resolve("out")));
        Await.until("a pidfile of " + name, SOON, () -> Files.exists(made.resolve("redis.pid")));
        Await.until("an answer of " + name, SOON, () -> !answer(on).isEmpty());
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

    private static @Nullable Object say(int to, String... words) throws IOException {
        try (RedisCall call =
                RedisCall.open("127.0.0.1", to, Duration.ofSeconds(5)).as("admin", "pw-admin")) {
            return call.call(words);
        }
    }

    private Map<InstanceId, AccessSurvey> looked() throws Exception {
        return looked(ACCOUNTS);
    }

    private Map<InstanceId, AccessSurvey> looked(Accounts accounts) throws Exception {
        ClusterSpec spec = spec();
        List<String> words = List.of(
                base.toString(),
                "orders",
                "orders",
                "redis",
                "redis-server",
                "127.0.0.1",
                "" + port,
                "sentinel",
                "redis-sentinel",
                "127.0.0.1",
                "" + sentinelPort);
        Script script = Scripts.of(AccessLook.class, "access", SOON, words);
        List<String> command = new ArrayList<>(List.of("sh", "-s", "--"));
        command.addAll(script.arguments());
        Process shell = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String before = "ask_user='admin' ask_password='pw-admin'\ncontent='" + AccessLook.wanted(accounts) + "'\n";
        shell.getOutputStream().write((before + script.text()).getBytes(StandardCharsets.UTF_8));
        shell.getOutputStream().close();
        said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(said).endsWith("access.end=yes\n");
        return AccessLook.read(spec.hosts().getFirst(), new Reply.Done(0, said, ""));
    }

    private static ClusterSpec spec() {
        List<Map<String, String>> hosts = List.of(
                Map.of("name", "r1", "address", "10.0.0.11"),
                Map.of("name", "r2", "address", "10.0.0.12"),
                Map.of("name", "r3", "address", "10.0.0.13"));
        return ((SpecReader.Good)
                        SpecReader.read(Map.of("metadata", Map.of("name", "orders"), "spec", Map.of("hosts", hosts))))
                .spec();
    }
}
