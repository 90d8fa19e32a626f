package io.redfleet.provisioner.edge.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.provisioner.lease.Holder;
import io.redfleet.provisioner.lease.HostLeases;
import io.redfleet.provisioner.lease.LeaseState;
import io.redfleet.provisioner.survey.HostAccess;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What a host may answer to a heartbeat. */
class SshLeaseTest {
    private final SshLease lease = new SshLease(
            new HostAccess("r1", "10.0.0.1", 22, "ops", "ops", ""),
            new HostLeases.Request(
                    "redfleet",
                    "lease-1",
                    new Holder("orders", "u1", "op1", "provision", "provisioner-0", Instant.EPOCH, "alice"),
                    () -> false));

    @Test
    void aHeartbeatThatWasSentIsConfirmed() {
        lease.answered("held " + System.nanoTime() + " 123456");
        assertThat(lease.state()).isInstanceOf(LeaseState.Held.class);
    }

    @Test
    void oneThatNobodyHasSentConfirmsNothing() {
        lease.answered("held " + (System.nanoTime() + 3_600_000_000_000L) + " 123456");
        lease.answered("held 9999999999999999999 123456");
        lease.answered("held -9999999999999999999 123456");
        lease.answered("held");
        lease.answered("");
        assertThat(lease.state()).isInstanceOf(LeaseState.Asked.class);
    }
}
