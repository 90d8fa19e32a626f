/**
 * What happens, as it happens: events from the bus to whoever listens.
 *
 * <p>Decides which listener gets which event, under which id it can come back, and when a listener is too slow to be
 * kept. One listener never holds up another: each has a bounded queue, and a full one means its end. Nothing here is
 * lost for a listener that comes back with its last id: events stay on the bus.
 */
@NullMarked
package io.redfleet.gateway.live;

import org.jspecify.annotations.NullMarked;
