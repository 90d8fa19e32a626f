package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.Leaving;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.provisioner.desired.SpecReader;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Trouble;
import io.redfleet.provisioner.survey.WaysGround;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An apply that adds instances, on hosts of which not all reach each other. */
class WaysRunTest {
    private static final ClusterState THREE = WaysGround.cluster("r1", "r2", "r3");
    private static final ClusterState FOUR = WaysGround.cluster("r1", "r2", "r3", "r4");

    private final ScriptedHosts hosts = new ScriptedHosts();
    private final ScriptedWork work = new ScriptedWork();
    /** What was asked of whom it reaches, by host. */
    private final Map<String, List<String>> asked = new TreeMap<>();
    /** What hosts say to it instead of what is so. */
    private final Map<String, Reply> instead = new TreeMap<>();
    /** Who gives no answer at all. */
    private final List<String> away = new ArrayList<>();

    private final HostsSaying reached = new HostsSaying(hosts, this::reply);

    @Test
    void aNewClusterIsNotBegunWhereAWayIsShutAndIsOnceItIsOpen() {
        hosts.way("r1 10.0.0.13 6379", "silent");
        assertThat(plan(THREE).steps()).isEmpty();
        Ending refused = run(THREE);
        assertThat(refused.status()).isEqualTo(Status.FAILED);
        assertThat(refused.reason())
                .startsWith("preflight: r1: way to r3: 10.0.0.13:6379 (redis-server): no answer within 1 s, twice");
        assertThat(hosts.changes()).isEmpty();
        assertThat(hosts.starts()).isZero();
        assertThat(hosts.holders()).isEmpty();

        hosts.way("r1 10.0.0.13 6379", "refused");
        assertThat(run(THREE).status()).isEqualTo(Status.SUCCEEDED);
        assertThat(hosts.harm()).isEmpty();
    }

    @Test
    void eachHostIsAskedForAllItsWaysByOneScript() {
        List<String> all = IntStream.rangeClosed(11, 13)
                .boxed()
                .flatMap(last -> List.of("10.0.0." + last + " 6379", "10.0.0." + last + " 26379").stream())
                .toList();
        plan(THREE);
        assertThat(asked).containsOnlyKeys("r1", "r2", "r3");
        List<String> r2 = new ArrayList<>(all);
        r2.remove("10.0.0.12 26379");
        assertThat(asked.get("r2")).as("all, but for its own Sentinel").isEqualTo(r2);
    }

    @Test
    void aClusterThatStandsIsAskedNothingAndIsNotStoppedByAWayThatIsShut() {
        assertThat(run(THREE).status()).isEqualTo(Status.SUCCEEDED);
        asked.clear();
        hosts.way("r1 10.0.0.12 6379", "silent");
        assertThat(run(THREE).reason()).isEqualTo("nothing to change");
        assertThat(asked).isEmpty();
    }

    @Test
    void whoJoinsIsNotMadeWhereAWayToHimOrFromHimIsShut() {
        assertThat(run(THREE).status()).isEqualTo(Status.SUCCEEDED);
        List<String> before = hosts.changes();
        hosts.way("r4 10.0.0.11 6379", "refused");
        assertThat(run(FOUR).reason())
                .startsWith(
                        "preflight: r4: way to r1: 10.0.0.11:6379 (redis-server): is refused, and it listens there");
        hosts.way("r4 10.0.0.11 6379", "open");
        hosts.way("r2 10.0.0.14 26379", "unreachable");
        assertThat(run(FOUR).reason())
                .startsWith("preflight: r2: way to r4: 10.0.0.14:26379 (redis-sentinel): no route leads there");
        assertThat(hosts.changes()).isEqualTo(before);
    }

    @Test
    void whatIsShutBetweenThoseThatStandIsWarnedOfAndStopsNobodyFromJoining() {
        assertThat(run(THREE).status()).isEqualTo(Status.SUCCEEDED);
        hosts.way("r1 10.0.0.12 6379", "silent");
        Plan plan = plan(FOUR);
        assertThat(plan.obstacles()).isEmpty();
        assertThat(plan.warnings())
                .anyMatch(warning -> warning.startsWith("r1 does not reach r2, and both stand: 10.0.0.12:6379"));
        assertThat(run(FOUR).status()).isEqualTo(Status.SUCCEEDED);
    }

    @Test
    void aMemberThatIsDownIsNoReason() {
        assertThat(run(THREE).status()).isEqualTo(Status.SUCCEEDED);
        hosts.kill("/base/r3/orders/redis-sentinel");
        for (String host : List.of("r1", "r2", "r4")) {
            hosts.way(host + " 10.0.0.13 26379", "refused");
        }
        assertThat(plan(FOUR).obstacles())
                .extracting(Plan.Obstacle::subject)
                .noneMatch(subject -> subject.startsWith("way"));
        assertThat(asked).containsKey("r4");
    }

