package io.redfleet.alert.desk;

import io.redfleet.alert.incident.Case;
import io.redfleet.alert.notice.Decision;
import io.redfleet.alert.notice.Notice;
import io.redfleet.alert.notice.NoticeRule;
import io.redfleet.alert.notice.Reminded;
import io.redfleet.alert.notice.Told;
import io.redfleet.alert.route.ReceiverName;
import io.redfleet.alert.route.Routes;
import io.redfleet.contracts.alert.Incident;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;

/** Carries out what the notice rule decides about a case. */
public final class Announcer {
    private final NoticeRule rule;
    private final Routes routes;

    public Announcer(NoticeRule rule, Routes routes) {
        this.rule = rule;
        this.routes = routes;
    }

    void weigh(Case one, UnitOfWork unit, Instant now) {
        Incident incident = one.incident();
        Told told = unit.notices().told(incident.id());
        carryOut(rule.decide(incident, told, flaps(incident, unit, now), now), incident, told, unit, now);
        if (incident.state() != Incident.State.OPEN) {
            unit.reminders().end(incident.id());
        }
    }

    /** The same for a case that has just been opened. */
    void weighOpened(Case one, UnitOfWork unit, Instant now) {
        Incident incident = one.incident();
        Told told = unit.notices().told(incident.id());
        carryOut(rule.opened(incident, told, flaps(incident, unit, now), now), incident, told, unit, now);
    }

    private int flaps(Incident incident, UnitOfWork unit, Instant now) {
        return unit.notices()
                .toldOfSameSince(incident, now.minus(rule.holdDown().flapWindow()));
    }

    private void carryOut(Decision decision, Incident incident, Told told, UnitOfWork unit, Instant now) {
        switch (decision) {
            case Decision.First first -> tell(Notice.of(incident, Notice.Kind.FIRST, 1, now), unit);
            case Decision.Updated updated ->
                tell(Notice.of(incident, Notice.Kind.UPDATED, told.notices() + 1, now), unit);
            case Decision.Resolved resolved ->
                tell(Notice.of(incident, Notice.Kind.RESOLVED, told.notices() + 1, now), unit);
            case Decision.Hold hold -> unit.notices().decideAt(incident.id(), hold.until());
            case Decision.DoNot not -> leave(incident, told, not.reason(), unit, now);
        }
    }

    private void tell(Notice notice, UnitOfWork unit) {
        Incident incident = notice.incident();
        Set<ReceiverName> receivers = receivers(notice, unit);
        for (ReceiverName receiver : receivers) {
            unit.deliveries().queue(notice, receiver, incident.events());
            if (incident.state() == Incident.State.OPEN) {
                unit.reminders().keep(incident.id(), receiver, Reminded.told(notice.at()));
            }
        }
        if (receivers.isEmpty() && notice.kind() == Notice.Kind.FIRST) {
            unit.voice().say(Words.withheld(incident, "no receiver is set up for it", notice.at()));
        }
        Told told = notice.kind() == Notice.Kind.RESOLVED
                ? new Told.Over(notice.number())
                : new Told.Open(notice.number(), incident.severity());
        unit.notices().keep(incident.id(), told, notice.at());
        unit.notices().decided(incident.id());
    }

    /** Whoever heard that it began hears that it ended, even if it is too quiet for them by then. */
    private Set<ReceiverName> receivers(Notice notice, UnitOfWork unit) {
        Set<ReceiverName> receivers = new LinkedHashSet<>();
        if (notice.kind() != Notice.Kind.FIRST) {
            receivers.addAll(unit.deliveries().receiversOf(notice.incident().id()));
        }
        if (notice.kind() != Notice.Kind.RESOLVED) {
            receivers.addAll(routes.receivers(notice.incident()));
        }
        return receivers;
    }

    private static void leave(Incident incident, Told told, String why, UnitOfWork unit, Instant now) {
        unit.notices().decided(incident.id());
        boolean overUntold = incident.state() == Incident.State.RESOLVED && told instanceof Told.NotYet;
        if (overUntold) {
            unit.voice().say(Words.withheld(incident, why, now));
        }
    }
}
