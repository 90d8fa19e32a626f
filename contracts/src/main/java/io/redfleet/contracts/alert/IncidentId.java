package io.redfleet.contracts.alert;

import io.redfleet.contracts.cluster.Word;

/** One incident. Derived from cluster uid, cause and the event that opened it, so that a rebuild finds the same one. */
public record IncidentId(String value) implements Word {
    public IncidentId {
        if (value.isBlank() || value.length() > 120 || value.indexOf('/') >= 0) {
            throw new IllegalArgumentException("not an incident id");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
