package io.redfleet.provisioner.apply;

import io.redfleet.provisioner.lease.LeaseState;
import java.time.Duration;
import java.util.List;

/**
 * Leases that were asked for at once, and for how long that is gone on with (decision 0039).
 *
 * <p>Whoever holds one behind another that it does not hold has it out of turn: two who do so, and wait, wait for each other.
 * So it ends as soon as one is seen to be another's or lost, and after a second in any case: a host that is silent must not keep
 * the others from anybody. While nothing is held out of turn there is no harm in waiting for all.
 *
 * @param states in the order in which leases are waited for, as they are now
 */
record AtOnce(List<LeaseState> states) {
    /**
     * How many are asked for at once, the next ones when these are held: so many SSH sessions one operation opens in one go, and
     * one less it may give back and ask for again.
     */
    static final int PLACES = 8;

    /** Well below the grace of whoever does not wait, which would be refused for a lease that is given back right then. */
    static final Duration OUT_OF_TURN = Duration.ofSeconds(1);

    AtOnce {
        states = List.copyOf(states);
    }

    /** How many of the first are held. */
    int held() {
        int first = 0;
        while (first < states.size() && states.get(first) instanceof LeaseState.Held) {
            first++;
        }
        return first;
    }

    /** Whether one is held behind one that is not. */
    boolean outOfTurn() {
        return states.stream().skip(held()).anyMatch(LeaseState.Held.class::isInstance);
    }

    /**
     * Whether it ends, with all of them or without.
     *
     * @param outOfTurn for how long some were held so
     */
    boolean over(Duration outOfTurn) {
        return held() == states.size()
                || states.stream().anyMatch(AtOnce::isDenied)
                || (outOfTurn() && outOfTurn.compareTo(OUT_OF_TURN) >= 0);
    }

    private static boolean isDenied(LeaseState state) {
        return switch (state) {
            case LeaseState.Busy busy -> true;
            case LeaseState.Lost lost -> true;
            case LeaseState.Asked asked -> false;
            case LeaseState.Held held -> false;
        };
    }
}
