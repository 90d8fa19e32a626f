package io.redfleet.contracts.event;

import io.redfleet.contracts.alert.IncidentId;
import io.redfleet.contracts.alert.Severity;
import io.redfleet.contracts.wire.ServiceName;
import org.jspecify.annotations.Nullable;

/** Incidents and notices. */
public sealed interface AlertEvent extends Event {
    @EventType(value = "incident.opened", writer = ServiceName.ALERT)
    record Opened(IncidentId incident, String cause, Severity severity) implements AlertEvent {}

    @EventType(value = "incident.updated", writer = ServiceName.ALERT)
    record Updated(IncidentId incident, Severity severity, String summary) implements AlertEvent {}

    @EventType(value = "incident.acknowledged", writer = ServiceName.ALERT)
    record Acknowledged(IncidentId incident) implements AlertEvent {}

    @EventType(value = "incident.resolved", writer = ServiceName.ALERT)
    record Resolved(IncidentId incident, long openMillis) implements AlertEvent {}

    /** @param reminder which reminder to this receiver it was, counted from 1; null: another notice */
    @EventType(value = "notification.sent", writer = ServiceName.ALERT)
    record Sent(
            IncidentId incident,
            String receiver,
            int attempts,
            @Nullable Integer reminder) implements AlertEvent {}

    /** @param reminder which reminder to this receiver it was, counted from 1; null: another notice */
    @EventType(value = "notification.failed", writer = ServiceName.ALERT)
    record NotificationFailed(
            IncidentId incident,
            String receiver,
            String error,
            boolean givenUp,
            @Nullable Integer reminder) implements AlertEvent {}

    /**
     * @param receiver who was not told; null: nobody was
     * @param reminder which reminder to this receiver it would have been, counted from 1; null: another notice
     */
    @EventType(value = "notification.withheld", writer = ServiceName.ALERT)
    record Withheld(
            IncidentId incident,
            String why,
            @Nullable String receiver,
            @Nullable Integer reminder) implements AlertEvent {}
}
