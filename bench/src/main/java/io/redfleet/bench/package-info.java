/**
 * Measures what the README and the architecture page claim: latencies over scripted and real peers, memory and start of the
 * whole stack. Prints figures with their counts; judges them against the stated bounds and says so in its exit status.
 */
@NullMarked
package io.redfleet.bench;

import org.jspecify.annotations.NullMarked;
