/**
 * The bus: events and orders in, with their offsets kept in the database beside their effects; events, incidents,
 * outcomes and dead letters out, from the outbox table.
 *
 * <p>Nothing here decides what an event means, and nothing is sent that is not in the outbox.
 */
@NullMarked
package io.redfleet.alert.edge.kafka;

import org.jspecify.annotations.NullMarked;
