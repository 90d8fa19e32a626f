package io.redfleet.alert.incident;

import io.redfleet.contracts.alert.Incident.State;
import io.redfleet.contracts.alert.Severity;
import io.redfleet.contracts.event.AlertEvent;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.wire.Actor;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Folds events into the open cases of one cluster.
 *
 * <p>Invariants: for a cluster and cause at most one case is open; a trouble hangs on one case only; a case resolves
 * with its last trouble and never opens again. An event that repeats must be stopped before it comes here.
 */
public final class Ledger {
    /**
     * When a root cause shows later than its consequences, those not older than this become part of it. A host's death
     * reaches us as several broken connections within one probe timeout and one SSH timeout.
     */
    static final Duration GATHER = Duration.ofSeconds(10);

    private static final Comparator<Case> LOUDEST_ROOT_FIRST = Comparator.<Case, TroubleKind>comparing(
                    one -> one.cause().kind())
            .thenComparing(one -> one.incident().openedAt());

    private Ledger() {}

    /**
     * The changes that this fact makes, in the order in which they are to be told; at least one.
     *
     * @param open the unresolved cases of the fact's cluster uid
     */
    public static List<Change> fold(List<Case> open, Fact fact) {
        List<Case> cases = open.stream().sorted(LOUDEST_ROOT_FIRST).toList();
        if (fact.event() instanceof AlertEvent.Acknowledged it) {
            return List.of(acknowledgedEarlier(cases, it, fact));
        }
        return switch (Causes.read(fact)) {
            case Reading.Breaks breaks -> breaks(cases, breaks, fact);
            case Reading.Mends mends -> mends(cases, mends, fact);
            case Reading.MendsEvery every -> mendAll(cases, every::includes, fact);
            case Reading.Leaves leaves -> mendAll(cases, leaves::includes, fact);
            case Reading.Settles settles ->
                mend(
                        cases,
                        settles.trouble()::equals,
                        one -> one.without(List.of(settles.trouble())).settled(),
                        fact);
            case Reading.Touches touches -> touch(cases, touches.trouble(), fact);
            case Reading.EndsAll all -> endAll(cases, fact);
            case Reading.Nothing nothing -> List.of(new Change.Ignored(nothing.why()));
        };
    }

    /** Somebody has seen it and looks after it. A second time changes nothing. */
    public static Change acknowledge(Case one, Actor actor, Instant now) {
        return switch (one.incident().state()) {
            case OPEN -> new Change.Acknowledged(one.acknowledged(actor, now));
            case ACKNOWLEDGED -> new Change.Ignored("acknowledged before");
            case RESOLVED -> new Change.Ignored("resolved before");
        };
    }

    private static List<Change> breaks(List<Case> cases, Reading.Breaks breaks, Fact fact) {
        Optional<Case> home = cases.stream()
                .filter(one -> one.waitsFor(breaks.trouble()))
                .findFirst()
                .or(() -> cases.stream()
                        .filter(one -> Roots.explains(one, breaks.trouble(), breaks.cause()))
                        .findFirst());
        if (home.isPresent()) {
            return List.of(new Change.Updated(
                    home.get().with(breaks.trouble(), breaks.severity()).after(fact)));
        }
        return open(cases, Case.opened(breaks, fact), fact);
    }

    private static List<Change> open(List<Case> cases, Case opened, Fact fact) {
        Instant notBefore = fact.at().minus(GATHER);
        List<Case> consequences = cases.stream()
                .filter(one -> one.incident().state() == State.OPEN)
                .filter(one -> !one.incident().openedAt().isBefore(notBefore))
                .filter(one -> Roots.explains(opened, one.cause(), one.cause()))
                .toList();
        Map<Trouble, Severity> troubles = new LinkedHashMap<>(opened.open());
        consequences.forEach(one -> one.open().forEach(troubles::putIfAbsent));
        List<Change> changes = new ArrayList<>();
        changes.add(new Change.Opened(new Case(opened.incident(), troubles)));
        consequences.forEach(one -> changes.add(new Change.Resolved(
                one.ended("Part of " + opened.id() + ": " + fact.about().reason(), fact))));
        return changes;
    }

    private static List<Change> mends(List<Case> cases, Reading.Mends mends, Fact fact) {
        boolean broken =
                cases.stream().anyMatch(one -> mends.troubles().stream().anyMatch(one::waitsFor));
        for (Trouble story : broken ? List.<Trouble>of() : mends.story()) {
            if (cases.stream().anyMatch(one -> one.waitsFor(story))) {
                return touch(cases, story, fact);
            }
        }
        return mend(cases, mends.troubles()::contains, one -> one.without(mends.troubles()), fact);
    }

    private static List<Change> mend(
            List<Case> cases, Predicate<Trouble> mended, UnaryOperator<Case> without, Fact fact) {
        List<Change> changes = cases.stream()
                .filter(one -> one.open().keySet().stream().anyMatch(mended))
                .map(one -> without.apply(one).after(fact))
                .<Change>map(one -> one.resolved() ? new Change.Resolved(one) : new Change.Updated(one))
                .toList();
        return changes.isEmpty() ? List.of(new Change.Ignored("nothing open waits for it")) : changes;
    }

    private static List<Change> touch(List<Case> cases, Trouble trouble, Fact fact) {
        return cases.stream()
                .filter(one -> one.waitsFor(trouble))
                .findFirst()
                .<List<Change>>map(one -> List.of(new Change.Touched(one.touched(fact))))
                .orElseGet(() -> List.of(new Change.Ignored("no open incident tells this story")));
    }

    private static List<Change> endAll(List<Case> cases, Fact fact) {
        List<Change> changes = cases.stream()
                .<Change>map(one -> new Change.Resolved(one.ended(fact.about().reason(), fact)))
                .toList();
        return changes.isEmpty() ? List.of(new Change.Ignored("nothing was open")) : changes;
    }

    /** Our own event read back: only a database that was rebuilt does not know it yet. */
    private static Change acknowledgedEarlier(List<Case> cases, AlertEvent.Acknowledged event, Fact fact) {
        Actor actor = fact.about().actor();
        Optional<Case> known =
                cases.stream().filter(one -> one.id().equals(event.incident())).findFirst();
        return known.isEmpty() || actor == null
                ? new Change.Ignored("our own")
                : acknowledge(known.get(), actor, fact.at());
    }

    private static List<Change> mendAll(List<Case> cases, Predicate<Trouble> which, Fact fact) {
        return mend(
                cases,
                which,
                one -> one.without(one.open().keySet().stream().filter(which).toList()),
                fact);
    }
}
