package io.redfleet.provisioner.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.access.NextSecret;
import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.access.Secret;
import io.redfleet.provisioner.secret.Accounts;
import io.redfleet.provisioner.secret.Agents;
import io.redfleet.provisioner.secret.Login;
import io.redfleet.testkit.RedisCall;
import io.redfleet.testkit.RedisNode;
import io.redfleet.testkit.SentinelNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each user may do, and what not, as a real redis-server and a real redis-sentinel see it. */
class UsersFileTest {
    private static final Accounts ACCOUNTS = new Accounts(
            Arrays.stream(Purpose.values())
                    .collect(Collectors.toMap(purpose -> purpose, purpose -> Secret.of("pw-" + purpose.word()))),
            "");

    @TempDir
    static Path directory;

    private static RedisNode redis;
    private static SentinelNode sentinel;

    @BeforeAll
    static void aServerAndASentinelWithTheirUsers() throws IOException {
        Path redisUsers = Files.writeString(directory.resolve("redis.acl"), UsersFile.redis(ACCOUNTS, "7.0.15"));
        Path sentinelUsers = Files.writeString(directory.resolve("sentinel.acl"), UsersFile.sentinel(ACCOUNTS));
        redis = RedisNode.start("aclfile " + redisUsers);
        SentinelNode.Watch watch = new SentinelNode.Watch("orders", 1, Duration.ofSeconds(30), Duration.ofSeconds(60));
        sentinel = SentinelNode.start(redis, watch, "aclfile " + sentinelUsers);
    }

    @AfterAll
    static void end() {
        sentinel.close();
        redis.close();
    }

