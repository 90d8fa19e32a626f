package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.provisioner.lease.Claim;
import io.redfleet.provisioner.lease.Holder;
import io.redfleet.provisioner.lease.HostLease;
import io.redfleet.provisioner.lease.HostLeases;
import io.redfleet.provisioner.lease.LeaseState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A lease that another has: who waits for it, and for how long. */
class LeaseTurnTest {
    private static final String BILLING = "cluster=billing uid=u9 operation=op-7 kind=provision";

    private final ClusterState cluster = Scripted.cluster();

    /** A look takes 250 ms. The grace is 2 s, all the patience 10 s. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # waits | who has it                                           | looks | what comes of it
            true    | cluster=billing uid=u9 operation=op-7 kind=provision | 30    | granted
            true    | cluster=billing uid=u9 operation=op-7 kind=provision | 1000  | no lease on r1 within 10 s
            false   | cluster=billing uid=u9 operation=op-7 kind=provision | 1000  | refused the lease on r1
            false   | cluster=billing uid=u9 operation=op-7 kind=provision | 9     | refused the lease on r1
            # just over, and about to give it back
            false   | cluster=billing uid=u9 operation=op-7 kind=provision | 7     | granted
            # a former one of this cluster
            false   | cluster=orders uid=OWN operation=op-1 kind=provision | 30    | granted
            # what the monitor has asked for elsewhere sends no person away
            false   | cluster=billing uid=u9 operation=op-7 kind=remedy-exec | 30  | granted
            false   | cluster=billing uid=u9 operation=op-7 kind=remedy | 1000     | no lease on r1 within 10 s
            # of another cluster that had this name
            false   | cluster=orders uid=u8 operation=op-1 kind=provision  | 1000  | refused the lease on r1
            # a script of the former one still runs; a lock by hand; a line that was cut short
            false   | ''                                                   | 30    | granted
            false   | somebody                                             | 30    | granted
            false   | cluster=billing uid=u9 opera                         | 30    | granted
            """)
    void whoWaitsAndForHowLong(boolean waits, String holder, int looks, String outcome) {
        String line = holder.replace("OWN", cluster.uid().value());
        HostSpec first = cluster.spec().hosts().getFirst();
        assertThat(said(taken(waits, List.of(first), () -> new Slow(line, looks, true))))
                .startsWith(outcome);
    }

    @Test
    void whatAHostHasSaidOnceIsNotSaidAgainByBeingHeardAgain() {
        List<HostSpec> first = List.of(cluster.spec().hosts().getFirst());
        assertThat(said(taken(false, first, () -> new Slow(BILLING, 20, false))))
                .isEqualTo("granted");
    }

    /** One that ends gives them all back: each host has its own moment for that. */
    @Test
    void eachHostIsGivenTheGraceForItself() {
        List<HostSpec> two = cluster.spec().hosts().subList(0, 2);
        assertThat(said(taken(false, two, () -> new Slow(BILLING, 7, true)))).isEqualTo("granted");
    }

    /** Whoever reads it may not cover the cluster that has the host. */
    @Test
    void theRefusalNamesTheClusterAndTheKindButNobodyOfIts() {
        List<HostSpec> first = List.of(cluster.spec().hosts().getFirst());
        Claim claim = taken(false, first, () -> new Slow(BILLING + " actor=bob", 1000, true));
        assertThat(claim).isInstanceOfSatisfying(Claim.Refused.class, refused -> {
            assertThat(refused.elsewhere()).isTrue();
            assertThat(refused.reason())
                    .contains("cluster billing, operation op-7 (provision)", "whoever covers that cluster")
                    .doesNotContain("bob", "operations show");
        });
        Claim late = taken(true, first, () -> new Slow(BILLING, 1000, true));
        assertThat(late)
                .isInstanceOfSatisfying(
                        Claim.Refused.class,
                        refused -> assertThat(refused.elsewhere()).isFalse());
    }

    private Claim taken(boolean waits, List<HostSpec> on, Supplier<HostLease> lease) {
        HostLeases busy = (access, request) -> lease.get();
        Leases leases = new Leases(busy, "p", () -> "lease", ScriptedWork.CLOCK, Duration.ofSeconds(10));
        Journal journal = new Journal(new RecordingLedger(), ScriptedWork.CLOCK, Scripted.accepted(cluster), waits);
        return leases.take(leases.ask(cluster.spec(), on, journal, () -> false));
    }

    private static String said(Claim claim) {
        return claim instanceof Claim.Refused refused ? refused.reason() : "granted";
    }

    /** Given after so many looks. */
    private static final class Slow implements HostLease {
        private final String holder;
        private final boolean anew;
        private final LeaseState.Busy first;
        private int left;

        /** @param anew whether the host says so for each look, else it has said so once */
        Slow(String holder, int left, boolean anew) {
            this.holder = holder;
            this.left = left;
            this.anew = anew;
            this.first = new LeaseState.Busy(Holder.shown(holder), holder);
        }

        @Override
        public LeaseState state() {
            if (left <= 0) {
                return new LeaseState.Held();
            }
            return anew ? new LeaseState.Busy(Holder.shown(holder), holder) : first;
        }

        @Override
        public LeaseState await(Duration most) {
            LeaseState now = state();
            left--;
            return now;
        }

        @Override
        public long uptimeAt(Instant wall) {
            return 0;
        }

        @Override
        public void close() {}
    }
}
