package io.redfleet.monitor.topology;

import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.monitor.clock.Moment;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one Sentinel answered to SENTINEL MASTER, CKQUORUM, REPLICAS and SENTINELS.
 *
 * @param master whom it names; null when it does not know the master name
 * @param flags its flags of the master, as s_down, o_down, failover_in_progress
 * @param quorumReachable what CKQUORUM said
 * @param usable how many usable Sentinels CKQUORUM counted; -1 when it did not say
 * @param seesDown the addresses, of whatever kind, that it holds for subjectively down
 * @param lists the addresses of the replicas that it lists, as it said when it was last asked for them
 */
public record SentinelView(
        InstanceId sentinel,
        @Nullable Endpoint master,
        int configEpoch,
        Set<String> flags,
        boolean quorumReachable,
        int usable,
        Set<Endpoint> seesDown,
        Set<Endpoint> lists,
        Moment at) {
    public SentinelView {
        flags = Set.copyOf(flags);
        seesDown = Set.copyOf(seesDown);
        lists = Set.copyOf(lists);
    }

    /** One that lists no replica. */
    public SentinelView(
            InstanceId sentinel,
            @Nullable Endpoint master,
            int configEpoch,
            Set<String> flags,
            boolean quorumReachable,
            int usable,
            Set<Endpoint> seesDown,
            Moment at) {
        this(sentinel, master, configEpoch, flags, quorumReachable, usable, seesDown, Set.of(), at);
    }

    /** The same, of one that was not asked for its replicas this time. */
    public SentinelView listing(Set<Endpoint> before) {
        return new SentinelView(sentinel, master, configEpoch, flags, quorumReachable, usable, seesDown, before, at);
    }

    /** Every data node that it knows of. */
    public Stream<Endpoint> knows() {
        return Stream.concat(Stream.ofNullable(master), lists.stream()).distinct();
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
                other.lists,
                at));
    }

    public boolean failingOver() {
        return flags.contains("failover_in_progress");
    }
}
