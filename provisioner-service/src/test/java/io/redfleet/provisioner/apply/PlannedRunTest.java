package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.plan.PlanId;
import io.redfleet.provisioner.survey.Hosts;
import io.redfleet.provisioner.survey.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A plan that was seen is carried out, or nothing is. */
class PlannedRunTest {
    private static final String R2 = "/base/r2/orders/redis-server";
    private static final String R3 = "/base/r3/orders/redis-server";

    private final ScriptedHosts hosts = new ScriptedHosts();
    private final ClusterState cluster = revision(1, "16");
    private final ScriptedWork work = new ScriptedWork();

    @Test
    void twoLooksAtTheSameWorldAreOnePlanAndAnotherWorldIsAnother() {
        String first = id(cluster);
        assertThat(id(cluster)).isEqualTo(first);
        assertThat(run(hosts, first).status()).isEqualTo(Status.SUCCEEDED);
        String settled = id(cluster);
        assertThat(settled).isNotEqualTo(first).isEqualTo(id(cluster));
        hosts.kill(R3);
        String one = id(cluster);
        hosts.kill(R2);
        assertThat(List.of(settled, one, id(cluster))).doesNotHaveDuplicates();
    }

    @Test
    void whatFollowsFromAPlanThatWasSeenNeedsNoOtherWord() {
        String seen = id(cluster);
        RecordingLedger ledger = new RecordingLedger();
        Ending ending = run(hosts, seen, ledger);
        assertThat(ending.status()).as(ending.reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(id(cluster)).as("what is left is another plan").isNotEqualTo(seen);
        assertThat(hosts.starts()).isEqualTo(6);
    }

    @Test
    void anotherPlanTouchesNothingAndBothAreNamed() {
        Ending ending = run(hosts, "0123456789abcdef");
        assertThat(ending.status()).isEqualTo(Status.FAILED);
        assertThat(ending.reason()).contains("plan 0123456789abcdef", "plan " + id(cluster), "plan again");
        assertThat(hosts.changes()).isEmpty();
        assertThat(hosts.holders()).isEmpty();
    }

    @Test
    void aWorldThatMovesBetweenTheFirstLookAndTheLeaseTouchesNothing() {
        assertThat(run(hosts, "").status()).isEqualTo(Status.SUCCEEDED);
        hosts.kill(R3);
        String seen = id(cluster);
        List<String> before = hosts.changes();

        Ending ending = run(moving(), seen);

        assertThat(ending.status()).isEqualTo(Status.FAILED);
        assertThat(ending.reason()).contains("plan " + seen, "plan " + id(cluster));
        assertThat(hosts.changes()).isEqualTo(before);
        assertThat(hosts.holders()).isEmpty();
    }

    @Test
    void aHostThatCannotBePreparedKeepsConfigurationsOffTheOthers() {
        InitGround ground = new InitGround("systemd");
        List<String> ran = new ArrayList<>();
        Hosts refusing = new HostsSaying(ground.hosts, (access, script) -> {
            ran.add(access.host() + " " + script.name());
            return access.host().equals("r1") && script.name().equals("prepare")
                    ? new Reply.Done(1, "", "no room")
                    : ground.hosts.run(access, script);
        });
        Ending ending = ground.run(refusing);
        assertThat(ending.status()).isEqualTo(Status.FAILED);
        assertThat(ending.reason()).contains("no room");
        assertThat(ran)
                .contains("r2 mark", "r3 mark")
                .doesNotContain("r1 mark", "r1 new", "r2 new", "r3 new", "r2 unit-guard", "r2 unit");
        assertThat(ground.hosts.configuration(R2)).isEmpty();
        assertThat(ground.run(ground.hosts).status()).isEqualTo(Status.SUCCEEDED);
    }

    @Test
    void whatRedisReadsAtItsStartOnlyIsRefusedWithTheReason() {
        assertThat(run(hosts, "").status()).isEqualTo(Status.SUCCEEDED);
        assertThat(provisioning(hosts).plan(cluster).refused()).isEmpty();
        Plan plan = provisioning(hosts).plan(revision(1, "32"));
        assertThat(plan.steps()).isEmpty();
        assertThat(plan.refused()).hasSize(3).first().satisfies(refused -> {
            assertThat(refused.subject()).isEqualTo("r1/redis-server");
            assertThat(refused.diff()).containsExactly("- databases 16", "+ databases 32");
            assertThat(refused.reason()).contains("at its start only");
        });
        assertThat(plan.shown().toString()).contains("+ databases 32");
    }

    @Test
    void aDirectoryThatAnybodyCanSwapIsAnObstacleAndAStickyOneIsNone() {
        String found = "above=755 /srv\nabove=777 /srv/shared\nabove=777 /srv/shared\nabove=1777 /tmp\n";
        Plan plan = provisioning(saying(found)).plan(cluster);
        assertThat(plan.steps()).isEmpty();
        assertThat(plan.obstacles())
                .containsExactly(new Plan.Obstacle(
                        "r2",
                        "/base/r2",
                        "directory /srv/shared above it has mode 777: one that everybody may write must be sticky, or anybody there"
                                + " can put another directory in its place; chmod o-w /srv/shared"));
        assertThat(provisioning(saying("above=1777 /tmp\nabove=775 /home\n"))
                        .plan(cluster)
                        .obstacles())
                .isEmpty();
    }

    private String id(ClusterState of) {
        return PlanId.of(of, provisioning(hosts).plan(of));
    }

    private Ending run(Hosts reached, String wanted) {
        return run(reached, wanted, new RecordingLedger());
    }

    private Ending run(Hosts reached, String wanted, RecordingLedger ledger) {
        Journal journal = ScriptedWork.journal(cluster, ledger);
        return provisioning(reached).carryOut(cluster, wanted, journal, () -> false);
    }

    private Provisioning provisioning(Hosts reached) {
        return work.provisioning(reached, hosts);
    }

    private static ClusterState revision(long revision, String databases) {
        return Scripted.cluster(revision, Map.of("redis", Map.of("config", Map.of("databases", databases))));
    }

    /** As the others, but for what the survey of r2 says beside. */
    private Hosts saying(String beside) {
        return new HostsSaying(hosts, (access, script) -> {
            Reply reply = hosts.run(access, script);
            return script.name().equals("survey") && access.host().equals("r2") && reply instanceof Reply.Done done
                    ? new Reply.Done(done.exit(), beside + done.out(), done.err())
                    : reply;
        });
    }

    /** A second replica dies once the first look is over. */
    private Hosts moving() {
        AtomicInteger surveys = new AtomicInteger();
        return new HostsSaying(hosts, (access, script) -> {
            if (script.name().equals("survey") && surveys.incrementAndGet() == 4) {
                hosts.kill(R2);
            }
            return hosts.run(access, script);
        });
    }
}
