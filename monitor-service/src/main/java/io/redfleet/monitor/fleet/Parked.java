package io.redfleet.monitor.fleet;

import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.health.Term;
import io.redfleet.contracts.wire.Position;
import io.redfleet.monitor.clock.Moment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One parked cluster, and whether the bus knows. Owned by the fleet's thread. */
final class Parked {
    /** As many as a watch remembers; there are few while nobody watches. */
    private static final int LATER_MAX = 256;

    private final Unread record;
    private final @Nullable Cell cell;
    private Past past;
    private boolean due = true;
    private @Nullable Moment writtenAt;

    /**
     * @param cell of the watch that has ended; what it told comes before the record that says so
     * @param past its health is the record that is to be written
     */
    Parked(Unread record, @Nullable Cell cell, Past past) {
        this.record = record;
        this.cell = cell;
        this.past = past;
    }

    Past past() {
        return past;
    }

    void heard(Fact fact, Position position) {
        boolean known = past.later().stream().anyMatch(told -> told.id().equals(fact.id()));
        if (known || past.later().size() >= LATER_MAX) {
            return;
        }
        List<Fact> later = new ArrayList<>(past.later());
        later.add(fact);
        Position last = past.newest();
        Position newest = last == null || position.offset() > last.offset() ? position : last;
        past = new Past(past.health(), later, newest, past.term());
    }

    void contradicted(Term term) {
        past = past.in(term);
        due = true;
    }

    /** Over a record of ours that only a later release can read, nothing is written. */
    void writeIfDue(Bus bus, Moment now) {
        ClusterHealth health = past.health();
        boolean early = writtenAt != null && !now.atLeast(Cell.HEALTH_EVERY, writtenAt);
        if (!due || early || health == null || record.ours() || (cell != null && !cell.quiet())) {
            return;
        }
        due = false;
        writtenAt = now;
        bus.write(health.in(past.term()), position -> {
            if (position.isEmpty()) {
                due = true;
            }
        });
    }
}
