package io.redfleet.monitor.watch;

import io.redfleet.contracts.cluster.Member;
import io.redfleet.monitor.check.ArticleRule.Window;
import io.redfleet.monitor.clock.Moment;
import io.redfleet.monitor.probe.Figures;
import io.redfleet.monitor.topology.NodeView;
import org.jspecify.annotations.Nullable;

/**
 * One instance as it is watched.
 *
 * @param runId of the run that was heard last; empty before the first
 * @param figures the last INFO; null before the first
 * @param figuredAt when
 * @param monitored false: nothing is raised of it and nothing asked for
 * @param untold since when it has been failed without that having been told, because an operation stops it; null otherwise
 * @param wouldTold the flip of the pulse for which {@code action.wouldHave} was told; -1 for none
 */
public record InstanceWatch(
        NodeView view,
        String runId,
        @Nullable Figures figures,
        @Nullable Moment figuredAt,
        boolean monitored,
        Window window,
        @Nullable Moment untold,
        long wouldTold) {
    static InstanceWatch fresh(Member member, Moment now) {
        return new InstanceWatch(NodeView.unknown(member, now), "", null, null, true, Window.CLEAN, null, -1);
    }

    InstanceWatch with(NodeView next) {
        return new InstanceWatch(next, runId, figures, figuredAt, monitored, window, untold, wouldTold);
    }

    InstanceWatch with(Window next) {
        return new InstanceWatch(view, runId, figures, figuredAt, monitored, next, untold, wouldTold);
    }

    InstanceWatch figured(String run, Figures next, Moment now) {
        return new InstanceWatch(view, run, next, now, monitored, window, untold, wouldTold);
    }

    InstanceWatch ran(String run) {
        return new InstanceWatch(view, run, figures, figuredAt, monitored, window, untold, wouldTold);
    }

    InstanceWatch monitored(boolean next) {
        return new InstanceWatch(view, runId, figures, figuredAt, next, Window.CLEAN, null, -1);
    }

    InstanceWatch toldWould() {
        return new InstanceWatch(
                view,
                runId,
                figures,
                figuredAt,
                monitored,
                window,
                untold,
                view.pulse().flips());
    }

    InstanceWatch untold(@Nullable Moment since) {
        return new InstanceWatch(view, runId, figures, figuredAt, monitored, window, since, wouldTold);
    }
}
