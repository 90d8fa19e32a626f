/**
 * Records to bytes and back.
 *
 * <p>JSON by Jackson; the rules of the wire (names as plain strings, ISO-8601 times and durations, {@code type} for closed
 * choices, unknown fields ignored) stand in one place, so that no record needs an annotation. Events are CloudEvents 1.0 in
 * binary mode. Bytes that cannot be read become an {@link io.redfleet.bus.codec.Unreadable} with the reason; nothing here
 * decides what follows from that.
 */
@NullMarked
package io.redfleet.bus.codec;

import org.jspecify.annotations.NullMarked;