    /** Who, whether it may, the command. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    application | yes | SET any thing
                    application | yes | GET any
                    application | yes | EVAL return(1) 0
                    application | yes | PUBLISH news x
                    application | yes | PUBLISH _news x
                    application | yes | PUBLISH __news x
                    application | yes | SUBSCRIBE news
                    application | yes | INFO replication
                    application | yes | CLIENT SETNAME shop
                    application | yes | WAIT 0 1
                    application | no  | PUBLISH __sentinel__:hello x
                    application | no  | EVAL return(redis.call('PUBLISH','__sentinel__:hello','x')) 0
                    application | no  | CONFIG GET masterauth
                    application | no  | CONFIG SET maxmemory 1
                    application | no  | FLUSHALL
                    application | no  | KEYS *
                    application | no  | REPLICAOF NO ONE
                    application | no  | SHUTDOWN NOSAVE
                    application | no  | ACL LIST
                    application | no  | CLIENT KILL TYPE normal
                    application | no  | MONITOR
                    replication | yes | PING
                    replication | yes | REPLCONF listening-port 1
                    replication | no  | GET any
                    replication | no  | INFO
                    replication | no  | CONFIG GET masterauth
                    sentinel    | yes | PING
                    sentinel    | yes | INFO
                    sentinel    | yes | ROLE
                    sentinel    | yes | PUBLISH __sentinel__:hello x
                    sentinel    | yes | SUBSCRIBE __sentinel__:hello
                    sentinel    | yes | CONFIG REWRITE
                    sentinel    | yes | CLIENT KILL TYPE pubsub
                    sentinel    | yes | MULTI
                    sentinel    | no  | PUBLISH news x
                    sentinel    | no  | GET any
                    sentinel    | no  | CONFIG GET masterauth
                    sentinel    | no  | CONFIG SET maxmemory 1
                    probe       | yes | PING
                    probe       | yes | INFO
                    probe       | yes | ROLE
                    probe       | yes | CLIENT SETNAME probe
                    probe       | yes | CLIENT ID
                    probe       | yes | LATENCY LATEST
                    probe       | yes | SLOWLOG LEN
                    probe       | no  | SLOWLOG GET
                    probe       | no  | CONFIG GET masterauth
                    probe       | no  | GET any
                    probe       | no  | CLIENT LIST
                    probe       | no  | SUBSCRIBE __sentinel__:hello
                    canary      | yes | SET redfleet:canary 1
                    canary      | yes | GET redfleet:canary
                    canary      | no  | SET any thing
                    canary      | no  | DEL redfleet:canary
                    canary      | no  | INFO
                    admin       | yes | CONFIG GET maxmemory
                    admin       | yes | CONFIG SET maxmemory 0
                    admin       | yes | CONFIG REWRITE
                    admin       | yes | INFO
                    admin       | yes | ROLE
                    admin       | yes | ACL LOG
                    admin       | yes | LATENCY LATEST
                    admin       | no  | GET any
                    admin       | no  | SET any thing
                    admin       | no  | FLUSHALL
                    admin       | no  | MODULE LIST
                    admin       | no  | MONITOR
                    """)
    void aUserOfRedisMayDoWhatItIsFor(String user, String may, String command) throws IOException {
        assertThat(allowed(redis.port(), user, command)).as(command).isEqualTo(may.equals("yes"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    application | yes | SENTINEL GET-MASTER-ADDR-BY-NAME orders
                    application | yes | SENTINEL REPLICAS orders
                    application | yes | SENTINEL SENTINELS orders
                    application | yes | SUBSCRIBE +switch-master
                    application | no  | SENTINEL FAILOVER orders
                    application | no  | SENTINEL SET orders quorum 1
                    application | no  | PUBLISH __sentinel__:hello x
                    probe       | yes | PING
                    probe       | yes | INFO sentinel
                    probe       | yes | ROLE
                    probe       | yes | SENTINEL MASTER orders
                    probe       | yes | SENTINEL REPLICAS orders
                    probe       | yes | SENTINEL SENTINELS orders
                    probe       | yes | SENTINEL CKQUORUM orders
                    probe       | yes | PSUBSCRIBE *
                    probe       | yes | CLIENT SETNAME probe
                    probe       | no  | SENTINEL FAILOVER orders
                    probe       | no  | SENTINEL RESET orders
                    probe       | no  | SENTINEL SET orders quorum 1
                    probe       | no  | SENTINEL REMOVE orders
                    probe       | no  | SENTINEL MONITOR other 127.0.0.1 1 1
                    probe       | no  | SENTINEL CONFIG GET sentinel-pass
                    probe       | no  | PUBLISH __sentinel__:hello x
                    probe       | no  | SHUTDOWN
                    peer        | yes | PING
                    peer        | yes | PUBLISH __sentinel__:hello x
                    peer        | yes | SENTINEL IS-MASTER-DOWN-BY-ADDR 127.0.0.1 1 0 *
                    peer        | no  | SENTINEL SET orders quorum 1
                    peer        | no  | SENTINEL MASTERS
                    admin       | yes | SENTINEL MASTER orders
                    admin       | yes | SENTINEL SET orders quorum 1
                    admin       | yes | INFO
                    admin       | yes | ACL LOG
                    """)
    void aUserOfASentinelMayDoWhatItIsFor(String user, String may, String command) throws IOException {
        assertThat(allowed(sentinel.port(), user, command)).as(command).isEqualTo(may.equals("yes"));
    }

    @Test
    void nobodyComesInWithoutAName() throws IOException {
        for (int port : new int[] {redis.port(), sentinel.port()}) {
            try (RedisCall stranger = RedisCall.open("127.0.0.1", port, Duration.ofSeconds(2))) {
                assertThat(refusal(stranger, "PING")).startsWith("NOAUTH");
                assertThat(refusal(stranger, "AUTH", "default", "")).startsWith("WRONGPASS");
            }
        }
    }

    @Test
    void passwordsStandAsHashesAndAreMaskedForPeople() {
        String file = UsersFile.redis(ACCOUNTS, "7.0.15") + UsersFile.sentinel(ACCOUNTS);
        Map<Purpose, Secret> passwords = ACCOUNTS.passwords();
        assertThat(passwords.values()).noneMatch(secret -> file.contains(secret.reveal()));
        assertThat(ACCOUNTS.masked(file))
                .contains("user probe on #*** ")
                .doesNotContain(ACCOUNTS.of(Purpose.PROBE).hash());
    }

    /** A member that joins while a password is being changed takes what all others take. */
    @Test
    void bothPasswordsOfAUserStandThereWhileOneBecomesTheOther() {
        Secret other = Secret.of("pw-other");
        Map<Purpose, Accounts.Second> seconds =
                Map.of(Purpose.APPLICATION, new Accounts.Second(NextSecret.Stage.BOTH, other));
        Accounts both = new Accounts(ACCOUNTS.passwords(), "", Agents.NONE, Login.NONE, seconds);
        String hashes =
                "user application on #" + ACCOUNTS.of(Purpose.APPLICATION).hash() + " #" + other.hash() + " ";
        for (String file : List.of(UsersFile.redis(both, "7.0.15"), UsersFile.sentinel(both))) {
            assertThat(file).contains(hashes);
            assertThat(both.masked(file))
                    .contains("user application on #*** #*** ")
                    .doesNotContain(other.hash());
        }
    }

    @Test
    void selectorsAreForReleasesThatKnowThem() {
        assertThat(UsersFile.redis(ACCOUNTS, "6.2.14")).doesNotContain("(");
        assertThat(UsersFile.redis(ACCOUNTS, "7.2.4")).contains("(~* ");
    }

    private static boolean allowed(int port, String user, String command) throws IOException {
        try (RedisCall call =
                RedisCall.open("127.0.0.1", port, Duration.ofSeconds(2)).as(user, "pw-" + user)) {
            String refusal = refusal(call, command.split(" ", -1));
            return !refusal.startsWith("NOPERM") && !refusal.contains("can't publish to the channel");
        }
    }

    /** The error that it answered; empty if it answered something else. */
    private static String refusal(RedisCall call, String... words) throws IOException {
        try {
            call.call(words);
            return "";
        } catch (RedisCall.Refused refused) {
            return String.valueOf(refused.getMessage());
        }
    }
}
