package io.redfleet.monitor.failover;

import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.monitor.clock.Moment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One failover, or one attempt at it: everything that was heard of one epoch.
 *
 * @param marks at most {@link #MARKS_MAX}; later ones are left out, the steps are not
 */
record Story(int epoch, Endpoint oldMaster, Moment begun, State state, Steps steps, Toll toll, List<Mark> marks) {
    /** Three Sentinels tell some 40 lines per failover; a cluster of five Sentinels and ten replicas some 120. */
    static final int MARKS_MAX = 200;

    Story {
        marks = List.copyOf(marks);
    }

    enum State {
        OPEN,
        COMPLETED,
        ABORTED,
        /** Aborted because Sentinel found no replica that it would promote. */
        FUTILE;

        /** @param cause in Sentinel's words */
        static State aborted(String cause) {
            return cause.equals("no-good-slave") ? FUTILE : ABORTED;
        }
    }

    /**
     * What is known to have happened.
     *
     * @param ended whether the leader has said that it is done
     * @param inferred whether the switch was told from the Sentinels' state
     * @param unelected since when a candidate is known to have given up unelected, while nobody is known to lead
     */
    record Steps(
            @Nullable InstanceId leader,
            @Nullable Endpoint replica,
            @Nullable Moment promotedAt,
            @Nullable Endpoint newMaster,
            @Nullable Moment switchedAt,
            boolean ended,
            boolean inferred,
            @Nullable Moment unelected) {
        static final Steps NONE = new Steps(null, null, null, null, null, false, false, null);

        Steps led(@Nullable InstanceId by) {
            return new Steps(by, replica, promotedAt, newMaster, switchedAt, ended, inferred, null);
        }

        Steps selected(Endpoint chosen) {
            return new Steps(leader, chosen, promotedAt, newMaster, switchedAt, ended, inferred, unelected);
        }

        Steps promoted(Endpoint chosen, Moment at) {
            return new Steps(leader, chosen, at, newMaster, switchedAt, ended, inferred, unelected);
        }

        Steps switched(Endpoint to, Moment at, boolean told) {
            return new Steps(leader, replica, promotedAt, to, at, ended, !told, null);
        }

        Steps over() {
            return new Steps(leader, replica, promotedAt, newMaster, switchedAt, true, inferred, unelected);
        }

        /** The first word of it counts. */
        Steps unelected(Moment now) {
            Moment since = unelected == null ? now : unelected;
            return new Steps(leader, replica, promotedAt, newMaster, switchedAt, ended, inferred, since);
        }
    }

    /**
     * What it may have cost.
     *
     * @param oldOffset the old master's last seen offset
     * @param newOffset the replica's, when it last called itself one; both -1 when not seen
     * @param oldHeard the old master's last answer before the promotion; null when it never answered us
     * @param oldAlive whether the old master still answered then: a planned change
     */
    record Toll(long oldOffset, long newOffset, @Nullable Moment oldHeard, boolean oldAlive) {
        static final Toll UNKNOWN = new Toll(-1, -1, null, false);

        /** An upper bound, limited by how often offsets are sampled; -1 when an offset is missing. */
        long lossBoundBytes() {
            return oldOffset < 0 || newOffset < 0 ? -1 : Math.max(0, oldOffset - newOffset);
        }

        long outageMillis(@Nullable Moment until) {
            if (until == null || oldHeard == null) {
                return -1;
            }
            return oldAlive ? 0 : Math.max(0, until.millisSince(oldHeard));
        }
    }

    static Story begun(int epoch, Endpoint oldMaster, Moment now, List<Mark> prelude) {
        return new Story(epoch, oldMaster, now, State.OPEN, Steps.NONE, Toll.UNKNOWN, prelude);
    }

    boolean open() {
        return state == State.OPEN;
    }

    boolean switched() {
        return steps.switchedAt() != null;
    }

    Story with(Steps next) {
        return new Story(epoch, oldMaster, begun, state, next, toll, marks);
    }

    Story with(Toll next) {
        return new Story(epoch, oldMaster, begun, state, steps, next, marks);
    }

    Story in(State next) {
        return new Story(epoch, oldMaster, begun, next, steps, toll, marks);
    }

    Story marked(Mark mark) {
        if (marks.size() >= MARKS_MAX) {
            return this;
        }
        List<Mark> more = new ArrayList<>(marks);
        more.add(mark);
        return new Story(epoch, oldMaster, begun, state, steps, toll, more);
    }
}
