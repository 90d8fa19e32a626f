package io.redfleet.provisioner.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.provisioner.survey.ClusterSurvey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sentinels of one id: who is not taken in, and who is left and said. */
class NamesakesTest {
    private static final String A = "a".repeat(40);
    private static final String B = "b".repeat(40);
    private static final String C = "c".repeat(40);

    private final ClusterState cluster = Plans.cluster(3, Map.of());
    /** By host, what survey.sh says of its Sentinel. */
    private final Map<String, String> says = new HashMap<>();

    @BeforeEach
    void threeThatStand() {
        stands("r1", A);
        stands("r2", B);
        stands("r3", C);
    }

    @Test
    void whoHasAnIdOfItsOwnIsLeftAlone() {
        assertThat(Namesakes.obstacles(cluster, survey())).isEmpty();
        assertThat(Namesakes.refused(cluster, survey())).isEmpty();
        List.of("r1", "r2", "r3").forEach(host -> says.put(host, ""));
        assertThat(Namesakes.refused(cluster, survey()))
                .as("none has any yet, or all are of before")
                .isEmpty();
    }

    @Test
    void ofThoseThatStandBothAreSaidAndNothingIsInTheWay() {
        stands("r3", A);
        assertThat(Namesakes.obstacles(cluster, survey())).isEmpty();
        assertThat(Namesakes.refused(cluster, survey()))
                .satisfiesExactly(
                        first -> {
                            assertThat(first.host()).isEqualTo("r1");
                            assertThat(first.subject()).isEqualTo("r1/redis-sentinel");
                            assertThat(first.reason())
                                    .startsWith(
                                            "has the Sentinel id aaaaaaaaaaaa..., and so has r3/redis-sentinel: its file was copied")
                                    .contains(
                                            "Stop the one that has the copy (here it is /base/orders/redis-sentinel/sentinel.conf), take"
                                                    + " the line 'sentinel myid' out of its file while it does not run",
                                            "and start it");
                        },
                        third -> assertThat(third.reason()).contains("and so has r1/redis-sentinel"));
    }

    @Test
    void oneThatIsNewIsInTheWayAndThatItCopiedIsNotSaidTwice() {
        says.put("r3", "i.redis-sentinel.conf=yes\ni.redis-sentinel.joined=yes\ni.redis-sentinel.myid=" + A + "\n");
        assertThat(Namesakes.obstacles(cluster, survey())).singleElement().satisfies(obstacle -> {
            assertThat(obstacle.host()).isEqualTo("r3");
            assertThat(obstacle.subject()).isEqualTo("redis-sentinel");
            assertThat(obstacle.reason()).contains("and so has r1/redis-sentinel");
        });
        assertThat(Namesakes.refused(cluster, survey())).isEmpty();
        assertThat(Planner.plan(cluster, survey()).obstacles())
                .extracting(Plan.Obstacle::toString)
                .anyMatch(said -> said.startsWith("r3: redis-sentinel: has the Sentinel id aaaaaaaaaaaa..."));
    }

    @Test
    void anotherClustersSentinelOnAnyOfTheHostsCounts() {
        says.merge("r2", "beside.id=" + C + " u2 carts/r2/redis-sentinel\n", String::concat);
        assertThat(Namesakes.refused(cluster, survey())).singleElement().satisfies(refused -> {
            assertThat(refused.subject()).isEqualTo("r3/redis-sentinel");
            assertThat(refused.reason()).contains("and so has u2 carts/r2/redis-sentinel");
        });
    }

    /** What it answers is what the others hear; its file may be written anew at any time. */
    @Test
    void whatItAnswersCountsAndNotItsFile() {
        says.merge("r3", "i.redis-sentinel.liveid=" + A + "\n", String::concat);
        assertThat(Namesakes.refused(cluster, survey())).hasSize(2);
        stands("r3", A);
        says.merge("r3", "i.redis-sentinel.liveid=" + C + "\n", String::concat);
        assertThat(Namesakes.refused(cluster, survey())).isEmpty();
        stands("r3", A);
        says.merge("r3", "i.redis-sentinel.liveid=NOPERM this user has no permissions\n", String::concat);
        assertThat(Namesakes.refused(cluster, survey()))
                .as("no id is no answer")
                .hasSize(2);
    }

    private void stands(String host, String id) {
        says.put(host, "i.redis-sentinel.owner=u1 orders/" + host + """
                        /redis-sentinel
                        i.redis-sentinel.conf=yes
                        i.redis-sentinel.joined=yes
                        i.redis-sentinel.myid=""" + id + "\n");
    }

    private ClusterSurvey survey() {
        return SaidHosts.survey(cluster, (host, script) -> """
                        base=/base
                        boot=b
                        os=debian 12
                        binary=/usr/bin/redis-server
                        version=7.0.15
                        engine=redis
                        free=1099511627776
                        now=0
                        cli=/usr/bin/redis-cli
                        """ + says.get(host) + "end=yes\n");
    }
}
