package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.access.Secret;
import io.redfleet.provisioner.recipe.UsersDiff;
import io.redfleet.provisioner.recipe.UsersFile;
import io.redfleet.provisioner.secret.Accounts;
import io.redfleet.provisioner.secret.Login;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.testkit.RedisCall;
import io.redfleet.testkit.RedisNode;
import io.redfleet.testkit.SentinelNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The script that sets users and logins of what runs, against a real Redis and a real Sentinel. */
@Timeout(60)
class UsersScriptTest {
    private static final Accounts ACCOUNTS = new Accounts(
            Arrays.stream(Purpose.values())
                    .collect(Collectors.toMap(purpose -> purpose, purpose -> Secret.of("pw-" + purpose.word()))),
            "");

    private static final SentinelNode.Watch WATCH =
            new SentinelNode.Watch("orders", 1, Duration.ofSeconds(30), Duration.ofMinutes(1));

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void users() throws IOException {
        file = Files.writeString(directory.resolve(UsersFile.NAME), UsersFile.redis(ACCOUNTS, "7.0.15"));
    }

    @Test
    void usersComeBackWhileConnectionsStayAndThoseOfOthersAreKeptInTheFileToo() throws Exception {
        try (RedisNode redis = RedisNode.start("aclfile " + file);
                RedisCall application = entered(redis, Purpose.APPLICATION)) {
            long pid = redis.pid();
            admin(redis, "ACL", "SETUSER", "application", "-set", "resetpass", ">another");
            admin(redis, "ACL", "DELUSER", "canary");
            admin(redis, "ACL", "SETUSER", "mallory", "on", ">mallory", "+ping");
            assertThat(application.call("GET", "k")).isNull();
            assertThat(said(redis, lines("application", "canary"))).isEqualTo("0 changed");

            assertThat(application.call("SET", "k", "v"))
                    .as("the same connection")
                    .isEqualTo("OK");
            try (RedisCall again = entered(redis, Purpose.APPLICATION);
                    RedisCall canary = entered(redis, Purpose.CANARY)) {
                assertThat(again.call("GET", "k")).isEqualTo("v");
                assertThat(canary.call("PING")).isEqualTo("PONG");
            }
            assertThat(Files.readString(file))
                    .contains("user mallory on", "user canary on")
                    .contains(ACCOUNTS.of(Purpose.APPLICATION).hash())
                    .doesNotContain(Secret.of("another").hash());
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            assertThat(redis.pid()).isEqualTo(pid);
            assertThat(said(redis, lines("application", "canary"))).as("again").isEqualTo("0 changed");
        }
    }

    /** As while a password is being changed: whoever has either is let in. */
    @Test
    void aUserOfTwoPasswordsIsSetWithBoth() throws Exception {
        Secret other = Secret.of("another");
        String line = lines("application").replace(" on #", " on #" + other.hash() + " #");
        try (RedisNode redis = RedisNode.start("aclfile " + file)) {
            admin(redis, "ACL", "SETUSER", "application", "off", "resetpass", ">a third");
            assertThat(said(redis, line)).isEqualTo("0 changed");
            for (Secret secret : List.of(ACCOUNTS.of(Purpose.APPLICATION), other)) {
                try (RedisCall application = RedisCall.open(redis.host(), redis.port(), Duration.ofSeconds(5))
                        .as("application", secret.reveal())) {
                    assertThat(application.call("PING")).isEqualTo("PONG");
                }
            }
            assertThat(Files.readString(file))
                    .contains(ACCOUNTS.of(Purpose.APPLICATION).hash(), other.hash())
                    .doesNotContain(Secret.of("a third").hash());
        }
    }

    /** What the next start loads would be nothing: the file is not written anew while it would name what is not whole. */
    @Test
    void aFileIsNotWrittenAnewWhileItsAppendOnlyFileIsNotWhole() throws Exception {
        // One key, a minute.
        try (RedisNode redis = RedisNode.start("aclfile " + file, "masterauth wrong", "rdb-key-save-delay 60000000");
                RedisCall application = entered(redis, Purpose.APPLICATION)) {
            assertThat(application.call("SET", "k", "v")).isEqualTo("OK");
            assertThat(admin(redis, "CONFIG", "SET", "appendonly", "yes")).isEqualTo("OK");
            String before = Files.readString(redis.configFile());
            assertThat(said(redis, lines("probe") + "login masterauth pw-replication\n"))
                    .startsWith("1 its append-only file is not whole (aof_enabled:1 ")
                    .endsWith("try again once it is whole");
            assertThat(Files.readString(redis.configFile())).isEqualTo(before);
            assertThat(String.valueOf(admin(redis, "CONFIG", "GET", "masterauth")))
                    .contains("wrong");
            assertThat(said(redis, lines("probe")))
                    .as("users have a file of their own")
                    .isEqualTo("0 changed");
        }
    }

    @Test
    void whoSetsTheUsersMaySetItself() throws Exception {
        try (RedisNode redis = RedisNode.start("aclfile " + file)) {
            admin(redis, "ACL", "SETUSER", "admin", "+module", "+monitor");
            assertThat(said(redis, lines("default", "admin"))).isEqualTo("0 changed");
            try (RedisCall admin = entered(redis, Purpose.ADMIN)) {
                assertThat(String.valueOf(admin.call("ACL", "DRYRUN", "admin", "MONITOR")))
                        .contains("no permissions");
            }
        }
    }

