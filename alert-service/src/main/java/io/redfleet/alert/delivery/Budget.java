package io.redfleet.alert.delivery;

import java.time.Duration;
import java.time.Instant;

/**
 * How long a notice is worth trying: the pause doubles from {@code firstPause} to {@code longestPause}, until {@code
 * lasting} has passed since it was queued.
 *
 * <p>A pause is shortened by up to a fifth, by a number drawn from key and attempt, so that the notices of one outage do
 * not all come back in the same instant.
 */
public record Budget(Duration firstPause, Duration longestPause, Duration lasting) {
    public Budget {
        if (firstPause.isNegative() || firstPause.isZero() || longestPause.compareTo(firstPause) < 0) {
            throw new IllegalArgumentException("pauses grow from above zero: " + firstPause + " to " + longestPause);
        }
    }

    public Outlook judge(Delivery delivery, Answer answer, Instant now) {
        int attempts = delivery.attempts() + 1;
        return switch (answer) {
            case Answer.Taken taken -> new Outlook.Sent(attempts);
            case Answer.Never never -> new Outlook.GaveUp(attempts, never.reason());
            case Answer.Again again -> later(delivery, again, attempts, now);
        };
    }

    private Outlook later(Delivery delivery, Answer.Again again, int attempts, Instant now) {
        Instant next = now.plus(pause(delivery.key(), attempts, again.notBefore()));
        if (next.isAfter(delivery.queuedAt().plus(lasting))) {
            return new Outlook.GaveUp(attempts, again.reason() + "; " + attempts + " attempt(s) in " + lasting);
        }
        return new Outlook.TryLater(
                attempts, next, again.reason(), !again.reason().equals(delivery.lastError()));
    }

    private Duration pause(String key, int attempts, Duration asked) {
        // 2^20 times any pause is longer than every longestPause worth setting.
        Duration grown = firstPause.multipliedBy(1L << Math.min(attempts - 1, 20));
        Duration capped = grown.compareTo(longestPause) > 0 ? longestPause : grown;
        long fifth = capped.toMillis() / 5;
        long less = fifth == 0 ? 0 : Math.floorMod((key + attempts).hashCode(), fifth);
        Duration own = capped.minusMillis(less);
        return asked.compareTo(own) > 0 ? asked : own;
    }
}
