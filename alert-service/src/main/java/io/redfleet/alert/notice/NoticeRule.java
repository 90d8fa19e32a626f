package io.redfleet.alert.notice;

import io.redfleet.contracts.alert.Incident;
import io.redfleet.contracts.alert.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/** The rule: hold down first, then tell once, again when it gets louder or quieter, and when it is over. */
public record NoticeRule(HoldDown holdDown) {
    /** Longer than it takes to read on: what mended a case that was heard of late lies right behind it. */
    private static final Duration READING_ON = Duration.ofSeconds(2);

    /** @param flaps how often the same cause of the same cluster was told of lately, this case left out */
    public Decision decide(Incident incident, Told told, int flaps, Instant now) {
        return switch (told) {
            case Told.Never never -> new Decision.DoNot(never.why());
            case Told.Over over -> new Decision.DoNot("told already that it is over");
            case Told.NotYet notYet -> first(incident, flaps, now);
            case Told.Open open -> again(incident, open.severity());
        };
    }

    /**
     * As {@link #decide}, of a case that has just been heard of. If that is late, because this service was away, its
     * hold-down is over before anything is known of what came after: it is held a moment longer, but not longer than any.
     */
    public Decision opened(Incident incident, Told told, int flaps, Instant now) {
        Decision decision = decide(incident, told, flaps, now);
        Duration wait = holdDown.of(incident.severity(), flaps);
        Duration least = wait.compareTo(READING_ON) < 0 ? wait : READING_ON;
        Instant until = now.plus(least);
        boolean early = switch (decision) {
            case Decision.First first -> !least.isZero();
            case Decision.Hold hold -> hold.until().isBefore(until);
            default -> false;
        };
        return early
                ? new Decision.Hold(until, "heard of late, and held until what came after has been read")
                : decision;
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
