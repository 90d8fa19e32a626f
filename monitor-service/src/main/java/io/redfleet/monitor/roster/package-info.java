/**
 * Which instances are watched, and how: read off the accepted state of a cluster.
 *
 * <p>Decides which address belongs to which instance. Never says who is master; the spec does not know.
 */
@NullMarked
package io.redfleet.monitor.roster;

import org.jspecify.annotations.NullMarked;
