package io.redfleet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.redfleet.bus.BusSettings;
import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.codec.EventRecord;
import io.redfleet.bus.codec.Unreadable;
import io.redfleet.bus.replay.Follower;
import io.redfleet.bus.replay.Start;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.Installation;
import io.redfleet.testkit.ThreeHosts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two gateways die at random moments while a client sends orders, each under a key of its own, and sends one again at the
 * other gateway when it gets no answer. {@code -Dseed=N} plays a run again, {@code -Dkills=N} makes it shorter.
 */
@Tag("long")
@Timeout(2_400)
class GatewayStormTest {
    private static final Duration ANSWER_WITHIN = Duration.ofMinutes(2);
    private static final List<String> GATEWAYS = List.of("gateway", "gateway-1");

    @TempDir
    Path directory = Path.of("");

    private final long seed = Long.getLong("seed", 20_261_126L);
    private final int kills = Integer.getInteger("kills", 50);
    private final List<BusRecord> bus = new CopyOnWriteArrayList<>();
    private final Map<Integer, Integer> statuses = new TreeMap<>();
    private int sent;

    /** What the client was told of the order under this key, without what may differ between two tellings. */
    private record Told(String path, int status, String word) {}

    @Test
    void eachOrderHasOneOutcomeAndNoneIsCarriedOutTwice() throws Exception {
        Path home = Files.createDirectory(directory.resolve("home"));
        try (Installation redfleet = Installation.up(home, 2);
                ThreeHosts hosts = new ThreeHosts(directory, home)) {
            List<Api> gateways = List.of(
                    new Api(redfleet.gateway(), redfleet.adminToken()),
                    new Api(redfleet.gateway(1), redfleet.adminToken()));
            Api first = gateways.getFirst();
            String provision = first.post("/clusters", "application/yaml", hosts.spec("orders"))
                    .body()
                    .path("operation")
                    .asText();
            Await.until(
                    "the cluster is provisioned",
                    ANSWER_WITHIN,
                    () -> Look.status(first, provision).equals("SUCCEEDED"));
            Await.until(
                    "the cluster is healthy",
                    ANSWER_WITHIN,
                    () -> Look.diagnosis(first).equals("HEALTHY"));
            BusSettings settings = BusSettings.of(redfleet.bootstrap(), "storm", redfleet.login("admin"));
            try (Follower follower = Follower.of(
                    settings,
                    List.of(Topic.COMMANDS, Topic.OUTCOMES, Topic.OPERATIONS, Topic.EVENTS),
                    new Start.Beginning(),
                    bus::add)) {
                follower.caughtUp().toCompletableFuture().join();
                long startsBefore = starts(hosts, 2);
                CompletableFuture<Void> storm = CompletableFuture.runAsync(() -> storm(redfleet));
                Map<String, Told> told = orders(gateways, storm);
                storm.join();
                told.forEach((key, was) ->
                        gateways.forEach(gateway -> assertThat(place(List.of(gateway), 0, was.path(), key))
                                .as("%s asked once more", key)
                                .isEqualTo(was)));
                judge(told, starts(hosts, 2) - startsBefore);
            }
        }
    }

    private void storm(Installation redfleet) {
        Random chance = new Random(seed);
        for (int killed = 0; killed < kills; killed++) {
            pause(Duration.ofMillis(chance.nextInt(2_500)));
            redfleet.process(GATEWAYS.get(chance.nextInt(2))).destroyForcibly();
            // Sometimes there is no gateway at all for a while.
            if (killed + 1 < kills && chance.nextInt(6) == 0) {
                killed++;
                GATEWAYS.forEach(gateway -> redfleet.process(gateway).destroyForcibly());
            }
            redfleet.raise();
        }
    }

    /** One after another, until the storm is over: restarts of a replica, and words to the monitor in between. */
    private Map<String, Told> orders(List<Api> gateways, CompletableFuture<Void> storm) {
        Random chance = new Random(seed + 1);
        Map<String, Told> told = new LinkedHashMap<>();
        boolean watched = true;
        while (!storm.isDone()) {
            String key = "storm-" + told.size();
            boolean restart = chance.nextInt(3) > 0;
            watched ^= !restart;
            String path = "/clusters/orders/instances/"
                    + (restart ? "r3/redis-server/restart" : "r2/redis-server/" + (watched ? "monitor" : "unmonitor"));
            Told answer = place(gateways, chance.nextInt(2), path, key);
            told.put(key, answer);
            if (restart && answer.status() == 202) {
                Await.until(
                        "the end of " + answer.word(),
                        ANSWER_WITHIN,
                        () -> operation(answer.word())
                                .filter(state -> state.status().done())
                                .isPresent());
            }
        }
        return told;
    }

    /** Under the same key, at each gateway in turn, until one knows what came of it. */
    private Told place(List<Api> gateways, int turn, String path, String key) {
        int[] attempt = {turn};
        return Await.value("an outcome of " + key, ANSWER_WITHIN, () -> {
            sent++;
            try {
                Api gateway = gateways.get(attempt[0]++ % gateways.size());
                Api.Answer answer = gateway.post(path, "application/json", "{}", key);
                statuses.merge(answer.status(), 1, Integer::sum);
                return told(path, answer);
            } catch (UncheckedIOException noAnswer) {
                statuses.merge(0, 1, Integer::sum);
                return Optional.empty();
            }
        });
    }

