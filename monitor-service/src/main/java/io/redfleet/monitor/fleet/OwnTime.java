package io.redfleet.monitor.fleet;

import io.redfleet.contracts.event.FleetEvent;
import io.redfleet.contracts.health.Term;
import io.redfleet.monitor.clock.Moment;
import io.redfleet.monitor.clock.Tilt;

/**
 * The time of this process: whether it can be trusted, and whether it has been quiet for long enough to act. What befalls it
 * is told here. Owned by the fleet's thread.
 */
final class OwnTime {
    private final Bus bus;
    private final FleetSettings settings;
    private Tilt tilt;
    private Moment settledAt;
    private boolean begun;

    OwnTime(Bus bus, FleetSettings settings, Moment now) {
        this.bus = bus;
        this.settings = settings;
        this.tilt = Tilt.started(now);
        this.settledAt = now.plus(settings.settle());
    }

    /** Ticks begin: the time it took to put the process together before them is nobody's silence. */
    void started(Moment now) {
        tilt = Tilt.started(now);
        settledAt = now.plus(settings.settle());
    }

    boolean tilted() {
        return tilt.active();
    }

    boolean overdue(Moment now) {
        return tilt.overdue(now, Fleet.TICK);
    }

    /** Neither in tilt, nor fresh from one or from the start. */
    boolean settled(Moment now) {
        return !tilt.active() && !now.isBefore(settledAt);
    }

    /** Whether a tilt is over by this tick. */
    boolean tick(Moment now) {
        Tilt.Ticked ticked = tilt.tick(now, Fleet.TICK);
        tilt = ticked.tilt();
        return switch (ticked.change()) {
            case Tilt.Unchanged u -> {
                begin(now);
                yield false;
            }
            case Tilt.Entered entered -> {
                tell(new FleetEvent.TiltEntered(entered.cause()), "time cannot be trusted: " + entered.cause(), now);
                yield false;
            }
            case Tilt.Left left -> {
                settledAt = now.plus(settings.settle());
                begun = true;
                tell(
                        new FleetEvent.TiltLeft(left.lasted().toMillis()),
                        "time has been quiet for " + Tilt.QUIET.toSeconds() + " s",
                        now);
                yield true;
            }
        };
    }

    /** A process that ends within a tilt cannot tell its end: its successor does, once it has settled without one. */
    private void begin(Moment now) {
        if (!begun && settled(now)) {
            begun = true;
            tell(new FleetEvent.TiltLeft(0), "a new run has begun, and its time is quiet", now);
        }
    }

    /** What befalls a watcher has no number that outlives the process; its moment tells it from others. */
    void tell(FleetEvent event, String reason, Moment now) {
        String number = settings.instance() + "-" + now.wall().toEpochMilli();
        bus.tell(Brake.fact(event, number, reason, null, now), Term.NONE, position -> {});
    }
}
