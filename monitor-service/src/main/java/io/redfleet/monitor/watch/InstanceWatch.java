package io.redfleet.monitor.watch;

import io.redfleet.contracts.cluster.Member;
import io.redfleet.contracts.health.Liveness;
import io.redfleet.contracts.health.Remediation;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.monitor.check.ServiceCheck;
import io.redfleet.monitor.check.ServiceRules;
import io.redfleet.monitor.check.Window;
import io.redfleet.monitor.clock.Moment;
import io.redfleet.monitor.probe.Figures;
import io.redfleet.monitor.probe.Pulse;
import io.redfleet.monitor.probe.Reply;
import io.redfleet.monitor.topology.NodeView;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One instance as it is watched.
 *
 * @param runId of the run that was heard last; empty before the first
 * @param figures the last INFO; null before the first
 * @param figuredAt when
 * @param check how its rules stand; not watched by them: nothing is raised of it and nothing asked for
 * @param untold since when it has been failed without that having been told, because an operation stops it; null otherwise
 * @param wouldTold the flip of the pulse for which {@code action.wouldHave} was told; -1 for none
 * @param asked the restart or stop that was asked for last; null once it was tried, and before the first
 */
public record InstanceWatch(
        NodeView view,
        String runId,
        @Nullable Figures figures,
        @Nullable Moment figuredAt,
        ServiceCheck check,
        @Nullable Moment untold,
        long wouldTold,
        @Nullable Asked asked) {
    /** At most one request per instance and outage until this has passed, or somebody has tried. */
    static final Duration ASKED_FOR = Duration.ofSeconds(30);

    /**
     * A restart, or a stop, that was asked for and of which nobody has said yet that it was tried.
     *
     * @param operation under which the provisioner would carry it out
     * @param until when it is stale: the provisioner refuses it then
     * @param flip of the pulse for which it was asked
     */
    public record Asked(OperationId operation, Moment until, long flip, Remediation.Action action) {
        boolean stops() {
            return action == Remediation.Action.STOP;
        }
    }

    static InstanceWatch fresh(Member member, ServiceRules rules, Moment now) {
        return new InstanceWatch(
                NodeView.unknown(member, now), "", null, null, ServiceCheck.fresh(rules, true), null, -1, null);
    }

    InstanceWatch with(NodeView next) {
        return new InstanceWatch(next, runId, figures, figuredAt, check, untold, wouldTold, asked);
    }

    InstanceWatch with(ServiceCheck next) {
        return new InstanceWatch(view, runId, figures, figuredAt, next, untold, wouldTold, asked);
    }

    InstanceWatch figured(String run, Figures next, Moment now) {
        return new InstanceWatch(view, run, next, now, check, untold, wouldTold, asked);
    }

    InstanceWatch ran(String run) {
        return new InstanceWatch(view, run, figures, figuredAt, check, untold, wouldTold, asked);
    }

    InstanceWatch monitored(boolean next) {
        return new InstanceWatch(
                view, runId, figures, figuredAt, ServiceCheck.fresh(check.rules(), next), null, -1, null);
    }

    InstanceWatch toldWould() {
        return new InstanceWatch(
                view, runId, figures, figuredAt, check, untold, view.pulse().flips(), asked);
    }

    InstanceWatch untold(@Nullable Moment since) {
        return new InstanceWatch(view, runId, figures, figuredAt, check, since, wouldTold, asked);
    }

    InstanceWatch asked(@Nullable Asked next) {
        return new InstanceWatch(view, runId, figures, figuredAt, check, untold, wouldTold, next);
    }

    /** Whether an answer says of somebody well nothing but that he still is. */
    boolean heardAgain(Observation.Answered answered) {
        Pulse pulse = view.pulse();
        return untold == null
                && answered.greeting() == null
                && answered.reply() instanceof Reply.Pong
                && pulse.last() instanceof Reply.Pong
                && pulse.liveness() == Liveness.UP
                && pulse.misses() == 0;
    }

    public boolean monitored() {
        return check.isWatched();
    }

    /** Where its restarts stand, without one that waits to be tried. */
    public Window window() {
        return check.window();
    }

    /** Asked for in this very outage, and neither tried nor stale: to ask again would only be impatience. */
    boolean waits(Moment now) {
        return asked != null && asked.flip() == view.pulse().flips() && now.isBefore(asked.until());
    }
}
