/**
 * Real parts and simulated time for tests: a Kafka broker, Redis and Sentinel as processes on ephemeral loopback ports, and
 * hosts that boot systemd where a container engine is.
 *
 * <p>Every part owns a temporary directory and the processes it started, and takes both away when it is closed. Nothing
 * here is a stand-in for what it is named after, and nothing here is on a class path outside tests.
 */
@NullMarked
package io.redfleet.testkit;

import org.jspecify.annotations.NullMarked;
