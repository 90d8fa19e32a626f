package io.redfleet.gateway.board;

import static io.redfleet.gateway.board.Hosts.FORMER;
import static io.redfleet.gateway.board.Hosts.INODE;
import static io.redfleet.gateway.board.Hosts.NOW;
import static io.redfleet.gateway.board.Hosts.ORDERS;
import static io.redfleet.gateway.board.Hosts.RULES;
import static io.redfleet.gateway.board.Hosts.SPACE;
import static io.redfleet.gateway.board.Hosts.WELL;
import static io.redfleet.gateway.board.Hosts.board;
import static io.redfleet.gateway.board.Hosts.disk;
import static io.redfleet.gateway.board.Hosts.facts;
import static io.redfleet.gateway.board.Hosts.health;
import static io.redfleet.gateway.board.Hosts.services;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.health.CheckHealth;
import io.redfleet.contracts.health.CheckHealth.RuleHealth;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.operation.HostFacts;
import io.redfleet.gateway.Clusters;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a check of a host is said to stand. */
class HostLineTest {
    /** What is known of r1's disk beside a fresh health, and fresh facts of a host that can be reached. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "SPACE, INODE | -              | OK                     | No rule has failed",
                "INODE        | SPACE PASSED   | OK                     | No rule has failed",
                "INODE        | SPACE PENDING  | OK                     | Not failed often enough yet: space > 80%",
                "INODE        | SPACE FAILED   | Resource limit matched | Failed: space > 80%",
                "-            | SPACE FAILED   | Resource limit matched | Failed: space > 80%",
                "-            | SPACE FAILED, INODE FAILED | Resource limit matched | Failed: space > 80%, inode > 90%",
                "SPACE        | -              | Initializing           | Not judged yet: inode > 90%",
                "-            | SPACE PASSED   | Initializing           | Not judged yet: inode > 90%",
                "-            | -              | Initializing           | Not judged yet: space > 80%, inode > 90%",
            })
    void statusIsMonitsWord(@Nullable String unfailed, @Nullable String rules, String word, String reason) {
        List<String> never = words(unfailed).map(HostLineTest::rule).toList();
        Map<String, RuleHealth> before = words(rules)
                .map(each -> each.split(" ", -1))
                .collect(Collectors.toMap(each -> rule(each[0]), each -> health(each[1])));
        HostLine line = disk(board(Map.of("r1 disk", new CheckHealth(0, 0, before, never))));
        assertThat(line.status()).isEqualTo(word);
        assertThat(line.reason()).isEqualTo(reason);
        assertThat(line.since()).isEqualTo(word.startsWith("Resource") ? Clusters.NOON : null);
    }

    /** Nothing that may not be so any more is called well; what had failed is failed until its end is told. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "fresh            |  89 | OK           | No rule has failed",
                "fresh            | 120 | OK           | No rule has failed",
                "fresh            | 121 | Waiting      | The monitor has written nothing since 2026-11-22T12:00:00Z",
                "bus away         |  90 | Waiting      | Kafka cannot be reached: this is the last that was known",
                "unreachable      |  90 | Waiting      | Not reachable since 2026-11-22T12:00:00Z: no route",
                "unheard          |  90 | Waiting      | Nothing has been heard of r1",
                "silent           |  90 | Waiting      | r1 has said nothing since 2026-11-22T11:55:00Z",
                "no health        |  90 | Initializing | Not observed yet",
                "former's health  |  90 | Initializing | Not observed yet",
                "not judged       |  90 | Initializing | 'Not judged yet: space > 80%, inode > 90%'",
                "before           |  90 | Initializing | 'Not judged yet: space > 80%, inode > 90%'",
            })
    void whatMayBeOldIsNeverWell(String what, int seconds, String word, String reason) {
        Instant now = Clusters.NOON.plusSeconds(seconds);
        HostLine line = disk(scene(what, WELL), now);
        assertThat(line.status()).isEqualTo(word);
        assertThat(line.reason()).isEqualTo(reason);
        assertThat(line.collectedAt() == null).isEqualTo(what.equals("unreachable") || what.equals("unheard"));

        CheckHealth failed = new CheckHealth(0, 0, Map.of(SPACE, health("FAILED")), List.of(INODE));
        HostLine full = disk(scene(what, failed), now);
        boolean known = !word.equals("Initializing");
        assertThat(full.status()).isEqualTo(known ? "Resource limit matched" : "Initializing");
        if (word.equals("Waiting")) {
            assertThat(full.reason()).isEqualTo("Failed: space > 80%. " + reason);
        }
    }

    /** The monitor has judged the rules of the spec before: of the new ones nothing is known. */
    @Test
    void aRuleThatTheMonitorHasNotHeardOfYetIsNotWell() {
        ClusterState next = Clusters.ruled("orders", RULES.replace("space > 80%", "space > 70%"));
        Board board = board(
                Map.of(next.name(), next),
                board(Map.of("r1 disk", WELL)).health(),
                List.of(facts("r1", true, Clusters.NOON)));
        assertThat(disk(board).status()).isEqualTo("Initializing");
        assertThat(disk(board).reason()).isEqualTo("Not judged yet: space > 70%");
    }

    @Test
    void everyCheckIsALineOfEveryHost() {
        assertThat(services(board(Map.of())).hosts())
                .extracting(HostLine::service)
                .containsExactly(
                        "orders/r1/disk",
                        "orders/r1/machine",
                        "orders/r2/disk",
                        "orders/r2/machine",
                        "orders/r3/disk",
                        "orders/r3/machine");
        HostLine machine = services(board(Map.of())).hosts().get(1);
        assertThat(machine.kind()).isEqualTo(HostLine.Kind.SYSTEM);
        assertThat(machine.groups()).containsExactly("hosts");
    }

    @Test
    void whoDoesNotSeeTheClusterSeesNoLineOfItsHosts() {
        Services services = Services.of(
                board(Map.of()), new Rules(), cluster -> cluster.name().value().equals("plain"), NOW);
        assertThat(services.nothing()).isTrue();
    }

    private static Stream<String> words(@Nullable String list) {
        return list == null ? Stream.of() : Stream.of(list.split(", ", -1));
    }

    private static String rule(String name) {
        return name.equals("SPACE") ? SPACE : INODE;
    }

    private static Board scene(String what, CheckHealth disk) {
        ClusterHealth health = health(ORDERS, Map.of("r1 disk", disk));
        List<HostFacts> fresh = List.of(facts("r1", true, Clusters.NOON));
        return switch (what) {
            case "bus away" -> board(ORDERS, health, fresh, true);
            case "unreachable" -> board(ORDERS, health, List.of(facts("r1", false, Clusters.NOON)), false);
            case "unheard" -> board(ORDERS, health, List.of(facts("r2", true, Clusters.NOON)), false);
            case "silent" ->
                board(ORDERS, health, List.of(facts("r1", true, Clusters.NOON.minus(Duration.ofMinutes(5)))), false);
            case "no health" -> board(Map.of(ORDERS.name(), ORDERS), Map.of(), fresh);
            case "former's health" -> board(ORDERS, health(FORMER, health.hosts()), fresh, false);
            case "not judged" -> board(ORDERS, health(ORDERS, Map.of()), fresh, false);
            case "before" ->
                board(ORDERS, health(ORDERS, Map.of("r1 disk", new CheckHealth(0, 0, Map.of()))), fresh, false);
            default -> board(ORDERS, health, fresh, false);
        };
    }
}
