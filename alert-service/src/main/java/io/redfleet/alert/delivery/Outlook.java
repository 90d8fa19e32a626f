package io.redfleet.alert.delivery;

import java.time.Instant;

/** What becomes of a delivery after an attempt. */
public sealed interface Outlook {
    /** @param attempts all that were made */
    record Sent(int attempts) implements Outlook {}

    /** @param news whether the reason is another one than after the attempt before */
    record TryLater(int attempts, Instant at, String reason, boolean news) implements Outlook {}

    record GaveUp(int attempts, String reason) implements Outlook {}
}
