/**
 * One cluster as it is watched: an immutable state, and what each observation makes of it.
 *
 * <p>Puts the judgments of the other rooms together into facts with ids and requests with evidence. Reads no clock and
 * talks to nobody; a test feeds it by hand.
 */
@NullMarked
package io.redfleet.monitor.watch;

import org.jspecify.annotations.NullMarked;
