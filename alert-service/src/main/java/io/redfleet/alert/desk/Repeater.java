package io.redfleet.alert.desk;

import io.redfleet.alert.incident.Case;
import io.redfleet.alert.notice.Notice;
import io.redfleet.alert.notice.Reminded;
import io.redfleet.alert.notice.ReminderRule;
import io.redfleet.alert.notice.Told;
import io.redfleet.alert.route.ReceiverName;
import io.redfleet.alert.route.Routes;
import io.redfleet.contracts.alert.Incident;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Reminds receivers of cases that last, as their routes say. A case that is too quiet for a receiver by now is no reason to
 * remind it; should the case get louder, everybody is told anyhow.
 */
public final class Repeater {
    private final Routes routes;

    public Repeater(Routes routes) {
        this.routes = routes;
    }

    Map<ReceiverName, Duration> periods() {
        return routes.periods();
    }

    void weigh(Case one, ReceiverName receiver, UnitOfWork unit, Instant now) {
        Incident incident = one.incident();
        // Read behind the lock on the case: what another process has just done about it is seen here.
        Optional<Reminded> reminded = unit.reminders().of(incident.id(), receiver);
        if (reminded.isEmpty()) {
            return;
        }
        Optional<Duration> period = routes.period(receiver, incident);
        if (period.isEmpty()) {
            unit.reminders().keep(incident.id(), receiver, reminded.get().waits(now));
            return;
        }
        boolean onItsWay = unit.deliveries().onItsWay(incident.id(), receiver);
        Told told = unit.notices().told(incident.id());
        switch (new ReminderRule(period.get()).decide(incident, told, reminded.get(), onItsWay, now)) {
            case ReminderRule.Decision.Remind it -> remind(it, incident, told, receiver, unit, now);
            case ReminderRule.Decision.Withhold it -> {
                if (it.news()) {
                    unit.voice().say(Words.withheld(incident, receiver, it.number(), it.reason(), now));
                }
                unit.reminders().keep(incident.id(), receiver, it.then());
            }
            case ReminderRule.Decision.Wait wait -> {
                // Another process was faster.
            }
            case ReminderRule.Decision.End end -> unit.reminders().end(incident.id());
        }
    }

    private static void remind(
            ReminderRule.Decision.Remind decision,
            Incident incident,
            Told told,
            ReceiverName receiver,
            UnitOfWork unit,
            Instant now) {
        var notice = new Notice(incident, Notice.Kind.REMINDER, told.notices() + 1, decision.number(), now);
        unit.deliveries().queue(notice, receiver, incident.events());
        unit.notices().keep(incident.id(), new Told.Open(notice.number(), incident.severity()), now);
        unit.reminders().keep(incident.id(), receiver, decision.then());
    }
}
