package io.redfleet.monitor.topology;

import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.monitor.clock.Moment;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one Sentinel answered to SENTINEL MASTER, CKQUORUM, REPLICAS and SENTINELS.
 *
 * @param master whom it names; null when it does not know the master name
 * @param flags its flags of the master, as s_down, o_down, failover_in_progress
 * @param quorumReachable what CKQUORUM said
 * @param usable how many usable Sentinels CKQUORUM counted; -1 when it did not say
 * @param seesDown the addresses, of whatever kind, that it holds for subjectively down
 */
public record SentinelView(
        InstanceId sentinel,
        @Nullable Endpoint master,
        int configEpoch,
        Set<String> flags,
        boolean quorumReachable,
        int usable,
        Set<Endpoint> seesDown,
        Moment at) {
    public SentinelView {
        flags = Set.copyOf(flags);
        seesDown = Set.copyOf(seesDown);
    }

    /** Whether another view, of any moment, is the same in all but that. */
    public boolean saysAs(SentinelView other) {
        return equals(new SentinelView(
                other.sentinel,
                other.master,
                other.configEpoch,
                other.flags,
                other.quorumReachable,
                other.usable,
                other.seesDown,
                at));
    }

    public boolean failingOver() {
        return flags.contains("failover_in_progress");
    }
}
