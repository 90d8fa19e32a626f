package io.redfleet.provisioner.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.provisioner.desired.SpecReader;
import io.redfleet.provisioner.survey.ClusterSurvey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What data nodes may come to hold, beside what r1 says of its disks and its memory. */
class CapacityTest {
    private static final String STANDS = "i.redis-server.owner=u1 orders/r1/redis-server\ni.redis-server.conf=yes\n";
    private static final String MORE_STANDS = "i.redis-more.owner=u1 orders/r1/redis-more\ni.redis-more.conf=yes\n";

    private Map<String, Object> redis = Map.of("config", Map.of("maxmemory", "64mb"));
    private boolean two;
    private String says = "";
    /** What r2 says. */
    private String elsewhere = "";

    /** Free and held bytes and the mount point, whether the node stands, what is in its way, what it is warned of. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            134217728 0 /       | false | ''                                             | ''
            134217727 0 /srv    | false | r1: disk: the file system /srv has 127 MiB free | ''
            134217727 1 /srv    | false | ''                                             | ''
            100 134217728 /srv  | true  | ''                                             | ''
            0 134217727 /srv    | true  | ''                 | r1: disk: the file system /srv has 0 MiB free, and redis-server
            100 0               | false | ''                                             | ''
            x 0 /srv            | false | ''                                             | ''
            ''                  | false | ''                                             | ''
            """)
    void aDiskHasRoomForTwiceTheBoundBesideWhatIsThere(String room, boolean stands, String obstacle, String warning) {
        says = (stands ? STANDS : "") + (room.isEmpty() ? "" : "i.redis-server.room=" + room + "\n");
        found(obstacle, warning);
    }

    /** MemTotal, whether the node stands, what is in its way, what it is warned of. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1073741824 | false | ''                       | ''
            95869900   | false | ''                       | ''
            95869700   | false | ''                       | 64 MiB in all: more than 70 % of it
            67108864   | false | ''                       | 64 MiB in all: more than 70 % of it
            67108863   | false | 64 MiB in all: more than it has | ''
            67108863   | true  | ''                       | 64 MiB in all: more than it has
            0          | false | ''                       | ''
            """)
    void theBoundsOfAHostFitIntoItsMemoryWithRoomForAFork(
            long memory, boolean stands, String obstacle, String warning) {
        says = (stands ? STANDS : "") + "memory=" + memory + "\n";
        String head = "r1: memory: the host has " + memory / 1048576
                + " MiB, and spec.redis.config.maxmemory of redis-server is ";
        found(obstacle.isEmpty() ? "" : head + obstacle, warning.isEmpty() ? "" : head + warning);
    }

    @Test
    void whatOtherClustersHaveThereCountsAsFarAsItIsSeen() {
        says = """
                        memory=134217728
                        beside.memory="64mb" u2 carts/r1/redis-server
                        beside.memory=0 u3 free/r1/redis-server
                        beside.memory=lots u4 odd/r1/redis-server
                        """;
        found(
                "",
                "r1: memory: the host has 128 MiB, and spec.redis.config.maxmemory of redis-server, with 64 MiB of u2"
                        + " carts/r1/redis-server, is 128 MiB in all: more than 70 % of it");
        says = says.replace("memory=134217728", "memory=134217727");
        found("", "r1: memory: the host has 127 MiB");
    }

    /** Beside a neighbour or not: what is refused is what the new nodes alone exceed. */
    @Test
    void theNewNodesOwnBoundsAreWhatIsRefused() {
        two = true;
        says = "memory=134217727\n";
        found("r1: memory: the host has 127 MiB", "");
        says += "beside.memory=64mb u2 carts/r1/redis-server\n";
        found("r1: memory: the host has 127 MiB", "");
        says = "memory=134217728\nbeside.memory=64mb u2 carts/r1/redis-server\n";
        found("", "r1: memory: the host has 128 MiB");
    }

    /** What is asked of it, by appendonly and save, and what is in the way of a new node on a disk that is full. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            no  | ''     | ''
            no  | 3600 1 | r1: disk: the file system /srv has 0 MiB free
            yes | ''     | r1: disk: the file system /srv has 0 MiB free
            """)
    void whatKeepsNothingOnDiskNeedsNoRoomThere(String appendOnly, String save, String obstacle) {
        redis = Map.of("config", Map.of("maxmemory", "64mb", "appendonly", appendOnly, "save", save));
        says = "i.redis-server.room=100 0 /srv\n";
        found(obstacle, "");
    }

    /** One whose machine was made anew has no configuration either. */
    @Test
    void whatComesBackToAClusterThatStandsIsWarnedOf() {
        says = "memory=67108863\ni.redis-server.room=100 0 /srv\n";
        assertThat(Capacity.obstacles(cluster(), survey()))
                .extracting(Plan.Obstacle::subject)
                .containsExactly("disk", "memory");
        assertThat(Capacity.warnings(cluster(), survey())).isEmpty();
        elsewhere = STANDS.replace("/r1/", "/r2/");
        assertThat(Capacity.obstacles(cluster(), survey())).isEmpty();
        assertThat(Capacity.warnings(cluster(), survey()))
                .extracting(Plan.Obstacle::subject)
                .containsExactly("disk", "memory");
    }

