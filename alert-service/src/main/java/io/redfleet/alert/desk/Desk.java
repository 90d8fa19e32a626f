package io.redfleet.alert.desk;

import io.redfleet.alert.delivery.Answer;
import io.redfleet.alert.delivery.Budget;
import io.redfleet.alert.delivery.Delivery;
import io.redfleet.alert.delivery.Outlook;
import io.redfleet.alert.incident.Case;
import io.redfleet.alert.incident.Change;
import io.redfleet.alert.incident.Ledger;
import io.redfleet.alert.notice.Told;
import io.redfleet.alert.route.ReceiverName;
import io.redfleet.contracts.alert.IncidentId;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Request;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Takes what comes in through the rooms. Holds no state; thread-safe as long as each call has its own unit of work. */
public final class Desk {
    private final Announcer announcer;
    private final Repeater repeater;
    private final Budget budget;

    public Desk(Announcer announcer, Repeater repeater, Budget budget) {
        this.announcer = announcer;
        this.repeater = repeater;
        this.budget = budget;
    }

    /** One event. A repeat of an earlier one has no effect. */
    public void take(Heard heard, UnitOfWork unit, Instant now) {
        if (!unit.audit().recordOnce(heard.entry())) {
            return;
        }
        switch (heard) {
            case Heard.Known known -> fold(known, unit, now);
            case Heard.Unknown unknown -> {
                // Kept by audit; what it means only a later release knows.
            }
        }
    }

    /** One order; those to other services are left to them. A repeat gets the same answer and changes nothing. */
    public void take(Order order, UnitOfWork unit, Instant now) {
        if (order.request() instanceof Request.ToAlert request) {
            switch (request) {
                case Request.Acknowledge acknowledge ->
                    unit.voice().answer(order, acknowledge(order, acknowledge, unit, now));
            }
        }
    }

    /** The hold-down of a case has passed. */
    public void due(IncidentId id, UnitOfWork unit, Instant now) {
        unit.cases().find(id).ifPresent(one -> announcer.weigh(one, unit, now));
    }

    /** Whoever is reminded of what lasts, and how long after the last notice. */
    public Map<ReceiverName, Duration> periods() {
        return repeater.periods();
    }

    /** The period of a receiver of {@link #periods()} has passed. */
    public void remind(IncidentId id, ReceiverName receiver, UnitOfWork unit, Instant now) {
        unit.cases()
                .find(id)
                .ifPresentOrElse(
                        one -> repeater.weigh(one, receiver, unit, now),
                        () -> unit.reminders().end(id));
    }

    /** A reminder that nobody is trying, of what nobody has to be reminded of any more. */
    public void outdated(Delivery reminder, UnitOfWork unit, Instant now) {
        String why = "acknowledged or over before it was told";
        unit.deliveries().settle(reminder, new Outlook.GaveUp(reminder.attempts(), why));
        unit.voice().say(Words.withheld(reminder, why, now));
    }

    /** What a receiver said to an attempt. */
    public Outlook attempted(Delivery delivery, Answer answer, UnitOfWork unit, Instant now) {
        Outlook outlook = budget.judge(delivery, answer, now);
        unit.deliveries().settle(delivery, outlook);
        if (outlook instanceof Outlook.Sent) {
            unit.reminders().taken(delivery.subject().incident(), delivery.receiver(), now);
        }
        Words.of(delivery, outlook, now).ifPresent(unit.voice()::say);
        return outlook;
    }

    private void fold(Heard.Known heard, UnitOfWork unit, Instant now) {
        Fact fact = heard.fact();
        for (Change change : Ledger.fold(unit.cases().open(fact.about().uid()), fact)) {
            if (change instanceof Change.OfCase ofCase) {
                keep(ofCase, fact.id(), unit, now);
                if (ofCase instanceof Change.Opened opened) {
                    if (heard.old()) {
                        unit.notices().keep(opened.now().id(), new Told.Never("rebuilt from the bus"), now);
                    }
                    announcer.weighOpened(opened.now(), unit, now);
                } else {
                    announcer.weigh(ofCase.now(), unit, now);
                }
            }
        }
    }

    private static void keep(Change.OfCase change, String because, UnitOfWork unit, Instant now) {
        unit.cases().keep(change.now());
        unit.voice().state(change.now().incident(), because);
        Words.of(change, because, now).ifPresent(unit.voice()::say);
    }

    private Voice.Reply acknowledge(Order order, Request.Acknowledge request, UnitOfWork unit, Instant now) {
        if (now.isAfter(order.notAfter())) {
            return refused(
                    Problem.of(503, "Too late", "The order was not to be carried out after " + order.notAfter()));
        }
        Optional<Case> found = unit.cases()
                .find(request.incident())
                .filter(one -> one.incident().cluster().equals(order.cluster()));
        if (found.isEmpty()) {
            return refused(Problem.notFound("no incident " + request.incident() + " in " + order.cluster()));
        }
        return switch (Ledger.acknowledge(found.get(), order.actor(), now)) {
            case Change.OfCase change -> {
                keep(change, order.id().value(), unit, now);
                announcer.weigh(change.now(), unit, now);
                yield new Voice.Reply.Done(change.now().incident());
            }
            case Change.Ignored ignored ->
                found.get().resolved()
                        ? refused(Problem.conflict("incident " + request.incident() + " is resolved"))
                        : new Voice.Reply.Done(found.get().incident());
        };
    }

    private static Voice.Reply refused(Problem problem) {
        return new Voice.Reply.Refused(problem);
    }
}
