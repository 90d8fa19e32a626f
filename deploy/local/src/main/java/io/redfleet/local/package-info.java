/**
 * The stack on one machine: a Kafka broker, PostgreSQL and the four services as ordinary processes.
 *
 * <p>Decides in which order parts start, when each is ready, what is left alone, and what is ended. A process is known by
 * its pid together with the moment it started, so that a number which the kernel gave to somebody else is never
 * signalled. Everything listens on 127.0.0.1. It never deletes data and never ends what it has no record of.
 */
@NullMarked
package io.redfleet.local;

import org.jspecify.annotations.NullMarked;
