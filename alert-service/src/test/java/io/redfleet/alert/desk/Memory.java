package io.redfleet.alert.desk;

import io.redfleet.alert.audit.AuditBook;
import io.redfleet.alert.audit.AuditEntry;
import io.redfleet.alert.delivery.Deliveries;
import io.redfleet.alert.delivery.Delivery;
import io.redfleet.alert.delivery.Outlook;
import io.redfleet.alert.delivery.Reminders;
import io.redfleet.alert.incident.Case;
import io.redfleet.alert.incident.Cases;
import io.redfleet.alert.notice.Notice;
import io.redfleet.alert.notice.NoticeLog;
import io.redfleet.alert.notice.Reminded;
import io.redfleet.alert.notice.Told;
import io.redfleet.alert.route.ReceiverName;
import io.redfleet.contracts.alert.Incident;
import io.redfleet.contracts.alert.Incident.State;
import io.redfleet.contracts.alert.IncidentId;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.wire.Order;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** All that a unit of work sees, in memory. Nothing flaps in it. */
final class Memory implements UnitOfWork, AuditBook, Cases, NoticeLog, Deliveries, Reminders, Voice {
    /** @param outlook to be tried later while it is still to be taken */
    record Row(Notice notice, ReceiverName receiver, Outlook outlook) {
        boolean queued() {
            return outlook instanceof Outlook.TryLater;
        }

        boolean sent() {
            return outlook instanceof Outlook.Sent;
        }

        IncidentId incident() {
            return notice.incident().id();
        }
    }

    private record Place(IncidentId incident, ReceiverName receiver) {}

    private final Set<String> heard = new HashSet<>();
    private final Map<IncidentId, Case> cases = new LinkedHashMap<>();
    private final Map<IncidentId, Told> told = new LinkedHashMap<>();
    private final Map<IncidentId, Instant> decideAt = new LinkedHashMap<>();
    private final Map<Place, Reminded> reminded = new LinkedHashMap<>();
    private final Map<String, Row> rows = new LinkedHashMap<>();
    private final List<Fact> facts = new ArrayList<>();

    Memory copy() {
        Memory copy = new Memory();
        copy.heard.addAll(heard);
        copy.cases.putAll(cases);
        copy.told.putAll(told);
        copy.decideAt.putAll(decideAt);
        copy.reminded.putAll(reminded);
        copy.rows.putAll(rows);
        copy.facts.addAll(facts);
        return copy;
    }

    List<Row> rows() {
        return List.copyOf(rows.values());
    }

    List<Fact> facts() {
        return List.copyOf(facts);
    }

    List<Case> all() {
        return List.copyOf(cases.values());
    }

    List<IncidentId> dueCases(Instant now) {
        return keys(decideAt, at -> !at.isAfter(now));
    }

    List<IncidentId> dueReminders(ReceiverName receiver, Instant since) {
        return reminded.entrySet().stream()
                .filter(entry -> entry.getKey().receiver().equals(receiver))
                .filter(entry -> !entry.getValue().since().isAfter(since))
                .map(entry -> entry.getKey().incident())
                .toList();
    }

    boolean outdated(Row row) {
        Case one = cases.get(row.incident());
        return row.notice().reminder() > 0 && (one == null || one.incident().state() != State.OPEN);
    }

    @Override
    public boolean recordOnce(AuditEntry entry) {
        return heard.add(entry.id());
    }

    @Override
    public List<Case> open(ClusterUid uid) {
        return cases.values().stream()
                .filter(one -> one.incident().uid().equals(uid) && !one.resolved())
                .toList();
    }

    @Override
    public Optional<Case> find(IncidentId id) {
        return Optional.ofNullable(cases.get(id));
    }

    @Override
    public void keep(Case one) {
        cases.put(one.id(), one);
    }

    @Override
    public Told told(IncidentId id) {
        return told.getOrDefault(id, new Told.NotYet());
    }

    @Override
    public void keep(IncidentId id, Told now, Instant at) {
        told.put(id, now);
    }

    @Override
    public int toldOfSameSince(Incident incident, Instant since) {
        return 0;
    }

    @Override
    public void decideAt(IncidentId id, Instant when) {
        decideAt.put(id, when);
    }

    @Override
    public void decided(IncidentId id) {
        decideAt.remove(id);
    }

    @Override
    public void queue(Notice notice, ReceiverName receiver, List<String> eventIds) {
        var queued = new Outlook.TryLater(0, notice.at(), "", false);
        rows.putIfAbsent(key(notice.key(), receiver), new Row(notice, receiver, queued));
    }

    @Override
    public Set<ReceiverName> receiversOf(IncidentId incident) {
        return rows.values().stream()
                .filter(row -> row.incident().equals(incident))
                .map(Row::receiver)
                .collect(Collectors.toSet());
    }

    @Override
    public boolean onItsWay(IncidentId incident, ReceiverName receiver) {
        return rows.values().stream()
                .anyMatch(row -> row.queued()
                        && row.incident().equals(incident)
                        && row.receiver().equals(receiver));
    }

    @Override
    public void settle(Delivery delivery, Outlook outlook) {
        rows.computeIfPresent(
                key(delivery.key(), delivery.receiver()), (key, row) -> new Row(row.notice(), row.receiver(), outlook));
    }

    @Override
    public Optional<Reminded> of(IncidentId incident, ReceiverName receiver) {
        return Optional.ofNullable(reminded.get(new Place(incident, receiver)));
    }

    @Override
    public void keep(IncidentId incident, ReceiverName receiver, Reminded now) {
        reminded.merge(
                new Place(incident, receiver),
                now,
                (before, after) -> new Reminded(
                        later(before.since(), after.since()),
                        Math.max(before.reminders(), after.reminders()),
                        Math.max(before.withheld(), after.withheld())));
    }

    @Override
    public void taken(IncidentId incident, ReceiverName receiver, Instant at) {
        reminded.computeIfPresent(
                new Place(incident, receiver), (place, before) -> before.waits(later(before.since(), at)));
    }

    @Override
    public void end(IncidentId incident) {
        reminded.keySet().removeIf(place -> place.incident().equals(incident));
    }

    @Override
    public void say(Fact fact) {
        facts.add(fact);
    }

    @Override
    public void state(Incident incident, String becauseOfEvent) {}

    @Override
    public void answer(Order order, Reply reply) {}

    @Override
    public AuditBook audit() {
        return this;
    }

    @Override
    public Cases cases() {
        return this;
    }

    @Override
    public NoticeLog notices() {
        return this;
    }

    @Override
    public Deliveries deliveries() {
        return this;
    }

    @Override
    public Reminders reminders() {
        return this;
    }

    @Override
    public Voice voice() {
        return this;
    }

    private static String key(String notice, ReceiverName receiver) {
        return notice + " to " + receiver;
    }

    private static <K, V> List<K> keys(Map<K, V> map, Predicate<V> wanted) {
        return map.entrySet().stream()
                .filter(entry -> wanted.test(entry.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
