package io.redfleet.alert.notice;

import io.redfleet.contracts.alert.Severity;
import java.time.Duration;

/**
 * How long a case must stay open before anybody is told, so that what mends itself wakes nobody.
 *
 * @param flapWindow a case of the same cluster and cause that was told of within this time counts as a flap: each doubles
 *     the wait, up to {@code longest}
 */
public record HoldDown(Duration critical, Duration warning, Duration flapWindow, Duration longest) {
    public HoldDown {
        if (critical.isNegative() || warning.isNegative() || flapWindow.isNegative() || longest.isNegative()) {
            throw new IllegalArgumentException("a hold-down is not negative");
        }
    }

    /** @param flaps how often this cause was told of within {@link #flapWindow}, this case left out */
    Duration of(Severity severity, int flaps) {
        Duration plain = severity == Severity.CRITICAL ? critical : warning;
        if (flaps == 0) {
            return plain;
        }
        // At least a second, or doubling nothing would hold nothing down; 2^16 s is beyond any sensible longest.
        Duration start = plain.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : plain;
        Duration grown = start.multipliedBy(1L << Math.min(flaps, 16));
        return grown.compareTo(longest) > 0 && longest.compareTo(plain) > 0 ? longest : grown;
    }
}
