package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** An owner that stands still at any point of its work, and one that takes over meanwhile. */
class FencingTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);

    private final ClusterState cluster = Scripted.cluster();
    private int ids;

    @Test
    void whereverAnOwnerStandsStillItDoesNothingMoreOnceAnotherHasTakenOver() {
        int stops = 0;
        while (true) {
            ScriptedHosts hosts = new ScriptedHosts();
            int[] after = new int[1];
            int[] left = {stops};
            Hosts stalling = new Stalling(hosts, script -> {
                if (left[0]-- == 0) {
                    hosts.lapse();
                    assertThat(run(hosts, hosts, new RecordingLedger()).status())
                            .isEqualTo(Status.SUCCEEDED);
                    after[0] = hosts.changes().size();
                }
            });
            Ending zombie = run(stalling, hosts, new RecordingLedger());
            if (left[0] >= 0) {
                break;
            }
            assertThat(hosts.changes()).as("stop at call %d", stops).hasSize(after[0]);
            assertThat(zombie.reason())
                    .as("stop at call %d", stops)
                    .satisfiesAnyOf(
                            said -> assertThat(said).contains("lapsed"),
                            said -> assertThat(said).contains("fenced off"),
                            said -> assertThat(said).contains("as the spec wants it"),
                            // Half of its look was from before the stop.
                            said -> assertThat(said).contains("preflight"),
                            said -> assertThat(said).contains("nothing to change"));
            assertThat(hosts.harm()).as("stop at call %d", stops).isEmpty();
            assertThat(hosts.starts()).isEqualTo(6);
            stops++;
        }
        System.out.printf("an owner stopped at each of %d calls; changes made after its succession 0%n", stops);
        assertThat(stops).isGreaterThan(30);
    }

    @Test
    void afterThePartitionIsLostNothingIsSentToAHost() {
        int losses = 0;
        while (true) {
            ScriptedHosts hosts = new ScriptedHosts();
            RecordingLedger ledger = new RecordingLedger();
            int[] left = {losses};
            List<String> sent = new ArrayList<>();
            Hosts losing = new Stalling(hosts, script -> {
                if (left[0] < 0) {
                    sent.add(script);
                }
                if (left[0]-- == 0) {
                    ledger.lose();
                }
            });
            try {
                run(losing, hosts, ledger);
                assertThat(left[0])
                        .as("carried on after the loss at call %d", losses)
                        .isNotNegative();
                break;
            } catch (Ledger.Lost lost) {
                // A survey that has begun asks all hosts at once, and then who may enter, or whom they reach.
                assertThat(sent).as("lost at call %d", losses).hasSizeLessThanOrEqualTo(5);
                assertThat(sent).allMatch(Set.of("survey", "access", "ways", "verify", "canary")::contains);
                assertThat(hosts.holders()).isEmpty();
            }
            losses++;
        }
        System.out.printf("a partition lost at each of %d calls; calls that change a host afterwards 0%n", losses);
        assertThat(losses).isGreaterThan(30);
    }

    @Test
    void aLeaseThatIsHeldElsewhereIsWaitedForWithWordsAndThenTheHolderIsNamed() {
        ScriptedHosts hosts = new ScriptedHosts();
        RecordingLedger ledger = new RecordingLedger();
        Scripted.holdElsewhere(hosts, cluster.spec().hosts().get(1), "billing", "op-7");
        Ending ending = run(hosts, hosts, ledger);
        assertThat(ending.status()).isEqualTo(Status.FAILED);
        assertThat(ending.reason()).contains("r2").contains("cluster billing").contains("op-7");
        assertThat(ledger.all(OperationState.class))
                .extracting(OperationState::reason)
                .contains("waits for the lease on r2: it is held by cluster billing, operation op-7 (provision) of"
                        + " provisioner-9 since 1970-01-01T00:00:00Z");
        assertThat(hosts.changes()).isEmpty();
        // What had been taken before is given back.
        assertThat(hosts.holders()).containsExactly("op-7");
    }

    @Test
    void aCancelGetsThroughWhileALeaseIsWaitedFor() {
        ScriptedHosts hosts = new ScriptedHosts();
        RecordingLedger ledger = new RecordingLedger();
        Scripted.holdElsewhere(hosts, cluster.spec().hosts().getFirst(), "billing", "op-7");
        Journal journal = new Journal(ledger, CLOCK, Scripted.accepted(cluster));
        int[] asked = {0};
        Ending ending = provisioning(hosts, hosts).carryOut(cluster, journal, () -> asked[0]++ == 3);
        assertThat(ending.status()).isEqualTo(Status.CANCELLED);
        assertThat(hosts.changes()).isEmpty();
    }

    @Test
    void aLostLedgerEndsTheWaitForALease() {
        ScriptedHosts hosts = new ScriptedHosts();
        RecordingLedger ledger = new RecordingLedger();
        ledger.lose();
        assertThatThrownBy(() -> run(hosts, hosts, ledger)).isInstanceOf(Ledger.Lost.class);
        assertThat(hosts.changes()).isEmpty();
        assertThat(hosts.holders()).isEmpty();
    }

    private Ending run(Hosts reached, ScriptedHosts hosts, RecordingLedger ledger) {
        Journal journal = new Journal(ledger, CLOCK, Scripted.accepted(cluster));
        Ending ending = provisioning(reached, hosts).carryOut(cluster, journal, () -> false);
        journal.finish(ending.status(), ending.reason());
        return ending;
    }

    private Provisioning provisioning(Hosts reached, ScriptedHosts hosts) {
        Surveyor surveyor = new Surveyor(reached, Runnable::run, CLOCK, PlainLocksmith.accounts());
        Leases leases = new Leases(hosts, "provisioner-0", () -> "lease-" + ++ids, CLOCK, Duration.ofSeconds(10));
        return new Provisioning(surveyor, new PlanRun(new Hands(reached), Runnable::run, CLOCK), leases);
    }

    /** Something happens right before each call reaches a host. */
    private record Stalling(Hosts hosts, Consumer<String> before) implements Hosts {
        @Override
        public Reply run(HostAccess access, Script script) {
            before.accept(script.name());
            return hosts.run(access, script);
        }

        /** What goes in one session is on its way at once. */
        @Override
        public List<Reply> runAll(HostAccess access, List<Script> scripts) {
            before.accept(scripts.getFirst().name());
            return hosts.runAll(access, scripts);
        }

        @Override
        public Reply put(HostAccess access, RemoteFile file) {
            before.accept("put");
            return hosts.put(access, file);
        }

        @Override
        public String fingerprint(HostAccess access) {
            return hosts.fingerprint(access);
        }
    }
}
