package io.redfleet.provisioner.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.provisioner.plan.Plan.Obstacle;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.FirewallSurvey;
import io.redfleet.provisioner.survey.Way;
import io.redfleet.provisioner.survey.WayAnswer;
import io.redfleet.provisioner.survey.WayAnswer.Kind;
import io.redfleet.provisioner.survey.WaysGround;
import io.redfleet.provisioner.survey.WaysHeard;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** r4 joins three hosts that stand, and one way is not open. */
class WaysPlanTest {
    private static final String R4_REDIS = "10.0.0.14:6379";
    private static final String R4_SENTINEL = "10.0.0.14:26379";

    private ClusterState cluster = WaysGround.cluster("r1", "r2", "r3", "r4");
    private ClusterSurvey survey = WaysGround.survey(cluster, "r4");
    private final Map<String, WayAnswer> shut = new HashMap<>();
    private final Map<HostName, WaysHeard> otherwise = new HashMap<>();

    @Test
    void whereAllIsOpenNothingIsSaid() {
        assertThat(obstacles()).isEmpty();
        assertThat(warnings()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            SILENT      | no answer within 1 s, twice: what swallows it, on r4 or before, has to let r1 (10.0.0.11) in
            UNREACHABLE | no route leads there, or a firewall says so: r1 (10.0.0.11) needs a route
            FORBIDDEN   | is not let out: what filters on r1 itself has to allow it
            FAILED      | cannot be connected to: too many open files
            """)
    void aWayToWhoJoinsThatIsShutIsInTheWay(Kind kind, String reason) {
        way("r1", R4_REDIS, kind);
        assertThat(obstacles()).singleElement().satisfies(obstacle -> {
            assertThat(obstacle.host()).isEqualTo("r1");
            assertThat(obstacle.subject()).isEqualTo("way to r4");
            assertThat(obstacle.reason())
                    .startsWith(R4_REDIS + " (redis-server): ")
                    .contains(reason);
        });
        assertThat(warnings()).isEmpty();
    }

    @Test
    void whereNobodyListensYetOneThatIsRefusedIsLetThrough() {
        way("r1", R4_REDIS, Kind.REFUSED);
        assertThat(obstacles()).isEmpty();
        assertThat(warnings()).isEmpty();
    }

    @Test
    void whereSomebodyListensOneThatIsRefusedIsNot() {
        way("r4", "10.0.0.11:6379", Kind.REFUSED);
        assertThat(obstacles())
                .containsExactly(new Obstacle(
                        "r4",
                        "way to r1",
                        "10.0.0.11:6379 (redis-server): is refused, and it listens there: what rejects it, on r1 or before, has to"
                                + " let r4 (10.0.0.14) in"));
        survey = WaysGround.but(survey, host("r1"), WaysGround.seen(true, false), FirewallSurvey.NONE);
        assertThat(obstacles()).as("it is down").isEmpty();
    }

    @Test
    void aTableOfOursLetsInWhoJoinsBeforeHeStarts() {
        way("r4", "10.0.0.11:6379", Kind.REFUSED);
        FirewallSurvey table = new FirewallSurvey(
                true, Map.of("/etc/redfleet/firewall-orders.nft", "u"), "", "", true, true, false, "", "d", "");
        survey = WaysGround.but(survey, host("r1"), WaysGround.seen(true, true), table);
        assertThat(obstacles()).isEmpty();
        way("r4", "10.0.0.11:6379", Kind.SILENT);
        assertThat(obstacles()).as("ours rejects, and swallows nothing").hasSize(1);
    }

    @Test
    void betweenThoseThatStandItIsWarnedOf() {
        way("r1", "10.0.0.12:26379", Kind.SILENT);
        assertThat(obstacles()).isEmpty();
        assertThat(warnings())
                .singleElement()
                .satisfies(warning -> assertThat(warning)
                        .startsWith(
                                "r1 does not reach r2, and both stand: 10.0.0.12:26379 (redis-sentinel): no answer"));
    }

    @Test
    void portsThatAreShutForOneReasonAreNamedTogether() {
        way("r1", R4_REDIS, Kind.SILENT);
        way("r1", R4_SENTINEL, Kind.SILENT);
        assertThat(obstacles())
                .singleElement()
                .satisfies(obstacle -> assertThat(obstacle.reason())
                        .startsWith(R4_REDIS + " (redis-server), " + R4_SENTINEL + " (redis-sentinel): no answer"));
        way("r1", R4_SENTINEL, Kind.FORBIDDEN);
        assertThat(obstacles())
                .singleElement()
                .satisfies(obstacle -> assertThat(obstacle.reason())
                        .contains(
                                "(redis-server): no answer", "; " + R4_SENTINEL + " (redis-sentinel): is not let out"));
    }

    @Test
    void twentyAreNamedAndTheOthersCounted() {
        String[] names = IntStream.rangeClosed(1, 9).mapToObj(i -> "r" + i).toArray(String[]::new);
        cluster = WaysGround.cluster(names);
        survey = WaysGround.survey(cluster, names);
        cluster.spec()
                .hosts()
                .forEach(host -> cluster.spec()
                        .members()
                        .forEach(member ->
                                way(host.name().value(), member.announce().toString(), Kind.SILENT)));
        assertThat(obstacles()).hasSize(21).last().satisfies(last -> {
            assertThat(last.host()).isEqualTo("orders");
            // Of 9 hosts each to each, itself included: its Sentinel asks its data node.
            assertThat(last.reason()).startsWith("61 more");
        });
    }

    @Test
    void fiveAreWarnedOfAndTheOthersCounted() {
        for (String from : List.of("r1", "r2", "r3")) {
            for (String to : List.of("10.0.0.11:6379", "10.0.0.12:6379", "10.0.0.13:6379")) {
                way(from, to, Kind.SILENT);
            }
        }
        assertThat(warnings()).hasSize(6).last().isEqualTo("4 more ways between hosts that stand do not lead there");
    }

    @Test
    void whoCouldNotBeAskedIsInTheWay() {
        otherwise.put(new HostName("r2"), new WaysHeard.Untold("r2 (ops@10.0.0.12:22): the connection was lost"));
        assertThat(obstacles())
                .containsExactly(new Obstacle(
                        "r2", "ways", "whom it reaches is not known: r2 (ops@10.0.0.12:22): the connection was lost"));
    }

    @Test
    void whoHasNothingToAskByIsWarnedOf() {
        otherwise.put(new HostName("r2"), new WaysHeard.Unable());
        otherwise.put(new HostName("r3"), new WaysHeard.Unable());
        assertThat(obstacles()).isEmpty();
        assertThat(warnings()).containsExactly("whom they reach was not asked of hosts that have no bash: r2, r3");
    }

    @Test
    void whereNobodyWasAskedNothingIsSaid() {
        assertThat(WaysPlan.and(List.of(), cluster, survey)).isEmpty();
        assertThat(WaysPlan.warnings(cluster, survey)).isEmpty();
    }

    @Test
    void whatIsInTheWayBesidesStandsFirst() {
        way("r1", R4_REDIS, Kind.SILENT);
        Obstacle other = new Obstacle("r4", "clock", "is off");
        assertThat(WaysPlan.and(List.of(other), cluster, heard())).hasSize(2).startsWith(other);
    }

    private List<Obstacle> obstacles() {
        return WaysPlan.and(List.of(), cluster, heard());
    }

    private List<String> warnings() {
        return WaysPlan.warnings(cluster, heard());
    }

    private void way(String from, String to, Kind kind) {
        shut.put(from + " " + to, new WayAnswer(kind, kind == Kind.FAILED ? "too many open files" : ""));
    }

    private ClusterSurvey heard() {
        Map<HostName, Map<Endpoint, WayAnswer>> answers = new HashMap<>();
        for (Way way : Way.all(cluster, survey)) {
            Endpoint to = way.to().announce();
            WayAnswer open = new WayAnswer(Kind.OPEN, "");
            answers.computeIfAbsent(way.from().name(), host -> new HashMap<>())
                    .put(to, shut.getOrDefault(way.from().name() + " " + to, open));
        }
        Map<HostName, WaysHeard> heard = new HashMap<>();
        answers.forEach((host, said) -> heard.put(host, new WaysHeard.Told(said)));
        heard.putAll(otherwise);
        return WaysGround.hearing(survey, heard);
    }

    private HostSpec host(String name) {
        return cluster.spec().host(new HostName(name)).orElseThrow();
    }
}
