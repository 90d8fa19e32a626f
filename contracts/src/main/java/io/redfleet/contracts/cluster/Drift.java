package io.redfleet.contracts.cluster;

import java.time.Instant;
import java.util.List;

/**
 * What was told last of the difference between a cluster's hosts and its spec, while nobody worked on it. It stands in the
 * cluster's record, so that whoever owns the cluster next repeats nothing and forgets nothing.
 *
 * @param number counts what was told, from 1; the ids of the events are made of it
 * @param plan the id of the plan that would undo it; empty: there is no difference any more
 * @param changes how many steps that plan has which change something; those that only wait are not counted
 * @param live how many of these change what runs, without a restart
 * @param starts how many of these start an instance
 * @param restarts how many of these are of instances that stop and start again
 * @param first the titles of the first of these, passwords masked
 * @param since when it was first found
 * @param told whether the event is on the bus for certain; if not, whoever comes next tells it, under the same id
 */
public record Drift(
        long number,
        String plan,
        int changes,
        int live,
        int starts,
        int restarts,
        List<String> first,
        Instant since,
        boolean told) {
    public Drift {
        first = List.copyOf(first);
    }

    /** Whether there is a difference, as far as was told. */
    public boolean stands() {
        return !plan.isEmpty();
    }

    /** The same, once its event is on the bus. */
    public Drift said() {
        return new Drift(number, plan, changes, live, starts, restarts, first, since, true);
    }

    /** The end of this one, which is to be told. */
    public Drift over() {
        return new Drift(number + 1, "", 0, 0, 0, 0, List.of(), since, false);
    }
}
