package io.redfleet.provisioner.drift;

import io.redfleet.contracts.cluster.Drift;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What follows from a look. */
public sealed interface Saying {
    /** What was told stands, or nothing was. */
    record Nothing() implements Saying {}

    /** A difference that is told once it is there at the next look too: it may be gone in a moment. */
    record NotYet() implements Saying {}

    /** @param next what is to be told, and stands from then on */
    record Tell(Drift next) implements Saying {}

    /**
     * A difference is told when two looks in a row show one that was not told yet; the end of it at the first look that
     * sees everything. A plan's id is another for each revision: where the last apply did not succeed the same difference is
     * known by what its plan would do, so that it is not told again for each revision that fails.
     *
     * @param told what was told last; null: nothing ever was
     * @param suspected whether the look before this one showed a difference that was not told yet
     * @param failed whether the last apply did not succeed
     */
    static Saying of(@Nullable Drift told, boolean suspected, boolean failed, Look look, Instant now) {
        return switch (look) {
            case Look.Blind blind -> new Nothing();
            case Look.Same same -> told != null && told.stands() ? new Tell(told.over()) : new Nothing();
            case Look.Differs differs -> {
                if (told != null && (told.plan().equals(differs.plan()) || (failed && alike(told, differs)))) {
                    yield new Nothing();
                }
                yield suspected ? new Tell(found(told, differs, now)) : new NotYet();
            }
        };
    }

    private static boolean alike(Drift told, Look.Differs differs) {
        return told.stands()
                && told.changes() == differs.changes()
                && told.live() == differs.live()
                && told.starts() == differs.starts()
                && told.restarts() == differs.restarts()
                && told.first().equals(differs.first());
    }

    private static Drift found(@Nullable Drift told, Look.Differs differs, Instant now) {
        return new Drift(
                told == null ? 1 : told.number() + 1,
                differs.plan(),
                differs.changes(),
                differs.live(),
                differs.starts(),
                differs.restarts(),
                differs.first(),
                told != null && told.stands() ? told.since() : now,
                false);
    }
}
