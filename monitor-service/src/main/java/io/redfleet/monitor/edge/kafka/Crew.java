package io.redfleet.monitor.edge.kafka;

import io.redfleet.monitor.clock.Moment;
import io.redfleet.monitor.fleet.Fleet;
import io.redfleet.monitor.fleet.OrderDesk;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Whom the partitions of a process work for.
 *
 * @param passwords told of every probe's password, on the fleet's thread
 * @param thread the fleet's own thread, on which everything that reaches the fleet is run, in order
 */
public record Crew(Fleet fleet, OrderDesk desk, ProbePasswords passwords, Executor thread, Supplier<Moment> clock) {}