    @Test
    void whereAHostThatCountsIsSilentNobodyIsAsked() {
        away.add("r2");
        Plan plan = plan(THREE);
        assertThat(plan.obstacles())
                .extracting(Plan.Obstacle::toString)
                .anyMatch(obstacle -> obstacle.startsWith("r2: survey"));
        assertThat(asked).isEmpty();
    }

    @Test
    void aHostThatIsLostIsAskedNothingAndReachedForByNobody() {
        assertThat(run(THREE).status()).isEqualTo(Status.SUCCEEDED);
        asked.clear();
        ClusterState replaced = WaysGround.cluster("r1", "r2", "r4")
                .leftBy(List.of(
                        new Leaving(THREE.spec().host(new HostName("r3")).orElseThrow(), true)));
        hosts.kill("/base/r3/orders/redis-server");
        hosts.kill("/base/r3/orders/redis-sentinel");
        away.add("r3");
        assertThat(plan(replaced).obstacles()).isEmpty();
        assertThat(asked).containsOnlyKeys("r1", "r2", "r4");
        assertThat(asked.values()).allSatisfy(ways -> assertThat(ways).noneMatch(way -> way.startsWith("10.0.0.13 ")));
    }

    @Test
    void itIsAskedForWhereAMemberSaysThatItIs() {
        List<Map<String, Object>> described = IntStream.rangeClosed(1, 3)
                .mapToObj(i -> Map.<String, Object>of(
                        "name",
                        "r" + i,
                        "address",
                        "10.0.0.1" + i,
                        "instances",
                        List.of(
                                Map.of("announce", Map.of("ip", "10.9.0.1" + i, "port", 7000)),
                                Map.of("role", "sentinel"))))
                .toList();
        SpecReader.Reading reading = SpecReader.read(
                Map.of("metadata", Map.of("name", "orders"), "spec", Map.of("hosts", described, "redis", Map.of())));
        plan(new ClusterState(
                ClusterState.SCHEMA,
                new ClusterUid("u"),
                1,
                Phase.ACCEPTED,
                "",
                Instant.EPOCH,
                ((SpecReader.Good) reading).spec()));
        assertThat(asked.get("r1"))
                .contains("10.9.0.12 7000", "10.0.0.12 26379")
                .doesNotContain("10.0.0.12 6379");
    }

    /** What r2 says, and what is said of it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            way=10.0.0.11 6379 open/               | ways: whom it reaches is not known: the look at it was cut short: no fork
            ''                                     | ways: whom it reaches is not known: the look at it was cut short: no fork
            ways.end=yes/                          | way to r1: 10.0.0.11:6379 (redis-server)
            """)
    void aLookThatWasCutShortIsInTheWay(String says, String reason) {
        instead.put("r2", new Reply.Done(2, says.replace("/", "\n"), "no fork\n"));
        assertThat(plan(THREE).obstacles())
                .extracting(Plan.Obstacle::toString)
                .anyMatch(obstacle -> obstacle.startsWith("r2: " + reason));
    }

    @Test
    void aConnectionThatIsLostIsInTheWay() {
        instead.put("r2", new Reply.Failed(Trouble.DROPPED, "r2: the connection was lost"));
        assertThat(plan(THREE).obstacles())
                .containsExactly(
                        new Plan.Obstacle("r2", "ways", "whom it reaches is not known: r2: the connection was lost"));
    }

    @Test
    void aHostWithoutBashIsWarnedOfAndStopsNothing() {
        instead.put("r2", new Reply.Done(0, "ways.tool=none\nways.end=yes\n", ""));
        Plan plan = plan(THREE);
        assertThat(plan.obstacles()).isEmpty();
        assertThat(plan.warnings()).contains("whom they reach was not asked of hosts that have no bash: r2");
        assertThat(run(THREE).status()).isEqualTo(Status.SUCCEEDED);
    }

    private Reply reply(HostAccess access, Script script) {
        if (away.contains(access.host())) {
            return new Reply.Failed(Trouble.UNREACHABLE, access + ": no route to host");
        }
        if (script.name().equals("ways")) {
            asked.put(access.host(), endpoints(script));
            if (instead.containsKey(access.host())) {
                return Objects.requireNonNull(instead.get(access.host()));
            }
        }
        return hosts.run(access, script);
    }

    private static List<String> endpoints(Script script) {
        List<String> words = script.arguments();
        List<String> endpoints = new ArrayList<>();
        for (int i = 2; i < words.size(); i += 2) {
            endpoints.add(words.get(i) + " " + words.get(i + 1));
        }
        return endpoints;
    }

    private Plan plan(ClusterState cluster) {
        return provisioning().plan(cluster);
    }

    private Ending run(ClusterState cluster) {
        return provisioning().carryOut(cluster, ScriptedWork.journal(cluster), () -> false);
    }

    private Provisioning provisioning() {
        return work.provisioning(reached, hosts);
    }
}
