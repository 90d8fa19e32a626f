package io.redfleet.alert.notice;

import io.redfleet.contracts.alert.Incident;
import io.redfleet.contracts.alert.Incident.State;
import io.redfleet.contracts.alert.Severity;
import java.time.Duration;
import java.time.Instant;

/**
 * The rule: whoever was told of a case is told again, each time that a period has passed since the last notice, while the
 * case is open and nobody has acknowledged it.
 *
 * <p>A period begins where the one before was noticed to be over, not where it ended: after an outage of our own of many
 * periods there is one reminder. While an earlier notice is still tried there is none: it has not been heard yet, and a
 * receiver that comes back after a day would be told the same thing a hundred times.
 */
public record ReminderRule(Duration period) {
    /** What is done about one receiver now. */
    public sealed interface Decision {
        /** @param then what was told when it is queued */
        record Remind(Reminded then) implements Decision {
            /** Counts the reminders of this receiver from 1. */
            public int number() {
                return then.reminders();
            }
        }

        /**
         * It is due and stays away.
         *
         * @param number of the reminder that stays away; the next one to be sent has it
         * @param news whether this was not told yet
         */
        record Withhold(Reminded then, int number, String reason, boolean news) implements Decision {}

        /** The period is not over yet. */
        record Wait(Instant until) implements Decision {}

        /** Never again, whatever time passes. */
        record End(String reason) implements Decision {}
    }

    /** @param onItsWay whether an earlier notice of this case is still to be taken by the receiver */
    public Decision decide(Incident incident, Told told, Reminded reminded, boolean onItsWay, Instant now) {
        return switch (told) {
            case Told.Never never -> new Decision.End(never.why());
            case Told.NotYet notYet -> new Decision.End("nobody was told of it");
            case Told.Over over -> new Decision.End("told already that it is over");
            case Told.Open open -> lasting(incident, reminded, onItsWay, now);
        };
    }

    private Decision lasting(Incident incident, Reminded reminded, boolean onItsWay, Instant now) {
        if (incident.state() != State.OPEN) {
            return new Decision.End(incident.state() == State.RESOLVED ? "it is over" : "somebody has acknowledged it");
        }
        Instant until = reminded.since().plus(period);
        if (now.isBefore(until)) {
            return new Decision.Wait(until);
        }
        if (incident.severity() == Severity.INFO) {
            return withhold(reminded, "too quiet for a notice", now);
        }
        return onItsWay
                ? withhold(reminded, "it has not taken the notice before yet", now)
                : new Decision.Remind(reminded.again(now));
    }

    private static Decision withhold(Reminded reminded, String reason, Instant now) {
        Reminded then = reminded.withheld(now);
        return new Decision.Withhold(then, then.withheld(), reason, then.withheld() != reminded.withheld());
    }
}
