package io.redfleet.alert.desk;

import io.redfleet.alert.delivery.Delivery;
import io.redfleet.alert.delivery.Outlook;
import io.redfleet.alert.incident.Change;
import io.redfleet.alert.route.ReceiverName;
import io.redfleet.contracts.alert.Incident;
import io.redfleet.contracts.alert.IncidentId;
import io.redfleet.contracts.event.About;
import io.redfleet.contracts.event.AlertEvent;
import io.redfleet.contracts.event.Fact;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
                new AlertEvent.Withheld(incident.id(), why, null, null));
    }

    /** A reminder that was due, and was not queued. Told again it is the same event. */
    static Fact withheld(Incident incident, ReceiverName receiver, int reminder, String why, Instant now) {
        return fact(
                Fact.id(incident.id(), receiver, "reminder", reminder, "withheld"),
                now,
                incident,
                "Receiver " + receiver + " was not told again, reminder " + reminder + ": " + why,
                new AlertEvent.Withheld(incident.id(), why, receiver.value(), reminder));
    }

    /** A reminder that was queued, and is not tried any more. */
    static Fact withheld(Delivery reminder, String why, Instant now) {
        String receiver = reminder.receiver().value();
        return fact(
                reminder,
                "withheld",
                now,
                "Receiver " + receiver + " was not told again, notice " + named(reminder) + ": " + why,
                new AlertEvent.Withheld(reminder.subject().incident(), why, receiver, reminder.reminder()));
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
                        "Receiver " + receiver + " took notice " + named(delivery),
                        new AlertEvent.Sent(incident, receiver, it.attempts(), reminder(delivery))));
            case Outlook.TryLater it ->
                it.news()
                        ? Optional.of(fact(
                                delivery,
                                "failed:" + it.attempts(),
                                now,
                                "Receiver " + receiver + " did not take notice " + named(delivery) + " yet: "
                                        + it.reason(),
                                new AlertEvent.NotificationFailed(
                                        incident, receiver, it.reason(), false, reminder(delivery))))
                        : Optional.empty();
            case Outlook.GaveUp it ->
                Optional.of(fact(
                        delivery,
                        "givenUp",
                        now,
                        "Notice " + named(delivery) + " was given up for receiver " + receiver + ": " + it.reason(),
                        new AlertEvent.NotificationFailed(incident, receiver, it.reason(), true, reminder(delivery))));
        };
    }

    private static String named(Delivery delivery) {
        return delivery.reminder() == 0 ? delivery.key() : delivery.key() + " (reminder " + delivery.reminder() + ")";
    }

    private static @Nullable Integer reminder(Delivery delivery) {
        return delivery.reminder() == 0 ? null : Integer.valueOf(delivery.reminder());
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
