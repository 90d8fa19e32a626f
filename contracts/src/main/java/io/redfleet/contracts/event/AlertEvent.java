package io.redfleet.contracts.event;

import io.redfleet.contracts.alert.IncidentId;
import io.redfleet.contracts.alert.Severity;
import io.redfleet.contracts.wire.ServiceName;

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

    @EventType(value = "notification.sent", writer = ServiceName.ALERT)
    record Sent(IncidentId incident, String receiver, int attempts) implements AlertEvent {}

    @EventType(value = "notification.failed", writer = ServiceName.ALERT)
    record NotificationFailed(IncidentId incident, String receiver, String error, boolean givenUp)
            implements AlertEvent {}

    @EventType(value = "notification.withheld", writer = ServiceName.ALERT)
    record Withheld(IncidentId incident, String why) implements AlertEvent {}
}
