package io.redfleet.monitor.edge.redis;

import static org.assertj.core.api.Assertions.assertThat;

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
import io.redfleet.monitor.clock.Moment;
import io.redfleet.monitor.roster.Roster;
import io.redfleet.monitor.watch.Observation;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.RedisNode;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What a data node counts of the monitor's commands; an observed cluster hears no others (docs/adopt.md). */
class OnlyQuestionsTest {
    /** By Redis's own count; before 7.0 it counts no subcommands. */
    private static final Set<String> DOCUMENTED =
            Set.of("cmdstat_ping", "cmdstat_info", "cmdstat_role", "cmdstat_client|setname", "cmdstat_client");

    @Test
    void aDataNodeIsAskedAndNothingElse() throws IOException {
        Vertx vertx = Vertx.vertx();
        try (RedisNode node = RedisNode.start()) {
            String file = Files.readString(node.configFile());
            Context loop = vertx.getOrCreateContext();
            List<Observation> seen = new CopyOnWriteArrayList<>();
            RedisLines lines = new RedisLines(
                    vertx,
                    () -> new Moment(Instant.now(), System.nanoTime()),
                    new SplittableRandom(1),
                    (cluster, observation) -> seen.add(observation));
            CompletableFuture<Void> opened = new CompletableFuture<>();
            loop.runOnContext(nothing -> {
                lines.open(roster(node));
                opened.complete(null);
            });
            opened.join();
            Await.until(
                    "it was asked for its role, twice",
                    Duration.ofSeconds(20),
                    () -> seen.stream()
                                    .filter(Observation.Stood.class::isInstance)
                                    .count()
                            >= 2);

            assertThat(node.info("commandstats").keySet())
                    .contains("cmdstat_ping", "cmdstat_info", "cmdstat_role")
                    .isSubsetOf(DOCUMENTED);
            assertThat(Files.readString(node.configFile())).isEqualTo(file);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private static Roster roster(RedisNode node) {
        Endpoint endpoint = new Endpoint(node.host(), node.port());
        Member member = new Member(new InstanceId("r1/redis-server"), InstanceRole.REDIS, endpoint, endpoint, "");
        return new Roster(
                new ClusterName("orders"),
                new ClusterUid("u1"),
                Map.of(),
                Phase.READY,
                true,
                new SentinelSpec("orders", 2, Duration.ofSeconds(5), Duration.ofSeconds(60), 1),
                new WatchSpec(WatchMode.OBSERVE, Duration.ofMillis(200), Duration.ofSeconds(5)),
                Map.of(member.id(), member),
                Set.of(),
                "",
                "",
                Map.of());
    }
}
