/**
 * A Kafka broker in KRaft mode (broker and controller in one JVM) as an ordinary process on one machine.
 *
 * <p>Decides how such a broker is set up: loopback only, one replica of everything, no topic by accident, quick
 * restarts, nobody let in without an account, nobody allowed what no right says. It never creates topics and never
 * chooses where data lives: both are said by whoever starts it. It runs on its own class path, since it needs other Kafka
 * clients than the services.
 */
@NullMarked
package io.redfleet.broker;

import org.jspecify.annotations.NullMarked;
