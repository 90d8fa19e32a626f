/**
 * The fleet's side of the bus: which clusters are ours, what is told of them, and what is asked of us.
 *
 * <p>Reads and writes records and hands them to the fleet's thread; decides nothing but what to do with a record that
 * cannot be read.
 */
@NullMarked
package io.redfleet.monitor.edge.kafka;

import org.jspecify.annotations.NullMarked;
