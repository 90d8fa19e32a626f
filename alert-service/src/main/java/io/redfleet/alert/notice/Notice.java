package io.redfleet.alert.notice;

import io.redfleet.contracts.alert.Incident;
import java.time.Duration;
import java.time.Instant;

/**
 * What people are told, once per receiver.
 *
 * @param number counts the notices of one incident from 1; part of {@link #key()}. A reminder has a number that no other
 *     receiver is told under
 * @param reminder counts the reminders of one receiver from 1; 0: it is none
 * @param incident as it was when this was decided
 */
public record Notice(Incident incident, Kind kind, int number, int reminder, Instant at) {
    /** Why they are told. */
    public enum Kind {
        FIRST,
        UPDATED,
        RESOLVED,
        REMINDER
    }

    public Notice {
        if ((reminder > 0) != (kind == Kind.REMINDER)) {
            throw new IllegalArgumentException("reminder " + reminder + " of kind " + kind);
        }
    }

    /** Any but a reminder. */
    public static Notice of(Incident incident, Kind kind, int number, Instant at) {
        return new Notice(incident, kind, number, 0, at);
    }

    /** The same for every attempt and after every crash: what a receiver needs to take it only once. */
    public String key() {
        return incident.id() + "-" + number;
    }

    /** For how long the incident has been open, in words. */
    public String openFor() {
        return InWords.of(Duration.between(incident.openedAt(), at));
    }
}
