/**
 * How a service reaches the bus: {@link io.redfleet.bus.BusSettings}, {@link io.redfleet.bus.BusProducer}. The only shared
 * code that knows Kafka and Jackson; it decides nothing about clusters.
 */
@NullMarked
package io.redfleet.bus;

import org.jspecify.annotations.NullMarked;