    private static Optional<Told> told(String path, Api.Answer answer) {
        JsonNode body = answer.body();
        return switch (answer.status()) {
            case 200 -> Optional.of(new Told(path, 200, "done"));
            case 202 ->
                body.path("operation").asText("").isEmpty()
                        ? Optional.empty()
                        : Optional.of(new Told(path, 202, body.path("operation").asText()));
            case 409 -> Optional.of(new Told(path, 409, body.path("title").asText()));
            // None of its own: too many requests, or the bus cannot be reached.
            case 429, 503 -> Optional.empty();
            default -> throw new AssertionError(path + " was answered with " + answer);
        };
    }

    private void judge(Map<String, Told> told, long starts) {
        Map<String, Set<String>> outcomes = new LinkedHashMap<>();
        records(Topic.OUTCOMES, Outcome.class)
                .forEach(outcome -> outcomes.computeIfAbsent(outcome.command().value(), key -> new HashSet<>())
                        .add(outcome.result().toString()));
        assertThat(outcomes)
                .allSatisfy((command, results) -> assertThat(results).hasSize(1));

        List<Order> orders = records(Topic.COMMANDS, Order.class).toList();
        Set<String> commands = new HashSet<>();
        orders.forEach(order -> commands.add(order.id().value()));
        assertThat(outcomes.keySet()).as("what was ordered was answered").containsExactlyInAnyOrderElementsOf(commands);

        Map<String, OperationState> restarts = new LinkedHashMap<>();
        records(Topic.OPERATIONS, OperationState.class)
                .filter(state -> state.kind().equals("restart"))
                .forEach(state -> restarts.put(state.id().value(), state));
        long accepted =
                told.values().stream().filter(one -> one.status() == 202).count();
        long words = told.values().stream().filter(one -> one.status() == 200).count();
        long changes = changes();
        System.out.printf(
                "seed %d: %d gateways killed; %d orders in, %d requests (by status %s, 0 is no answer), %d records of"
                        + " orders, out %d restarts accepted, %d operations, %d starts of the replica, %d words to the"
                        + " monitor, %d changes by them; carried out twice 0, lost 0; what did not succeed: %s%n",
                seed,
                kills,
                told.size(),
                sent,
                statuses,
                orders.size(),
                accepted,
                restarts.size(),
                starts,
                words,
                changes,
                whyNot(restarts.values()));
        assertThat(restarts).hasSize((int) accepted);
        long succeeded = restarts.values().stream()
                .filter(state -> state.status() == OperationState.Status.SUCCEEDED)
                .count();
        assertThat(starts).as("starts of the replica").isEqualTo(succeeded);
        assertThat(changes).as("words that changed something").isEqualTo(words);
    }

    /** How often for which reason, whatever numbers stand in it. */
    private static Map<String, Long> whyNot(Collection<OperationState> restarts) {
        return restarts.stream()
                .filter(state -> state.status() != OperationState.Status.SUCCEEDED)
                .collect(Collectors.groupingBy(
                        state -> state.status() + ": " + state.reason().replaceAll("\\d+", "N"),
                        Collectors.counting()));
    }

    /** Each word to the monitor turns over what the one before has said, so each tells one event. */
    private long changes() {
        return bus.stream()
                .filter(record -> record.topic() == Topic.EVENTS)
                .map(GatewayStormTest::event)
                .filter(event -> event.type().contains(".monitoring."))
                .filter(event -> event.subject().endsWith("r2/redis-server"))
                .map(EventRecord::id)
                .distinct()
                .count();
    }

    private Optional<OperationState> operation(String id) {
        return records(Topic.OPERATIONS, OperationState.class)
                .filter(state -> state.id().value().equals(id))
                .reduce((older, newer) -> newer);
    }

    private <T> Stream<T> records(Topic topic, Class<T> type) {
        return bus.stream()
                .filter(record -> record.topic() == topic && !record.isTombstone())
                .map(record -> {
                    try {
                        return record.as(type);
                    } catch (Unreadable e) {
                        throw new AssertionError(record.toString(), e);
                    }
                });
    }

    private static EventRecord event(BusRecord record) {
        try {
            return record.event();
        } catch (Unreadable e) {
            throw new AssertionError(record.toString(), e);
        }
    }

    /** How often redis-server has been started on a host, by its own log. */
    private static long starts(ThreeHosts hosts, int host) throws IOException {
        List<Path> logs = new ArrayList<>();
        try (Stream<Path> files = Files.walk(hosts.all().get(host).home())) {
            files.filter(file -> Objects.toString(file.getFileName()).equals("redis.log"))
                    .forEach(logs::add);
        }
        long starts = 0;
        for (Path log : logs) {
            starts += Files.readAllLines(log).stream()
                    .filter(line -> line.contains("Running mode=standalone"))
                    .count();
        }
        return starts;
    }

    private static void pause(Duration pause) {
        long end = System.nanoTime() + pause.toNanos();
        Await.until("the pause is over", pause.plusSeconds(10), () -> System.nanoTime() >= end);
    }
}
