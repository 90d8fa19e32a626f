package io.redfleet.monitor.failover;

import io.redfleet.monitor.clock.Moment;

/** One line of a timeline. All moments are ours, at the arrival of the line: witnesses need no common clock. */
public record Mark(Moment at, String witness, String what) {}
