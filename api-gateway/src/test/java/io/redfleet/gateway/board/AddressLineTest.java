package io.redfleet.gateway.board;

import static io.redfleet.gateway.board.Hosts.board;
import static io.redfleet.gateway.board.Hosts.facts;
import static io.redfleet.gateway.board.Hosts.health;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.redfleet.bus.codec.Codec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.health.CheckHealth;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.health.Liveness;
import io.redfleet.contracts.operation.HostFacts;
import io.redfleet.gateway.Clusters;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a check of an address is said to stand: by what the monitor's probes say, and not by the host's own word. */
class AddressLineTest {
    private static final String RULES = """
            check host cache with address r2
              group ports
              if failed port 6379 protocol redis then alert
              if failed port 26379 then alert
            check system machine
              if memory > 80% then alert
            """;
    private static final ClusterState ORDERS = Clusters.ruled("orders", RULES);
    private static final String NODE = "failed port 6379 protocol redis";
    private static final String SENTINEL = "failed port 26379";
    private static final CheckHealth WELL = new CheckHealth(0, 0, Map.of(), List.of(NODE, SENTINEL));
    private static final CheckHealth FAILED = new CheckHealth(0, 0, Map.of(NODE, health("FAILED")), List.of(SENTINEL));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "fresh       |  89 | OK           | No rule has failed",
                "fresh       | 121 | Waiting      | The monitor has written nothing since 2026-11-22T12:00:00Z",
                "bus away    |  90 | Waiting      | Kafka cannot be reached: this is the last that was known",
                "unheard     |  90 | Waiting      | Nothing has been heard of r2/redis-server",
                "no facts    |  90 | OK           | No rule has failed",
                "unreachable |  90 | OK           | No rule has failed",
                "no health   |  90 | Initializing | Not observed yet",
                "not judged  |  90 | Initializing | Not judged yet: failed port 26379",
            })
    void whatMayBeOldIsNeverWell(String what, int seconds, String word, String reason) {
        Instant now = Clusters.NOON.plusSeconds(seconds);
        HostLine line = cache(scene(what, WELL), now);
        assertThat(line.status()).isEqualTo(word);
        assertThat(line.reason()).isEqualTo(reason);
        assertThat(line.since()).isNull();
        assertThat(line.collectedAt()).isEqualTo(what.equals("no health") ? null : Clusters.NOON);

        HostLine failed = cache(scene(what, FAILED), now);
        boolean judged = !word.equals("Initializing");
        assertThat(failed.status()).isEqualTo(judged ? "Connection failed" : word);
        if (judged) {
            String doubt = word.equals("OK") ? "" : ". " + reason;
            assertThat(failed.reason()).isEqualTo("Failed: " + NODE + doubt);
            assertThat(failed.since()).isEqualTo(Clusters.NOON);
        }
    }

    /** A port that none of its rules is about may be as silent as it likes. */
    @Test
    void onlyWhoListensAtAPortOfItsRulesIsWaitedFor() {
        ClusterState cluster =
                Clusters.ruled("orders", "check host cache with address r9\n  if failed port 6379 then alert\n");
        assertThat(Services.of(of(cluster, Liveness.UP, WELL), new Rules(), any -> true, Clusters.NOON)
                        .hosts())
                .as("no host has that address")
                .isEmpty();
        Rules.OfHosts check = new Rules()
                .ofHosts(Clusters.ruled("orders", "check host c with address r2\n  if failed port 26379 then alert\n")
                        .spec())
                .getFirst();
        assertThat(check.probed(cluster.spec())).extracting(id -> id.value()).containsExactly("r2/redis-sentinel");
    }

    @ParameterizedTest
    @ValueSource(strings = {"r2", "127.0.0.12"})
    void itIsALineOfTheHostThatHasTheAddress(String address) {
        ClusterState cluster = Clusters.ruled("orders", RULES.replace("address r2", "address " + address));
        Services services = Services.of(of(cluster, Liveness.UP, WELL), new Rules(), any -> true, Clusters.NOON);
        assertThat(services.hosts())
                .extracting(HostLine::service)
                .containsExactly("orders/r1/machine", "orders/r2/cache", "orders/r2/machine", "orders/r3/machine");
        assertThat(services.hosts().get(1).groups()).containsExactly("ports");
        assertThat(services.hosts().get(1).status()).isEqualTo("OK");
    }

    @Test
    void monitsLayoutsNameItARemoteHost() {
        Services r2 = Services.of(scene("fresh", FAILED), new Rules(), any -> true, Hosts.NOW)
                .only(
                        line -> line.id().value().equals("r2/redis-server"),
                        line -> line.host().value().equals("r2"));
        String row = " %-32s %-27s %-13s";
        assertThat(MonitText.summary(r2, Duration.ofMinutes(3)).lines())
                .containsExactly(
                        "Redfleet uptime: 3m",
                        row.formatted("Service Name", "Status", "Type"),
                        row.formatted("orders/r2/machine", "Initializing", "System"),
                        row.formatted("orders/r2/redis-server", "OK", "Process"),
                        row.formatted("orders/r2/cache", "Connection failed", "Remote Host"),
                        "");
        assertThat(MonitText.status(r2, Duration.ZERO)).contains("""

                Remote Host 'orders/r2/cache'
                  status                       Connection failed
                  monitoring status            Monitored
                  monitoring mode              passive
                  on reboot                    start
                  host                         r2
                  since                        Sun, 22 Nov 2026 12:00:00
                  reason                       Failed: failed port 6379 protocol redis
                  data collected               Sun, 22 Nov 2026 12:00:00
                """);
        assertThat(Report.of(r2)).isEqualTo(new Report(1, 1, 1, 0, 3));
        JsonNode json = Codec.mapper().valueToTree(r2);
        assertThat(json.at("/hosts/0/kind").asText()).isEqualTo("HOST");
    }

    private static HostLine cache(Board board, Instant now) {
        return Services.of(board, new Rules(), any -> true, now).hosts().stream()
                .filter(line -> line.kind() == HostLine.Kind.HOST)
                .findFirst()
                .orElseThrow();
    }

    private static Board of(ClusterState cluster, Liveness liveness, CheckHealth cache) {
        ClusterHealth health = Clusters.health(cluster, liveness, Clusters.NOON, Map.of("r2 cache", cache));
        return board(cluster, health, List.of(), false);
    }

    private static Board scene(String what, CheckHealth cache) {
        ClusterHealth health = health(ORDERS, Map.of("r2 cache", cache));
        List<HostFacts> facts = List.of(facts("r2", !what.equals("unreachable"), Clusters.NOON));
        return switch (what) {
            case "bus away" -> board(ORDERS, health, facts, true);
            case "unheard" -> of(ORDERS, Liveness.UNKNOWN, cache);
            case "no facts" -> board(ORDERS, health, List.of(), false);
            case "no health" -> board(Map.of(ORDERS.name(), ORDERS), Map.of(), facts);
            case "not judged" -> {
                CheckHealth half = new CheckHealth(0, 0, Map.of(), List.of(NODE));
                yield board(ORDERS, health(ORDERS, Map.of("r2 cache", half)), facts, false);
            }
            default -> board(ORDERS, health, facts, false);
        };
    }
}