    @Test
    void aFileThatIsAnotherIsWrittenThoughNoUserIsSet() throws Exception {
        try (RedisNode redis = RedisNode.start("aclfile " + file)) {
            Files.writeString(file, "user default on nopass ~* &* +@all\n");
            assertThat(said(redis, "save\n")).isEqualTo("0 changed");
            assertThat(UsersDiff.lines(Files.readString(file)).get("default")).startsWith("user default off");
        }
    }

    @Test
    void aReplicasLoginIsSetAndInItsFile() throws Exception {
        try (RedisNode redis = RedisNode.start("aclfile " + file, "masteruser somebody", "masterauth wrong")) {
            String content = "login masteruser replication\nlogin masterauth pw-replication\n";
            assertThat(said(redis, content)).isEqualTo("0 changed");
            assertThat(String.valueOf(admin(redis, "CONFIG", "GET", "masterauth")))
                    .contains("pw-replication");
            assertThat(Files.readString(redis.configFile()).replace("\"", ""))
                    .contains("masteruser replication", "masterauth pw-replication");
        }
    }

    @Test
    void aSentinelsLoginsAreSetAndInItsFile() throws Exception {
        try (RedisNode redis = RedisNode.start();
                SentinelNode sentinel = SentinelNode.start(redis, WATCH, "sentinel auth-pass orders wrong")) {
            String content = """
                    login auth-user sentinel
                    login auth-pass pw-sentinel
                    login sentinel-user peer
                    login sentinel-pass pw-peer
                    """;
            Script script = script(sentinel.host(), sentinel.port(), Login.NONE, content);
            assertThat(LeasedShell.said(directory, script)).isEqualTo("0 changed");
            assertThat(Files.readString(sentinel.configFile()).lines().map(line -> line.replace("\"", "")))
                    .contains(
                            "sentinel auth-user orders sentinel",
                            "sentinel auth-pass orders pw-sentinel",
                            "sentinel sentinel-user peer",
                            "sentinel sentinel-pass pw-peer");
        }
    }

    @Test
    void aRefusalNamesWhatWasRefusedAndNoSecret() throws Exception {
        try (RedisNode redis = RedisNode.start("aclfile " + file)) {
            String line = Objects.requireNonNull(
                    UsersDiff.lines(UsersFile.redis(ACCOUNTS, "7")).get("probe"));
            String before = Files.readString(file);
            assertThat(said(redis, line.replace("+ping", "+nosuchcommand") + "\n"))
                    .startsWith("1 ACL SETUSER probe answered: ")
                    .contains("nosuchcommand")
                    .doesNotContain(ACCOUNTS.of(Purpose.PROBE).hash());
            assertThat(said(redis, line.replaceAll("#[0-9a-f]+", "#c0ffee") + "\n"))
                    .startsWith("1 ACL SETUSER probe answered: ")
                    .doesNotContain("c0ffee");
            assertThat(said(redis, "login auth-pass pw-sentinel\n"))
                    .startsWith("1 SENTINEL SET orders auth-pass answered: ")
                    .doesNotContain("pw-sentinel");
            assertThat(Files.readString(file)).isEqualTo(before);
            try (RedisCall probe = entered(redis, Purpose.PROBE)) {
                assertThat(probe.call("PING")).isEqualTo("PONG");
            }
        }
    }

    /** Without a file of its own an instance would lose with its end what it was told. */
    @Test
    void whoHasNoFileForItsUsersIsNotSaidToHaveThem() throws Exception {
        try (RedisNode redis = RedisNode.start("user admin on >pw-admin +@admin +@connection")) {
            assertThat(said(redis, "save\n")).startsWith("1 ACL SAVE answered: ");
        }
    }

    private static String lines(String... names) {
        Map<String, String> all = UsersDiff.lines(UsersFile.redis(ACCOUNTS, "7.0.15"));
        return Arrays.stream(names).map(name -> all.get(name) + "\n").collect(Collectors.joining());
    }

    private String said(RedisNode redis, String content) throws Exception {
        Login login = new Login(Purpose.ADMIN.word(), ACCOUNTS.of(Purpose.ADMIN));
        return LeasedShell.said(directory, script(redis.host(), redis.port(), login, content));
    }

    private Script script(String host, int port, Login login, String content) {
        List<String> words = List.of(host, "" + port, directory.toString(), "orders");
        return LeasedShell.script(directory, "users", Duration.ofSeconds(30), words)
                .as(login)
                .carrying(content);
    }

    private static RedisCall entered(RedisNode redis, Purpose who) throws IOException {
        return RedisCall.open(redis.host(), redis.port(), Duration.ofSeconds(5))
                .as(who.word(), ACCOUNTS.of(who).reveal());
    }

    private static Object admin(RedisNode redis, String... words) throws IOException {
        try (RedisCall admin = entered(redis, Purpose.ADMIN)) {
            return Objects.requireNonNull(admin.call(words));
        }
    }
}
