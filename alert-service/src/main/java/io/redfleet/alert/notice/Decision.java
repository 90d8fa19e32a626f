package io.redfleet.alert.notice;

import java.time.Instant;

/** Whether people are told now. */
public sealed interface Decision {
    /** They hear of it for the first time. */
    record First() implements Decision {}

    /** It became louder or quieter since they were told. */
    record Updated() implements Decision {}

    record Resolved() implements Decision {}

    /** To be decided again then, unless something happens before. */
    record Hold(Instant until, String reason) implements Decision {}

    record DoNot(String reason) implements Decision {}
}
