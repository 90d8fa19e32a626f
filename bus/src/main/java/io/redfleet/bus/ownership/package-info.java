/**
 * Which process works on which partition.
 *
 * <p>A consumer group on one topic decides; what else a partition's owner needs lies in the same partition of other topics
 * and is read by hand, from the beginning where it is state. Exactly one owner works on a partition while all processes
 * run; a process that stalls for longer than a session may find itself dispossessed and is told so at once. What must not
 * be done twice across that moment needs a guard of its own (leases, derived ids).
 */
@NullMarked
package io.redfleet.bus.ownership;

import org.jspecify.annotations.NullMarked;
