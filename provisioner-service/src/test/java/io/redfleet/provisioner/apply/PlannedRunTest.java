package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.provisioner.desired.SpecReader;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.plan.PlanId;
import io.redfleet.provisioner.secret.PlainLocksmith;
import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.provisioner.survey.Hosts;
import io.redfleet.provisioner.survey.RemoteFile;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Surveyor;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A plan that was seen is carried out, or nothing is. */
class PlannedRunTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);
    private static final String R2 = "/base/r2/orders/redis-server";
    private static final String R3 = "/base/r3/orders/redis-server";

    private final ScriptedHosts hosts = new ScriptedHosts();
    private final ClusterState cluster = revision(1, "16");
    private int ids;

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

        Ending ending = run(new Moving(), seen);

        assertThat(ending.status()).isEqualTo(Status.FAILED);
        assertThat(ending.reason()).contains("plan " + seen, "plan " + id(cluster));
        assertThat(hosts.changes()).isEqualTo(before);
        assertThat(hosts.holders()).isEmpty();
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
        Plan plan = provisioning(new Saying(found)).plan(cluster);
        assertThat(plan.steps()).isEmpty();
        assertThat(plan.obstacles())
                .containsExactly(new Plan.Obstacle(
                        "r2",
                        "/base/r2",
                        "directory /srv/shared above it has mode 777: one that everybody may write must be sticky, or anybody there"
                                + " can put another directory in its place; chmod o-w /srv/shared"));
        assertThat(provisioning(new Saying("above=1777 /tmp\nabove=775 /home\n"))
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
        Journal journal = new Journal(ledger, CLOCK, Scripted.accepted(cluster));
        return provisioning(reached).carryOut(cluster, wanted, journal, () -> false);
    }

    private Provisioning provisioning(Hosts reached) {
        Surveyor surveyor = new Surveyor(reached, Runnable::run, CLOCK, PlainLocksmith.accounts());
        Leases leases = new Leases(hosts, "provisioner-0", () -> "lease-" + ++ids, CLOCK, Duration.ofMinutes(5));
        return new Provisioning(surveyor, new PlanRun(new Hands(reached), Runnable::run, CLOCK), leases);
    }

    private static ClusterState revision(long revision, String databases) {
        return new ClusterState(
                ClusterState.SCHEMA, new ClusterUid("u"), revision, Phase.ACCEPTED, "", Instant.EPOCH, spec(databases));
    }

    private static ClusterSpec spec(String databases) {
        List<Map<String, String>> three = IntStream.rangeClosed(1, 3)
                .mapToObj(i -> Map.of("name", "r" + i, "address", "10.0.0.1" + i))
                .toList();
        Map<String, Object> redis = Map.of("config", Map.of("databases", databases));
        SpecReader.Reading reading = SpecReader.read(
                Map.of("metadata", Map.of("name", "orders"), "spec", Map.of("hosts", three, "redis", redis)));
        return ((SpecReader.Good) reading).spec();
    }

    /** As the others, but for what the survey of r2 says beside. */
    private final class Saying implements Hosts {
        private final String beside;

        Saying(String beside) {
            this.beside = beside;
        }

        @Override
        public Reply run(HostAccess access, Script script) {
            Reply reply = hosts.run(access, script);
            return script.name().equals("survey") && access.host().equals("r2") && reply instanceof Reply.Done done
                    ? new Reply.Done(done.exit(), beside + done.out(), done.err())
                    : reply;
        }

        @Override
        public Reply put(HostAccess access, RemoteFile file) {
            return hosts.put(access, file);
        }

        @Override
        public String fingerprint(HostAccess access) {
            return hosts.fingerprint(access);
        }
    }

    /** A second replica dies once the first look is over. */
    private final class Moving implements Hosts {
        private int surveys;

        @Override
        public Reply run(HostAccess access, Script script) {
            if (script.name().equals("survey") && ++surveys == 4) {
                hosts.kill(R2);
            }
            return hosts.run(access, script);
        }

        @Override
        public Reply put(HostAccess access, RemoteFile file) {
            return hosts.put(access, file);
        }

        @Override
        public String fingerprint(HostAccess access) {
            return hosts.fingerprint(access);
        }
    }
}
