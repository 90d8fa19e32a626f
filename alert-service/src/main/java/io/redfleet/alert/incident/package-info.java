/**
 * From events to incidents: which event breaks, mends or merely touches what, and which troubles are one cause.
 *
 * <p>The table of causes is {@link io.redfleet.alert.incident.Causes}; grouping by root cause is {@link
 * io.redfleet.alert.incident.Roots}; {@link io.redfleet.alert.incident.Ledger} folds one event into the open cases of
 * its cluster. At most one case is open for a cluster and cause. Nothing here decides who is told, reads a clock or
 * keeps anything.
 */
@NullMarked
package io.redfleet.alert.incident;

import org.jspecify.annotations.NullMarked;
