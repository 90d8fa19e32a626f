package io.redfleet.alert.route;

import io.redfleet.contracts.alert.Incident;
import io.redfleet.contracts.alert.Severity;
import java.time.Duration;

/**
 * @param atLeast quieter incidents are not for this receiver
 * @param repeat of these incidents, while they are open and nobody has acknowledged them
 */
public record Route(ReceiverName receiver, Severity atLeast, Repeat repeat) {
    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofDays(7);

    public Route {
        if (repeat instanceof Repeat.Every(Duration period)
                && (period.compareTo(SHORTEST) < 0 || period.compareTo(LONGEST) > 0)) {
            throw new IllegalArgumentException("receivers." + receiver + ".repeat is " + period
                    + ": it must be from 1m to 7d; left out, the receiver is not reminded");
        }
    }

    boolean takes(Incident incident) {
        return incident.severity().compareTo(atLeast) >= 0;
    }
}
