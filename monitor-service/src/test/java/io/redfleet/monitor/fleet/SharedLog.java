package io.redfleet.monitor.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.event.Event;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.FailoverEvent;
import io.redfleet.contracts.event.InstanceEvent;
import io.redfleet.contracts.event.WatchEvent;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.health.Term;
import io.redfleet.contracts.wire.Position;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What owners have said of one cluster, as it came to lie there, and what must hold of it for whoever reads it. */
final class SharedLog {
    record Entry(Fact fact, Term term) {}

    private final List<Entry> entries = new ArrayList<>();
    private final Map<String, Event> byId = new HashMap<>();
    private final Map<InstanceId, Boolean> down = new HashMap<>();
    private final Map<InstanceId, Boolean> failed = new HashMap<>();
    private final Set<Integer> begun = new HashSet<>();
    private final Set<Integer> switched = new HashSet<>();
    private final Set<Integer> aborted = new HashSet<>();
    private @Nullable ClusterHealth health;
    int repeats;

    Position append(Fact fact, Term term) {
        entries.add(new Entry(fact, term));
        Event before = byId.putIfAbsent(fact.id(), fact.event());
        if (before == null) {
            judge(fact);
        } else {
            repeats++;
            assertThat(before.getClass()).as(fact.id()).isEqualTo(fact.event().getClass());
        }
        return new Position("events", 0, entries.size() - 1L);
    }

    /** As compaction and the readers' rule leave it. */
    void health(ClusterHealth read) {
        health = health != null && health.outranks(read) ? health : read;
    }

    long end() {
        return entries.size();
    }

    List<Entry> from(long offset) {
        return List.copyOf(entries.subList((int) offset, entries.size()));
    }

    /** The failovers that were told to have begun, and neither to have switched nor to have been given up. */
    Set<Integer> withoutAnEnd() {
        Set<Integer> open = new HashSet<>(begun);
        open.removeAll(switched);
        open.removeAll(aborted);
        return open;
    }

    /** What a successor finds. */
    Past past(Term next) {
        ClusterHealth last = health;
        Position known = last == null ? null : last.lastEvent();
        long from = known == null ? 0 : known.offset() + 1;
        List<Fact> later = from(from).stream().map(Entry::fact).toList();
        return new Past(last, later, later.isEmpty() ? known : new Position("events", 0, end() - 1), next);
    }

    private void judge(Fact fact) {
        InstanceId instance = fact.about().instance();
        switch (fact.event()) {
            case InstanceEvent.Down d ->
                assertThat(down.put(instance, true))
                        .as(fact.id() + " follows an up")
                        .isNotEqualTo(true);
            case InstanceEvent.Up u -> down.put(instance, false);
            case WatchEvent.CheckFailed f ->
                assertThat(failed.put(instance, true))
                        .as(fact.id() + " follows a success")
                        .isNotEqualTo(true);
            case WatchEvent.CheckSucceeded s ->
                assertThat(failed.put(instance, false))
                        .as(fact.id() + " follows a failure")
                        .isEqualTo(true);
            case WatchEvent.MonitoringStopped s -> failed.put(instance, false);
            case FailoverEvent.Started s -> begun.add(s.epoch());
            case FailoverEvent.Switched s -> {
                assertThat(switched.add(s.epoch()))
                        .as("epoch " + s.epoch() + " switches once")
                        .isTrue();
                assertThat(aborted).as("what switches was not given up").doesNotContain(s.epoch());
            }
            case FailoverEvent.Aborted a -> {
                assertThat(aborted.add(a.epoch()))
                        .as("epoch " + a.epoch() + " is given up once")
                        .isTrue();
                assertThat(switched).as("what is given up did not switch").doesNotContain(a.epoch());
            }
            case FailoverEvent.Completed c ->
                assertThat(switched)
                        .as("what is completed was switched")
                        .contains(c.report().epoch());
            default -> {
                // No rule of its own.
            }
        }
    }
}
