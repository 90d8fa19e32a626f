/**
 * The way of one event, order or attempt through the rooms: audit, incident, notice, route, delivery, and what is said
 * of it on the bus.
 *
 * <p>Everything that one call does belongs to one unit of work: all of it lasts, or none. Nothing here knows how a unit
 * of work is kept, and nothing waits.
 */
@NullMarked
package io.redfleet.alert.desk;

import org.jspecify.annotations.NullMarked;
