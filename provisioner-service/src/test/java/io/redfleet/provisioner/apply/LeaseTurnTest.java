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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A lease that another has: who waits for it, and for how long. */
class LeaseTurnTest {
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
            # of another cluster that had this name
            false   | cluster=orders uid=u8 operation=op-1 kind=provision  | 1000  | refused the lease on r1
            # a script of the former one still runs; a lock by hand; a line that was cut short
            false   | ''                                                   | 30    | granted
            false   | somebody                                             | 30    | granted
            false   | cluster=billing uid=u9 opera                         | 30    | granted
            """)
    void whoWaitsAndForHowLong(boolean waits, String holder, int looks, String outcome) {
        String line = holder.replace("OWN", cluster.uid().value());
        HostLeases busy = (access, request) -> new Slow(line, looks);
        Leases leases = new Leases(busy, "p", () -> "lease", ScriptedWork.CLOCK, Duration.ofSeconds(10));
        Journal journal = new Journal(new RecordingLedger(), ScriptedWork.CLOCK, Scripted.accepted(cluster), waits);
        HostSpec first = cluster.spec().hosts().getFirst();
        Claim claim = leases.take(leases.ask(cluster.spec(), List.of(first), journal, () -> false));
        String came = claim instanceof Claim.Refused refused ? refused.reason() : "granted";
        assertThat(came).startsWith(outcome);
    }

    /** Given after so many looks. */
    private static final class Slow implements HostLease {
        private final String holder;
        private int left;

        Slow(String holder, int left) {
            this.holder = holder;
            this.left = left;
        }

        @Override
        public LeaseState state() {
            return left > 0 ? new LeaseState.Busy(Holder.shown(holder), holder) : new LeaseState.Held();
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
