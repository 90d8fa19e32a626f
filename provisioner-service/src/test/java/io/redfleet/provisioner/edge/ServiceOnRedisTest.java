package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.event.OperationEvent;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.contracts.operation.StepState;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Request;
import io.redfleet.testkit.RedisCall;
import io.redfleet.testkit.RedisNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;

/** More of the whole service on a real broker, real sshd and real Redis: each case on ground of its own, beside the other. */
@Timeout(300)
class ServiceOnRedisTest extends ServiceGround {
    private static final Map<String, String> CONFIG = Map.of("maxmemory", "64mb");

    /** Hosts that are changed by a hand which is not ours. */
    @Test
    @Execution(CONCURRENT)
    void itIsToldLookedAtAndUndoneByTheIdOfItsPlan() throws Exception {
        OperationState made = bus.operation(apply(CONFIG, null, true));
        assertThat(made.status()).as(made.reason()).isEqualTo(Status.SUCCEEDED);
        service.close();
        service = opened(Optional.of(Duration.ofSeconds(1)));
        setOnTheReplica("32mb");

        awaitEvents("drift.found", 1);
        OperationEvent.DriftFound found =
                (OperationEvent.DriftFound) bus.events("drift.found").getLast().event();
        assertThat(found.changes()).isEqualTo(1);
        assertThat(found.live()).isEqualTo(1);
        assertThat(found.first())
                .singleElement()
                .satisfies(title -> assertThat(title).contains("maxmemory", "r3"));
        Outcome.Result shown = bus.order(new Request.ShowPlan());
        assertThat(((Outcome.Answered) shown).body())
                .contains("\"plan\":\"" + found.plan() + "\"", "\"effect\":\"live\"", "- maxmemory 33554432");

        Problem other = bus.refused(planned("0123456789abcdef"));
        assertThat(other.status()).isEqualTo(409);
        assertThat(other.detail()).contains("0123456789abcdef", found.plan());
        OperationState mended = bus.operation(planned(found.plan()));
        assertThat(mended.status()).as(mended.reason()).isEqualTo(Status.SUCCEEDED);
        awaitEvents("drift.cleared", 1);
        assertThat(bus.events("drift.found")).hasSize(1);
        try (RedisCall replica = call(3, trio.redisPort(3), Purpose.ADMIN)) {
            assertThat(String.valueOf(replica.call("CONFIG", "GET", "maxmemory")))
                    .contains("67108864");
        }
    }

    private void setOnTheReplica(String maxmemory) throws Exception {
        try (RedisCall replica = call(3, trio.redisPort(3), Purpose.ADMIN)) {
            assertThat(replica.call("CONFIG", "SET", "maxmemory", maxmemory)).isEqualTo("OK");
        }
    }

    private Request planned(String plan) {
        return new Request.Apply(document(CONFIG), null, false, false, plan);
    }

    /** What is left of a cluster whose data is archived, and whether a Redis reads it. */
    @Test
    @Execution(CONCURRENT)
    void evenAClusterInMemoryAloneLeavesAllThatItsMasterHad() throws Exception {
        OperationState made = bus.operation(apply(Map.of("appendonly", "no", "save", ""), null, true));
        assertThat(made.status()).as(made.reason()).isEqualTo(Status.SUCCEEDED);
        try (RedisCall master = call(1, trio.redisPort(1), Purpose.APPLICATION)) {
            assertThat(master.call("SET", "k", "v")).isEqualTo("OK");
        }
        String uid = bus.cluster().orElseThrow().uid().value();
        Outcome.Result looked = bus.order(new Request.ShowRemoval(false, true));
        assertThat(((Outcome.Answered) looked).body())
                .contains("r1/redis-server/save", "r1/redis-server/archive", "archive." + uid + " stays");
        assertThat(trio.process(MASTER)).isPresent();

        OperationState removal = bus.operation(new Request.DeleteArchived("orders"));
        assertThat(removal.status()).as(removal.reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(trio.directory(MASTER)).doesNotExist();
        assertThat(trio.directory(REPLICA)).doesNotExist();

        Path shelf = trio.host(1).home().resolve("orders/archive." + uid);
        Path archive = only(shelf);
        assertThat(removal.steps())
                .filteredOn(step -> step.id().equals("r1/redis-server/archive"))
                .extracting(StepState::detail)
                .singleElement()
                .asString()
                .contains("archive=" + archive, "bytes=" + Files.size(archive), "sha256=");
        for (int other : List.of(2, 3)) {
            assertThat(trio.host(other).home().resolve("orders/archive." + uid)).doesNotExist();
        }
        assertThat(read(archive)).isEqualTo("v");
    }

    private static Path only(Path shelf) throws Exception {
        try (Stream<Path> files = Files.list(shelf)) {
            List<Path> archives =
                    files.filter(file -> file.toString().endsWith(".tar.gz")).toList();
            assertThat(archives).hasSize(1);
            assertThat(Path.of(archives.getFirst() + ".sha256")).exists();
            return archives.getFirst();
        }
    }

    /** The key, as a Redis has it that is started on the files of the archive. */
    private String read(Path archive) throws Exception {
        Path restored = Files.createDirectories(home.resolve("restored"));
        Process tar = new ProcessBuilder("tar", "-xzf", "" + archive, "-C", "" + restored).start();
        assertThat(tar.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(tar.exitValue()).isZero();
        try (RedisNode redis = RedisNode.start("dir " + restored.resolve("data"))) {
            return redis.say("GET", "k");
        }
    }
}
