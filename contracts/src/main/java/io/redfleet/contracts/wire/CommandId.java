package io.redfleet.contracts.wire;

import io.redfleet.contracts.cluster.Word;

/** One order. Derived from token and Idempotency-Key where a client gave one, so that a retry is the same order. */
public record CommandId(String value) implements Word {
    public CommandId {
        if (value.isBlank() || value.length() > 100) {
            throw new IllegalArgumentException("not a command id");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
