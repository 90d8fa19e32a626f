package io.redfleet.monitor.probe;

import io.redfleet.contracts.event.InstanceEvent;
import io.redfleet.contracts.health.Liveness;
import io.redfleet.contracts.health.ReplicationRole;
import io.redfleet.monitor.clock.Moment;
import java.util.ArrayList;
import java.util.List;

/** Which events tell the step from one pulse to the next: first the end of what was, then the begin of what is. */
public final class PulseEvents {
    private PulseEvents() {}

    /**
     * @param lastRole what the instance last said it was
     * @param runId of the run that was heard last
     * @param etaSeconds Redis's estimate while loading; -1 for none
     */
    public record Context(ReplicationRole lastRole, String runId, long etaSeconds) {}

    public static List<InstanceEvent> between(Pulse before, Pulse after, Context context, Moment now) {
        if (before.liveness() == after.liveness()) {
            return List.of();
        }
        List<InstanceEvent> events = new ArrayList<>();
        end(before, after, context, now, events);
        begin(before, after, context, now, events);
        return events;
    }

    /** The event that tells the present state, for one whose beginning was not told. */
    public static List<InstanceEvent> begun(Pulse present, Context context, Moment now) {
        List<InstanceEvent> events = new ArrayList<>();
        begin(Pulse.unknown(now), present, context, now, events);
        return events;
    }

    private static void end(Pulse before, Pulse after, Context context, Moment now, List<InstanceEvent> events) {
        boolean answers = after.liveness() == Liveness.UP || after.liveness() == Liveness.LOADING;
        long lasted = now.millisSince(before.since());
        switch (before.liveness()) {
            case UNKNOWN -> {
                if (answers) {
                    events.add(new InstanceEvent.Up(context.runId(), -1));
                }
            }
            case DOWN, UNREACHABLE -> {
                if (answers) {
                    events.add(new InstanceEvent.Up(context.runId(), lasted));
                }
            }
            case HUNG -> {
                if (answers) {
                    events.add(new InstanceEvent.Responding(context.runId(), lasted));
                }
            }
            case LOADING -> {
                if (after.liveness() == Liveness.UP) {
                    events.add(new InstanceEvent.Ready(lasted));
                }
            }
            case UP -> {
                // Nothing was open.
            }
        }
    }

    private static void begin(Pulse before, Pulse after, Context context, Moment now, List<InstanceEvent> events) {
        switch (after.liveness()) {
            case DOWN, UNREACHABLE -> {
                boolean alreadyGone = before.liveness() == Liveness.DOWN || before.liveness() == Liveness.UNREACHABLE;
                if (!alreadyGone) {
                    events.add(new InstanceEvent.Down(after.liveness(), context.lastRole(), context.runId()));
                }
            }
            case HUNG -> {
                Moment heard = after.heard();
                long silent = heard == null ? -1 : now.millisSince(heard);
                events.add(new InstanceEvent.Hung(context.lastRole(), context.runId(), silent));
            }
            case LOADING -> events.add(new InstanceEvent.Loading(context.etaSeconds()));
            case UP, UNKNOWN -> {
                // Told by the end of what was.
            }
        }
    }
}
