package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Request;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.RedisCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every password of a real cluster becomes another; a failover after that needs all that Redis and Sentinel log in by. */
@Tag("long")
@Timeout(900)
class RotatedTrioTest extends ServiceGround {
    private static final Duration FAILOVER = Duration.ofSeconds(60);

    @Test
    void withEveryPasswordChangedAMasterThatDiesIsSucceededAndFollowed() throws Exception {
        OperationState made = bus.operation(apply(Map.of(), null, true));
        assertThat(made.status()).as(made.reason()).isEqualTo(Status.SUCCEEDED);
        Map<Purpose, Secret> old = new EnumMap<>(Purpose.class);
        Map<Purpose, Secret> fresh = new EnumMap<>(Purpose.class);
        long before = pid(MASTER);
        for (Purpose purpose : Purpose.values()) {
            Secret was = password(purpose);
            old.put(purpose, was);
            succeeded(new Request.RotateSecret(purpose.word(), false));
            Await.until(
                    "a new password of " + purpose,
                    Duration.ofSeconds(10),
                    () -> !password(purpose).equals(was));
            fresh.put(purpose, password(purpose));
            if (purpose == Purpose.APPLICATION) {
                assertThat(in(1, was)).as("both are taken").isTrue();
                assertThat(in(1, password(purpose))).isTrue();
            }
            succeeded(new Request.RotateSecret(purpose.word(), true));
        }
        assertThat(pid(MASTER)).as("nothing was restarted").isEqualTo(before);
        for (int node = 1; node <= 3; node++) {
            assertThat(in(node, Objects.requireNonNull(old.get(Purpose.APPLICATION))))
                    .isFalse();
            assertThat(in(node, Objects.requireNonNull(fresh.get(Purpose.APPLICATION))))
                    .isTrue();
            theFilesOf(node, old, fresh);
        }
        Outcome.Result shown = bus.order(new Request.ShowPlan());
        assertThat(((Outcome.Answered) shown).body()).contains("\"changes\":0");

        trio.process(MASTER).orElseThrow().destroyForcibly();
        Await.until(
                "another master",
                FAILOVER,
                () -> List.of("127.0.0.12", "127.0.0.13").contains(named(2)));
        int master = named(2).equals("127.0.0.12") ? 2 : 3;
        int replica = 5 - master;
        Await.until("its replica", FAILOVER, () -> info(replica).contains("master_link_status:up"));
        try (RedisCall application = call(master, trio.redisPort(master), Purpose.APPLICATION)) {
            assertThat(application.call("SET", "k", "v")).isEqualTo("OK");
            assertThat(application.call("WAIT", "1", "5000")).isEqualTo(1L);
        }
    }

    private void theFilesOf(int node, Map<Purpose, Secret> old, Map<Purpose, Secret> fresh) throws IOException {
        Path cluster = trio.host(node).home().resolve("orders");
        String all = "";
        for (String file : List.of(
                "redis-server/redis.conf",
                "redis-server/users.acl",
                "redis-sentinel/sentinel.conf",
                "redis-sentinel/users.acl")) {
            Path path = cluster.resolve(file);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .as(file)
                    .isEqualTo("rw-------");
            all += Files.readString(path);
        }
        for (Secret gone : old.values()) {
            assertThat(all).doesNotContain(gone.reveal()).doesNotContain(gone.hash());
        }
        for (Secret taken : fresh.values()) {
            assertThat(all).contains(taken.hash());
        }
    }

    private void succeeded(Request request) {
        OperationState over = bus.operation(request);
        assertThat(over.status()).as(request + ": " + over.reason()).isEqualTo(Status.SUCCEEDED);
    }

    private boolean in(int node, Secret secret) throws IOException {
        try (RedisCall call = RedisCall.open("127.0.0.1" + node, trio.redisPort(node), Duration.ofSeconds(2))
                .as(Purpose.APPLICATION.word(), secret.reveal())) {
            call.call("PING");
            return true;
        } catch (RedisCall.Refused refused) {
            return false;
        }
    }

    /** The address of the master that the Sentinel of a host names; empty: none. */
    private String named(int host) {
        try (RedisCall call = call(host, trio.sentinelPort(host), Purpose.PROBE)) {
            List<?> said = (List<?>) call.call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", "orders");
            return said == null ? "" : String.valueOf(said.getFirst());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private String info(int node) {
        try (RedisCall call = call(node, trio.redisPort(node), Purpose.PROBE)) {
            return String.valueOf(call.call("INFO", "replication"));
        } catch (IOException e) {
            return "";
        }
    }
}
