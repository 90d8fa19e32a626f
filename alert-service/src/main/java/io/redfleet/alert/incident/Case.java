package io.redfleet.alert.incident;

import io.redfleet.contracts.alert.Incident;
import io.redfleet.contracts.alert.Incident.State;
import io.redfleet.contracts.alert.IncidentId;
import io.redfleet.contracts.alert.Severity;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.wire.Actor;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An incident with what it still waits for: it resolves when the last of its troubles is mended.
 *
 * @param open what is still wrong, in the order in which it broke, each with how loud it is now
 */
public record Case(Incident incident, Map<Trouble, Severity> open) {
    /** The newest are kept; what an incident of more events was about shows in the audit trail. */
    static final int EVENTS_MAX = 200;

    public Case {
        open = Collections.unmodifiableMap(new LinkedHashMap<>(open));
    }

    static Case opened(Reading.Breaks breaks, Fact fact) {
        var incident = new Incident(
                Incident.SCHEMA,
                CaseId.of(fact.about().uid(), breaks.cause(), fact.id()),
                fact.about().cluster(),
                fact.about().uid(),
                breaks.cause().words(),
                breaks.severity(),
                State.OPEN,
                fact.about().reason(),
                fact.at(),
                fact.at(),
                null,
                null,
                List.of(fact.id()));
        return new Case(incident, Map.of(breaks.trouble(), breaks.severity()));
    }

    public IncidentId id() {
        return incident.id();
    }

    public Trouble cause() {
        return Trouble.ofWords(incident.cause());
    }

    public boolean resolved() {
        return incident.state() == State.RESOLVED;
    }

    boolean waitsFor(Trouble trouble) {
        return open.containsKey(trouble);
    }

    Case with(Trouble trouble, Severity severity) {
        Map<Trouble, Severity> now = new LinkedHashMap<>(open);
        now.merge(trouble, severity, Case::louder);
        return new Case(incident, now);
    }

    Case without(List<Trouble> troubles) {
        Map<Trouble, Severity> now = new LinkedHashMap<>(open);
        troubles.forEach(now::remove);
        return new Case(incident, now);
    }

    /** Nothing left in it is louder than it would be by itself. */
    Case settled() {
        Map<Trouble, Severity> now = new LinkedHashMap<>(open);
        now.replaceAll((trouble, severity) -> trouble.kind().severity());
        return new Case(incident, now);
    }

    /** The same case after {@code fact}: resolved if nothing is open any more. */
    Case after(Fact fact) {
        Instant at = later(incident.updatedAt(), fact.at());
        return open.isEmpty()
                ? told(State.RESOLVED, fact.about().reason(), at, at, incident.severity(), fact.id())
                : told(incident.state(), fact.about().reason(), at, null, loudest(), fact.id());
    }

    /** Resolved because another one tells its story from here on, or because its cluster is gone. */
    Case ended(String summary, Fact fact) {
        Instant at = later(incident.updatedAt(), fact.at());
        return new Case(incident, Map.of()).told(State.RESOLVED, summary, at, at, incident.severity(), fact.id());
    }

    /** The event belongs to the story; what is said of it stays. */
    Case touched(Fact fact) {
        return told(
                incident.state(),
                incident.summary(),
                later(incident.updatedAt(), fact.at()),
                incident.resolvedAt(),
                incident.severity(),
                fact.id());
    }

    Case acknowledged(Actor actor, Instant at) {
        var now = new Incident(
                incident.schema(),
                incident.id(),
                incident.cluster(),
                incident.uid(),
                incident.cause(),
                incident.severity(),
                State.ACKNOWLEDGED,
                incident.summary(),
                incident.openedAt(),
                later(incident.updatedAt(), at),
                null,
                actor,
                incident.events());
        return new Case(now, open);
    }

    private Case told(
            State state, String summary, Instant at, @Nullable Instant resolvedAt, Severity severity, String eventId) {
        var now = new Incident(
                incident.schema(),
                incident.id(),
                incident.cluster(),
                incident.uid(),
                incident.cause(),
                severity,
                state,
                summary,
                incident.openedAt(),
                at,
                resolvedAt,
                incident.acknowledgedBy(),
                eventsAnd(eventId));
        return new Case(now, open);
    }

    private List<String> eventsAnd(String eventId) {
        List<String> events = new ArrayList<>(incident.events());
        events.add(eventId);
        return events.size() > EVENTS_MAX ? events.subList(events.size() - EVENTS_MAX, events.size()) : events;
    }

    private Severity loudest() {
        return open.values().stream().max(Comparator.naturalOrder()).orElse(incident.severity());
    }

    private static Severity louder(Severity one, Severity other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
