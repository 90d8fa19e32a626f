package io.redfleet.contracts.operation;

import io.redfleet.contracts.cluster.Word;

/** One operation; sorts by the time it was accepted. */
public record OperationId(String value) implements Word {
    public OperationId {
        if (value.isBlank() || value.length() > 64 || value.indexOf('/') >= 0) {
            throw new IllegalArgumentException("not an operation id: " + value);
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
