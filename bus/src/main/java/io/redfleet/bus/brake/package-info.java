/**
 * The brake that works without Kafka: files in the home of an installation, as {@code redfleet disarm} leaves them.
 *
 * <p>Reads what they say. Never decides what is done about it, and never writes one.
 */
@NullMarked
package io.redfleet.bus.brake;

import org.jspecify.annotations.NullMarked;
