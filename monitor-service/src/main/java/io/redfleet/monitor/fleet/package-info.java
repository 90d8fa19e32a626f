/**
 * Every cluster that this process watches, driven by one thread.
 *
 * <p>Decides when cycles are judged, when health is written and whether anything automatic may be asked for at all. Speaks
 * to the bus and to the instances through ports that the edge fills.
 */
@NullMarked
package io.redfleet.monitor.fleet;

import org.jspecify.annotations.NullMarked;
