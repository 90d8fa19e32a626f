/**
 * The two clocks, joined, and the judgment whether they can be trusted.
 *
 * <p>Decides when the monitor is in tilt. Never reads a clock: whoever drives it does, once per step.
 */
@NullMarked
package io.redfleet.monitor.clock;

import org.jspecify.annotations.NullMarked;
