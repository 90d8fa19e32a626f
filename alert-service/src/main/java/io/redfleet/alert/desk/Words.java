package io.redfleet.alert.desk;

import io.redfleet.alert.delivery.Delivery;
import io.redfleet.alert.delivery.Outlook;
import io.redfleet.alert.incident.Change;
import io.redfleet.contracts.alert.Incident;
import io.redfleet.contracts.alert.IncidentId;
import io.redfleet.contracts.event.About;
import io.redfleet.contracts.event.AlertEvent;
import io.redfleet.contracts.event.Fact;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Our own events. Their ids come from what they tell of, so that a rebuild says nothing twice. */
final class Words {
    private Words() {}

    /**
     * What to say of a change; empty where the story only grew.
     *
     * @param because the id of the event, or command, that made the change
     */
    static Optional<Fact> of(Change.OfCase change, String because, Instant now) {
        Incident incident = change.now().incident();
        IncidentId id = incident.id();
        return switch (change) {
            case Change.Opened it ->
                Optional.of(fact(
                        Fact.id(id, "opened"),
                        now,
                        incident,
                        incident.summary(),
                        new AlertEvent.Opened(id, incident.cause(), incident.severity())));
            case Change.Updated it ->
                Optional.of(fact(
                        Fact.id(id, "updated", because),
                        now,
                        incident,
                        incident.summary(),
                        new AlertEvent.Updated(id, incident.severity(), incident.summary())));
            case Change.Resolved it ->
                Optional.of(fact(
                        Fact.id(id, "resolved"),
                        now,
                        incident,
                        incident.summary(),
                        new AlertEvent.Resolved(id, openFor(incident).toMillis())));
            case Change.Acknowledged it ->
                Optional.of(fact(
                        Fact.id(id, "acknowledged"),
                        now,
                        incident,
                        "Acknowledged: " + incident.summary(),
                        new AlertEvent.Acknowledged(id)));
            case Change.Touched it -> Optional.empty();
        };
    }

    static Fact withheld(Incident incident, String why, Instant now) {
        return fact(
                Fact.id(incident.id(), "withheld"),
                now,
                incident,
                "Nobody was told: " + why,
                new AlertEvent.Withheld(incident.id(), why));
    }

    /** Empty for a failure that is the same as the one before. */
    static Optional<Fact> of(Delivery delivery, Outlook outlook, Instant now) {
        IncidentId incident = delivery.subject().incident();
        String receiver = delivery.receiver().value();
        return switch (outlook) {
            case Outlook.Sent it ->
                Optional.of(fact(
                        delivery,
                        "sent",
                        now,
                        "Receiver " + receiver + " took notice " + delivery.key(),
                        new AlertEvent.Sent(incident, receiver, it.attempts())));
            case Outlook.TryLater it ->
                it.news()
                        ? Optional.of(fact(
                                delivery,
                                "failed:" + it.attempts(),
                                now,
                                "Receiver " + receiver + " did not take notice " + delivery.key() + " yet: "
                                        + it.reason(),
                                new AlertEvent.NotificationFailed(incident, receiver, it.reason(), false)))
                        : Optional.empty();
            case Outlook.GaveUp it ->
                Optional.of(fact(
                        delivery,
                        "givenUp",
                        now,
                        "Notice " + delivery.key() + " was given up for receiver " + receiver + ": " + it.reason(),
                        new AlertEvent.NotificationFailed(incident, receiver, it.reason(), true)));
        };
    }

    private static Duration openFor(Incident incident) {
        Instant end = incident.resolvedAt() == null ? incident.updatedAt() : incident.resolvedAt();
        return Duration.between(incident.openedAt(), end);
    }

    private static Fact fact(String id, Instant now, Incident incident, String reason, AlertEvent event) {
        var about = new About(
                incident.cluster(),
                incident.uid(),
                null,
                reason,
                incident.id().value(),
                event instanceof AlertEvent.Acknowledged ? incident.acknowledgedBy() : null);
        return new Fact(id, now, about, event);
    }

    private static Fact fact(Delivery delivery, String kind, Instant now, String reason, AlertEvent event) {
        Delivery.Subject subject = delivery.subject();
        var about = new About(
                subject.cluster(),
                subject.uid(),
                null,
                reason,
                subject.incident().value(),
                null);
        return new Fact(Fact.id(delivery.key(), delivery.receiver(), kind), now, about, event);
    }
}
