package io.redfleet.alert.notice;

import io.redfleet.contracts.alert.Incident;
import java.time.Instant;

/**
 * What people are told, once per receiver.
 *
 * @param number counts the notices of one incident from 1; part of {@link #key()}
 * @param incident as it was when this was decided
 */
public record Notice(Incident incident, Kind kind, int number, Instant at) {
    /** Why they are told. */
    public enum Kind {
        FIRST,
        UPDATED,
        RESOLVED
    }

    /** The same for every attempt and after every crash: what a receiver needs to take it only once. */
    public String key() {
        return incident.id() + "-" + number;
    }
}
