package io.redfleet.contracts.event;

import io.redfleet.contracts.cluster.Endpoint;
import java.time.Instant;
import java.util.List;

/**
 * A finished failover as a whole.
 *
 * @param lossBoundBytes the most that acknowledged writes may have lost: the old master's last seen offset less the new master's
 *     when it was promoted; an upper bound limited by the sampling interval; -1 when an offset is missing
 * @param writeOutageMillis from the last answer of the old master to the promotion; -1 when either was not seen
 * @param addressOutageMillis from the last answer of the old master until the first Sentinel named the new one; -1 likewise
 * @param timeline by time, clock offsets between witnesses removed as far as they are known
 */
public record FailoverReport(
        String id,
        int epoch,
        Endpoint oldMaster,
        Endpoint newMaster,
        boolean inferred,
        Instant startedAt,
        Instant completedAt,
        long writeOutageMillis,
        long addressOutageMillis,
        long lossBoundBytes,
        List<Moment> timeline) {
    public FailoverReport {
        timeline = List.copyOf(timeline);
    }

    /**
     * One line of the timeline.
     *
     * @param offsetMillis since the first line
     * @param witness who said so: a Sentinel, or the monitor itself
     */
    public record Moment(long offsetMillis, String witness, String what) {}
}
