package io.redfleet.monitor.fleet;

import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.health.Term;
import io.redfleet.contracts.wire.Position;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What whoever watched a cluster before has left of it, and the term in which we go on.
 *
 * @param health the last record; null if there is none
 * @param later what was told after that record, in order
 * @param newest where the newest fact lies that health and {@code later} include; null if none was ever told
 */
public record Past(
        @Nullable ClusterHealth health,
        List<Fact> later,
        @Nullable Position newest,
        Term term) {
    public Past {
        later = List.copyOf(later);
    }

    /** Nobody has watched it before. */
    public static Past none(Term term) {
        return new Past(null, List.of(), null, term);
    }

    Past with(@Nullable ClusterHealth other) {
        return new Past(other, later, newest, term);
    }

    Past in(Term other) {
        return new Past(health, later, newest, other);
    }
}
