package io.redfleet.alert.notice;

import io.redfleet.contracts.alert.Incident;
import io.redfleet.contracts.alert.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/** The rule: hold down first, then tell once, again when it gets louder or quieter, and when it is over. */
public record NoticeRule(HoldDown holdDown) {

    /** @param flaps how often the same cause of the same cluster was told of lately, this case left out */
    public Decision decide(Incident incident, Told told, int flaps, Instant now) {
        return switch (told) {
            case Told.Never never -> new Decision.DoNot(never.why());
            case Told.Over over -> new Decision.DoNot("told already that it is over");
            case Told.NotYet notYet -> first(incident, flaps, now);
            case Told.Open open -> again(incident, open.severity());
        };
    }

    private Decision first(Incident incident, int flaps, Instant now) {
        if (incident.severity() == Severity.INFO) {
            return new Decision.DoNot("too quiet for a notice");
        }
        return switch (incident.state()) {
            case RESOLVED -> new Decision.DoNot("over before anybody had to know");
            case ACKNOWLEDGED ->
                new Decision.DoNot("acknowledged by " + acknowledger(incident) + " before it was told");
            case OPEN -> held(incident, flaps, now);
        };
    }

    private Decision held(Incident incident, int flaps, Instant now) {
        Duration wait = holdDown.of(incident.severity(), flaps);
        Instant until = incident.openedAt().plus(wait);
        if (!now.isBefore(until)) {
            return new Decision.First();
        }
        String reason = flaps == 0 ? "held down for " + wait : "held down for " + wait + " after " + flaps + " flap(s)";
        return new Decision.Hold(until, reason);
    }

    private static Decision again(Incident incident, Severity toldSeverity) {
        return switch (incident.state()) {
            case RESOLVED -> new Decision.Resolved();
            case ACKNOWLEDGED ->
                incident.severity().compareTo(toldSeverity) > 0
                        ? new Decision.Updated()
                        : new Decision.DoNot("acknowledged by " + acknowledger(incident));
            case OPEN ->
                incident.severity() == toldSeverity
                        ? new Decision.DoNot("nothing new since the last notice")
                        : new Decision.Updated();
        };
    }

    private static String acknowledger(Incident incident) {
        return Objects.requireNonNull(incident.acknowledgedBy(), "acknowledged by nobody")
                .name();
    }
}
