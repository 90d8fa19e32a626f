package io.redfleet.monitor.failover;

import io.redfleet.monitor.clock.Moment;

/**
 * One line of a timeline. All moments are ours, at the arrival of the line: witnesses need no common clock.
 *
 * @param trouble whether it says that the master is not well: with the first of these a failover's story begins
 */
public record Mark(Moment at, String witness, String what, boolean trouble) {
    public Mark(Moment at, String witness, String what) {
        this(at, witness, what, false);
    }
}
