package io.redfleet.monitor.fleet;

import io.redfleet.contracts.cluster.Label;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.FleetEvent;
import io.redfleet.contracts.health.FleetBrake;
import io.redfleet.contracts.health.LabelBrake;
import io.redfleet.contracts.health.LabelBrakes;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.ServiceName;
import io.redfleet.monitor.clock.Moment;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a wish makes of the brake's record. A label that is disarmed already stays as it was put on, by whom and when. That one is
 * not disarmed is told when it is rearmed all the same: whose record could not be read has left an incident that only this ends.
 * The fleet's own brake and those of labels end by themselves only.
 *
 * @param told null where nothing has changed
 */
record Change(FleetBrake next, @Nullable Fact told) {
    private static final Actor SELF = Actor.self(ServiceName.MONITOR);

    /** @param countsFrom what may have been counted so far in records that could not be read */
    static Change of(@Nullable FleetBrake known, Brake.Wish wish, long countsFrom, Moment now) {
        Label label = wish.label();
        return label == null ? fleet(known, wish, countsFrom, now) : labelled(known, wish, label, countsFrom, now);
    }

    private static Change fleet(@Nullable FleetBrake known, Brake.Wish wish, long countsFrom, Moment now) {
        LabelBrakes labels = labels(known);
        long count = Math.max(countsFrom, known == null ? 0 : known.count()) + 1;
        FleetBrake next = new FleetBrake(
                FleetBrake.SCHEMA, wish.disarm(), wish.reason(), wish.actor(), now.wall(), count, labels);
        FleetEvent event =
                wish.disarm() ? new FleetEvent.Disarmed(wish.actor().equals(SELF)) : new FleetEvent.Rearmed();
        String still = labels.brakes().isEmpty()
                ? ""
                : ", but in clusters of " + labels.brakes().size() + " disarmed label(s)";
        String words =
                wish.disarm() ? "nothing is done automatically: " : "automatic action is allowed again" + still + ": ";
        String names = wish.names().isEmpty() ? "" : " (" + wish.names() + ")";
        return new Change(next, Brake.fact(event, count, words + wish.reason() + names, wish.actor(), now));
    }

    private static Change labelled(
            @Nullable FleetBrake known, Brake.Wish wish, Label label, long countsFrom, Moment now) {
        FleetBrake before = known == null
                ? new FleetBrake(FleetBrake.SCHEMA, false, "nobody has touched it", SELF, now.wall(), 0)
                : known;
        LabelBrakes labels = before.labelled();
        if (wish.disarm() && labels.of(label).isPresent()) {
            return new Change(before, null);
        }
        long count = Math.max(countsFrom, labels.count()) + 1;
        LabelBrakes next = wish.disarm()
                ? labels.with(new LabelBrake(label, wish.reason(), wish.actor(), now.wall()), count)
                : labels.without(label, count);
        FleetEvent event = wish.disarm() ? new FleetEvent.Disarmed(false, label) : new FleetEvent.Rearmed(label);
        String words =
                wish.disarm() ? "nothing is done automatically where " : "automatic action is allowed again where ";
        String still = !wish.disarm() && before.disarmed() ? ", once the whole fleet is rearmed too" : "";
        String reason = words + label + still + ": " + wish.reason();
        return new Change(before.with(next), Brake.fact(event, "labels-" + count, reason, wish.actor(), now));
    }

    /** Why this cannot be done now. The whole fleet's brake can always be set. */
    static Optional<Problem> refusal(@Nullable FleetBrake known, Brake.Wish wish, String unread) {
        Label label = wish.label();
        if (label == null) {
            return Optional.empty();
        }
        if (!unread.isEmpty()) {
            return Optional.of(Problem.conflict(
                    "label " + label + ": the labels that are disarmed stand in a record that cannot" + " be read ("
                            + unread + "); disarm or rearm the whole fleet first, which writes it anew"));
        }
        LabelBrakes labels = labels(known);
        boolean full = labels.brakes().size() >= LabelBrakes.MOST;
        return wish.disarm() && full && labels.of(label).isEmpty()
                ? Optional.of(Problem.conflict(
                        "label " + label + ": " + labels.brakes().size()
                                + " labels are disarmed already, and at most " + LabelBrakes.MOST
                                + " may be at once; rearm one of them first"))
                : Optional.empty();
    }

    /** What the wish does not change, for whoever wishes it; empty if there is nothing to say. */
    static String note(@Nullable FleetBrake known, Brake.Wish wish) {
        Label label = wish.label();
        Optional<LabelBrake> on =
                label == null ? Optional.empty() : labels(known).of(label);
        if (label == null) {
            return "";
        }
        if (wish.disarm()) {
            return on.map(brake -> "it was disarmed before: " + brake.words()).orElse("");
        }
        String was = on.isPresent() ? "" : "it was not disarmed";
        String fleet = known != null && known.disarmed() ? "the whole fleet is disarmed, which this does not end" : "";
        return was + (was.isEmpty() || fleet.isEmpty() ? "" : "; ") + fleet;
    }

    private static LabelBrakes labels(@Nullable FleetBrake known) {
        return known == null ? LabelBrakes.NONE : known.labelled();
    }
}
