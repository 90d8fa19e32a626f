/**
 * The bus as this gateway uses it: orders and access events out by channels, tokens out by the bus's producer, state
 * and what happens in by its followers. Turns every failure of the transport into a value here. Decides nothing.
 */
@NullMarked
package io.redfleet.gateway.edge.kafka;

import org.jspecify.annotations.NullMarked;
