package io.redfleet.monitor.edge.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.cluster.SentinelSpec;
import io.redfleet.contracts.cluster.WatchMode;
import io.redfleet.contracts.cluster.WatchSpec;
import io.redfleet.contracts.health.ReplicationRole;
import io.redfleet.monitor.clock.Moment;
import io.redfleet.monitor.probe.Reply;
import io.redfleet.monitor.roster.Roster;
import io.redfleet.monitor.watch.Observation;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.RedisCall;
import io.redfleet.testkit.RedisNode;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A cluster that lets nobody in without a password, and a monitor that may or may not have it. */
class GuardedTest {
    private static final Duration WITHIN = Duration.ofSeconds(10);
    private static final ClusterName ORDERS = new ClusterName("orders");
    private static final ClusterUid UID = new ClusterUid("u1");

    private final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();
    private final List<Observation> seen = new CopyOnWriteArrayList<>();
    private RedisNode redis;
    private RedisLines lines;

    @BeforeEach
    void aGuardedNode() {
        redis = RedisNode.start(
                "user default off",
                "user admin on >let-me-in ~* &* +@all",
                "user probe on >right resetchannels -@all +ping +info +role +client|setname +client|id");
        lines = new RedisLines(
                vertx,
                () -> new Moment(Instant.now(), System.nanoTime()),
                new SplittableRandom(1),
                (cluster, observation) -> seen.add(observation));
    }

    @AfterEach
    void end() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
        redis.close();
    }

    @Test
    void aClusterWhosePasswordHasNotComeIsLeftAloneAndThenWatched() throws IOException {
        onLoop(() -> lines.open(roster()));
        onLoop(() -> lines.learn(ORDERS, new ClusterUid("an earlier cluster"), Secret.of("right")));
        assertThat(connections()).as("nobody has knocked").isZero();
        assertThat(seen).isEmpty();

        onLoop(() -> lines.learn(ORDERS, UID, Secret.of("right")));
        Await.until(
                "an answer with figures",
                WITHIN,
                () -> seen.stream()
                        .anyMatch(observation -> observation instanceof Observation.Answered answered
                                && answered.reply() instanceof Reply.Pong
                                && answered.greeting() != null));
        Await.until(
                "its role",
                WITHIN,
                () -> seen.stream()
                        .anyMatch(observation -> observation instanceof Observation.Stood stood
                                && stood.standing().role() == ReplicationRole.MASTER));
    }

    @Test
    void aPasswordThatComesFirstWaitsForItsCluster() {
        onLoop(() -> lines.learn(ORDERS, UID, Secret.of("right")));
        onLoop(() -> lines.open(roster()));
        Await.until("an answer", WITHIN, () -> replies().contains(new Reply.Pong()));
    }

    @Test
    void aRefusedPasswordIsNoDeathAndIsTriedAgain() throws IOException {
        onLoop(() -> lines.learn(ORDERS, UID, Secret.of("wrong")));
        onLoop(() -> lines.open(roster()));
        Await.until("a refusal", WITHIN, () -> replies().contains(new Reply.Denied("WRONGPASS")));
        assertThat(replies()).allMatch(Reply::answered).doesNotContain(new Reply.Pong());

        try (RedisCall admin = admin()) {
            assertThat(admin.call("ACL", "SETUSER", "probe", ">wrong")).isEqualTo("OK");
        }
        Await.until("an answer", WITHIN, () -> replies().contains(new Reply.Pong()));
    }

    /** Of a cluster that somebody else runs, whose users are not of our naming. */
    @Test
    void aSpecThatNamesAnotherUserIsFollowedAtOnce() throws IOException {
        try (RedisCall admin = admin()) {
            assertThat(admin.call("ACL", "SETUSER", "watcher", "on", ">right", "-@all", "+ping", "+info", "+role"))
                    .isEqualTo("OK");
            onLoop(() -> lines.learn(ORDERS, UID, Secret.of("right")));
            onLoop(() -> lines.open(roster("nobody")));
            Await.until("a refusal", WITHIN, () -> replies().contains(new Reply.Denied("WRONGPASS")));
            assertThat(replies()).doesNotContain(new Reply.Pong());

            onLoop(() -> lines.open(roster("watcher")));
            Await.until("an answer", WITHIN, () -> replies().contains(new Reply.Pong()));
            assertThat(String.valueOf(admin.call("CLIENT", "LIST"))).contains("user=watcher");
        }
    }

    private List<Reply> replies() {
        return seen.stream()
                .filter(Observation.Answered.class::isInstance)
                .map(observation -> ((Observation.Answered) observation).reply())
                .toList();
    }

    /** Besides the one that asks. */
    private int connections() throws IOException {
        try (RedisCall admin = admin()) {
            return String.valueOf(admin.call("CLIENT", "LIST")).strip().split("\n", -1).length - 1;
        }
    }

    private RedisCall admin() throws IOException {
        return RedisCall.open("127.0.0.1", redis.port(), Duration.ofSeconds(2)).as("admin", "let-me-in");
    }

    private void onLoop(Runnable work) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.runOnContext(nothing -> {
            work.run();
            done.complete(null);
        });
        done.join();
    }

    private Roster roster() {
        return roster("probe");
    }

    private Roster roster(String user) {
        Endpoint endpoint = new Endpoint("127.0.0.1", redis.port());
        Member member = new Member(new InstanceId("r1/redis-server"), InstanceRole.REDIS, endpoint, endpoint, "");
        return new Roster(
                ORDERS,
                UID,
                Map.of(),
                Phase.READY,
                true,
                new SentinelSpec("orders", 2, Duration.ofSeconds(5), Duration.ofSeconds(60), 1),
                new WatchSpec(WatchMode.AUTO, Duration.ofMillis(200), Duration.ofSeconds(5)),
                Map.of(member.id(), member),
                Set.of(),
                user,
                "",
                Map.of());
    }
}
