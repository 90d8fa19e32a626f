/**
 * The rules that are judged once per cycle, as Monit means a cycle.
 *
 * <p>Decides when a failed rule asks for a restart, a stop or a program to be run, and when asking ends. Whether that may happen
 * is not decided here.
 */
@NullMarked
package io.redfleet.monitor.check;

import org.jspecify.annotations.NullMarked;
