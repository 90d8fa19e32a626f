package io.redfleet.alert.desk;

import io.redfleet.alert.Story;
import io.redfleet.alert.audit.AuditEntry;
import io.redfleet.alert.delivery.Answer;
import io.redfleet.alert.delivery.Budget;
import io.redfleet.alert.delivery.Delivery;
import io.redfleet.alert.desk.Memory.Row;
import io.redfleet.alert.notice.HoldDown;
import io.redfleet.alert.notice.NoticeRule;
import io.redfleet.alert.route.ReceiverName;
import io.redfleet.alert.route.Routes;
import io.redfleet.contracts.alert.Incident;
import io.redfleet.contracts.event.AlertEvent;
import io.redfleet.contracts.event.EventTypes;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.contracts.wire.CommandId;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Request;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** The desk in a world whose time is stepped. Without hold-downs: whatever is heard of is told at once. */
final class World {
    static final Actor ANN = new Actor("ann", "t1");

    private static final Budget BUDGET = new Budget(Duration.ofSeconds(1), Duration.ofMinutes(5), Duration.ofHours(24));

    private final Desk desk;
    private BooleanSupplier dies;
    private Memory kept = new Memory();
    private Instant now = Story.START;

    World(Routes routes) {
        this(routes, () -> false);
    }

    /** @param dies asked at the end of each unit of work: whether none of it lasts, because its process died */
    World(Routes routes, BooleanSupplier dies) {
        HoldDown none = new HoldDown(Duration.ZERO, Duration.ZERO, Duration.ofMinutes(10), Duration.ofMinutes(5));
        this.desk = new Desk(new Announcer(new NoticeRule(none), routes), new Repeater(routes), BUDGET);
        this.dies = dies;
    }

    /** From now on no process dies. */
    void lives() {
        dies = () -> false;
    }

    Instant now() {
        return now;
    }

    Memory kept() {
        return kept;
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    void hear(Fact fact) {
        hear(fact, false);
    }

    void hear(Fact fact, boolean old) {
        unit(unit -> desk.take(new Heard.Known(entry(fact), fact, old), unit, now));
    }

    void acknowledge(Incident incident) {
        var order = new Order(
                new CommandId("ack-" + incident.id()),
                incident.cluster(),
                ANN,
                now,
                now.plusSeconds(30),
                new Request.Acknowledge(incident.id()));
        unit(unit -> desk.take(order, unit, now));
    }

    /** As the ticker does it, by two processes of which each has seen what is due before the other did it. */
    void tick() {
        List<Row> outdated = kept.rows().stream()
                .filter(row -> row.queued() && kept.outdated(row))
                .toList();
        outdated.forEach(row -> unit(unit -> desk.outdated(delivery(row), unit, now)));
        kept.dueCases(now).forEach(id -> unit(unit -> desk.due(id, unit, now)));
        desk.periods()
                .forEach((receiver, period) -> kept.dueReminders(receiver, now.minus(period))
                        .forEach(id -> {
                            unit(unit -> desk.remind(id, receiver, unit, now));
                            unit(unit -> desk.remind(id, receiver, unit, now));
                        }));
    }

    /** Each receiver's next notice, one after the other, until none is left that may be tried. */
    void deliver(ReceiverName receiver, Answer answer) {
        for (Optional<Row> next = next(receiver); next.isPresent(); next = next(receiver)) {
            Row row = next.get();
            unit(unit -> desk.attempted(delivery(row), answer, unit, now));
            if (!(answer instanceof Answer.Taken)) {
                return;
            }
        }
    }

    /** Ticks and takes everything, minute by minute. */
    void minutes(int minutes, ReceiverName... receivers) {
        for (int i = 0; i < minutes; i++) {
            pass(Duration.ofMinutes(1));
            tick();
            for (ReceiverName receiver : receivers) {
                deliver(receiver, new Answer.Taken());
            }
        }
    }

    /** Kinds of what was queued for it, with the number of a reminder, and when: as in {@code reminder 2 at 60}. */
    List<String> told(ReceiverName receiver) {
        return kept.rows().stream()
                .filter(row -> row.receiver().equals(receiver))
                .map(row -> row.notice().kind().name().toLowerCase(Locale.ROOT)
                        + (row.notice().reminder() == 0
                                ? ""
                                : " " + row.notice().reminder())
                        + " at "
                        + Duration.between(Story.START, row.notice().at()).toMinutes())
                .toList();
    }

    /** What was said of notices, by type. */
    List<AlertEvent> said(String type) {
        return kept.facts().stream()
                .map(fact -> fact.event())
                .filter(event -> EventTypes.shortName(event.getClass()).equals(type))
                .map(AlertEvent.class::cast)
                .toList();
    }

    /** The first of the queue that is not behind another one of its incident. */
    private Optional<Row> next(ReceiverName receiver) {
        return kept.rows().stream()
                .filter(row -> row.receiver().equals(receiver) && row.queued() && !kept.outdated(row))
                .min(Comparator.comparing(row -> row.notice().number()));
    }

    private void unit(Consumer<Memory> work) {
        Memory unit = kept.copy();
        work.accept(unit);
        if (!dies.getAsBoolean()) {
            kept = unit;
        }
    }

    private static Delivery delivery(Row row) {
        Incident incident = row.notice().incident();
        var subject = new Delivery.Subject(incident.id(), incident.cluster(), incident.uid());
        return new Delivery(
                subject,
                row.notice().key(),
                row.receiver(),
                row.notice().reminder(),
                "{}",
                0,
                row.notice().at(),
                "");
    }

    private static AuditEntry entry(Fact fact) {
        var about = new AuditEntry.Subject(
                fact.about().cluster().value(), fact.about().uid().value(), "");
        return new AuditEntry(
                "/redfleet/test",
                fact.id(),
                EventTypes.wireName(fact.event()),
                fact.at(),
                fact.about().subject(),
                about,
                fact.about().reason(),
                "",
                "",
                "{}");
    }
}