    /** Bounds and sizes of any length are taken without a number that turns over. */
    @Test
    void whatIsLargerThanAnyHostIsRefusedAndNeverWraps() {
        redis = Map.of("config", Map.of("maxmemory", "999999999999999gb"));
        says = """
                        memory=134217728
                        beside.memory=999999999999999gb u2 carts/r1/redis-server
                        i.redis-server.room=999999999999999999 0 /
                        """;
        assertThat(Capacity.obstacles(cluster(), survey()))
                .extracting(Plan.Obstacle::subject)
                .containsExactly("memory");
    }

    @Test
    void ofANodeWithoutABoundNobodyKnowsAndOneThatRunsIsHeldToItsOwn() {
        redis = Map.of();
        says = "memory=1\ni.redis-server.room=0 0 /\n";
        found("", "");
        says += STANDS + "i.redis-server.config=maxmemory\ni.redis-server.config=1048576\n";
        assertThat(Capacity.obstacles(cluster(), survey())).isEmpty();
        assertThat(Capacity.warnings(cluster(), survey()))
                .extracting(Plan.Obstacle::toString)
                .satisfiesExactly(
                        disk -> assertThat(disk).contains("may need 2 MiB more: 2 x maxmemory,"),
                        memory -> assertThat(memory).contains("and maxmemory of redis-server is 1 MiB in all"));
    }

    /** Each alone would fit. */
    @Test
    void theNodesOfOneFileSystemShareIt() {
        two = true;
        says = "i.redis-server.room=200000000 0 /srv\ni.redis-more.room=200000000 0 /srv\n";
        found(
                "r1: disk: the file system /srv has 190 MiB free, and redis-server, redis-more may need 256 MiB more",
                "");
        says += STANDS;
        found(
                "",
                "r1: disk: the file system /srv has 190 MiB free, and redis-server, redis-more may need 256 MiB more");
        says += MORE_STANDS;
        found(
                "",
                "r1: disk: the file system /srv has 190 MiB free, and redis-server, redis-more may need 256 MiB more");
        says = says.replace("redis-more.room=200000000 0 /srv", "redis-more.room=200000000 0 /more");
        found("", "");
    }

    /** A warning is shown beside the steps, in nobody's way and without an effect on the plan's id. */
    @Test
    void aWarningIsShownBesideThePlan() {
        says = "memory=67108864\n";
        Plan plan = Planner.plan(cluster(), survey());
        assertThat(plan.obstacles()).isEmpty();
        assertThat(plan.steps()).isNotEmpty();
        assertThat(plan.warnings()).singleElement().asString().startsWith("r1: memory: the host has 64 MiB");
        assertThat(plan.shown().get("warnings")).isEqualTo(plan.warnings());
        String id = PlanId.of(cluster(), plan);
        says = "";
        Plan quiet = Planner.plan(cluster(), survey());
        assertThat(quiet.warnings()).isEmpty();
        assertThat(PlanId.of(cluster(), quiet)).isEqualTo(id);
    }

    @Test
    void anObstacleLeavesNoStep() {
        says = "memory=67108863\n";
        Plan plan = Planner.plan(cluster(), survey());
        assertThat(plan.steps()).isEmpty();
        assertThat(plan.obstacles()).extracting(Plan.Obstacle::subject).containsExactly("memory");
    }

    private void found(String obstacle, String warning) {
        said(Capacity.obstacles(cluster(), survey()), obstacle);
        said(Capacity.warnings(cluster(), survey()), warning);
    }

    private static void said(List<Plan.Obstacle> found, String words) {
        if (words.isEmpty()) {
            assertThat(found).isEmpty();
        } else {
            assertThat(found)
                    .singleElement()
                    .satisfies(one -> assertThat(one.toString()).startsWith(words));
        }
    }

    private ClusterSurvey survey() {
        return SaidHosts.survey(cluster(), (host, script) -> {
            assertThat(script).isEqualTo("survey");
            return """
                        base=/base
                        boot=b
                        os=debian 12
                        binary=/usr/bin/redis-server
                        version=7.0.15
                        engine=redis
                        free=1099511627776
                        now=0
                        cli=/usr/bin/redis-cli
                        """ + Map.of("r1", says, "r2", elsewhere).getOrDefault(host, "") + "end=yes\n";
        });
    }

    private ClusterState cluster() {
        Map<String, Object> first = two
                ? Map.of(
                        "name", "r1",
                        "address", "10.0.0.11",
                        "instances",
                                List.of(
                                        Map.of("role", "redis"),
                                        Map.of("role", "redis", "name", "redis-more", "port", 6380),
                                        Map.of("role", "sentinel")))
                : Map.of("name", "r1", "address", "10.0.0.11");
        Map<String, Object> second = Map.of("name", "r2", "address", "10.0.0.12");
        Map<String, Object> third = Map.of("name", "r3", "address", "10.0.0.13");
        Map<String, Object> spec = Map.of("redis", redis, "hosts", List.of(first, second, third));
        SpecReader.Reading reading = SpecReader.read(Map.of("metadata", Map.of("name", "orders"), "spec", spec));
        if (reading instanceof SpecReader.Good good) {
            return new ClusterState(
                    ClusterState.SCHEMA, new ClusterUid("u1"), 1, Phase.ACCEPTED, "", Instant.EPOCH, good.spec());
        }
        throw new IllegalStateException("not a good spec: " + reading);
    }
}
