package io.redfleet.provisioner.survey;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.Leaving;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is asked whom he reaches, before an instance is added. */
class WayTest {
    @Test
    void whereNothingIsAddedNobodyIsAsked() {
        ClusterState cluster = WaysGround.cluster("r1", "r2", "r3");
        assertThat(Way.all(cluster, WaysGround.survey(cluster))).isEmpty();
    }

    @Test
    void oneThatWasConfiguredIsNotAddedWhetherItRunsOrNot() {
        ClusterState cluster = WaysGround.cluster("r1", "r2", "r3");
        ClusterSurvey dead = WaysGround.but(
                WaysGround.survey(cluster), host(cluster, "r2"), WaysGround.seen(true, false), FirewallSurvey.NONE);
        assertThat(Way.all(cluster, dead)).isEmpty();
    }

    @Test
    void aNewClusterIsAllWaysOfThoseWhoJoin() {
        ClusterState cluster = WaysGround.cluster("r1", "r2", "r3");
        List<Way> ways = Way.all(cluster, WaysGround.survey(cluster, "r1", "r2", "r3"));
        assertThat(ways).hasSize(3 * 5).allMatch(Way::joins);
        assertThat(names(ways))
                .as("its own Sentinel asks a data node, and nobody asks himself")
                .contains("r1 > r1/redis-server")
                .doesNotContain("r1 > r1/redis-sentinel");
    }

    @Test
    void ofThoseThatStandOnlyTheWayToWhoJoinsIsOfTheOneThatJoins() {
        ClusterState cluster = WaysGround.cluster("r1", "r2", "r3", "r4");
        List<Way> ways = Way.all(cluster, WaysGround.survey(cluster, "r4"));
        assertThat(ways).hasSize(4 * 7);
        assertThat(ways)
                .filteredOn(Way::joins)
                .hasSize(7 + 3 * 2)
                .allMatch(way -> way.from().name().value().equals("r4")
                        || way.to().id().host().value().equals("r4"));
    }

    @Test
    void aDataNodeAsksNoSentinel() {
        ClusterState cluster = WaysGround.cluster("r1", "r2", "r3", "d4");
        List<String> ways = names(Way.all(cluster, WaysGround.survey(cluster, "d4")));
        assertThat(ways.stream().filter(way -> way.startsWith("d4 > ")))
                .containsExactly("d4 > r1/redis-server", "d4 > r2/redis-server", "d4 > r3/redis-server");
        assertThat(ways).contains("r1 > d4/redis-server");
    }

    @Test
    void whoLeavesIsReachedWhileItRunsAndAsksNobody() {
        ClusterState cluster = leaving(false);
        assertThat(names(Way.all(cluster, WaysGround.survey(cluster, "r4"))))
                .contains("r4 > r3/redis-server", "r4 > r3/redis-sentinel")
                .noneMatch(way -> way.startsWith("r3 > "));
        ClusterSurvey gone = WaysGround.but(
                WaysGround.survey(cluster, "r4"),
                host(leavingHosts(), "r3"),
                WaysGround.seen(true, false),
                FirewallSurvey.NONE);
        assertThat(names(Way.all(cluster, gone))).isNotEmpty().noneMatch(way -> way.contains("r3"));
    }

    @Test
    void whoIsLostIsNotReachedForAndAsksNobody() {
        ClusterState cluster = leaving(true);
        assertThat(names(Way.all(cluster, WaysGround.survey(cluster, "r4"))))
                .isNotEmpty()
                .noneMatch(way -> way.contains("r3"));
    }

    /** 3 s in a row, 2 s for each 64 that are left, and 5 s for the way there. */
    @ParameterizedTest(name = "{0} ways: {1} s")
    @CsvSource({"1, 10", "64, 10", "65, 12", "100, 12", "500, 24"})
    void aHostIsWaitedForAsLongAsItsWaysTakeAtMost(int ways, int seconds) {
        assertThat(WaysLook.limit(ways)).isEqualTo(Duration.ofSeconds(seconds));
    }

    /** r4 comes for r3. */
    private static ClusterState leaving(boolean lost) {
        return WaysGround.cluster("r1", "r2", "r4").leftBy(List.of(new Leaving(host(leavingHosts(), "r3"), lost)));
    }

    private static ClusterState leavingHosts() {
        return WaysGround.cluster("r1", "r2", "r3");
    }

    private static HostSpec host(ClusterState cluster, String name) {
        return cluster.spec().host(new HostName(name)).orElseThrow();
    }

    private static List<String> names(List<Way> ways) {
        return ways.stream()
                .map(way -> way.from().name() + " > " + way.to().id())
                .toList();
    }
}
