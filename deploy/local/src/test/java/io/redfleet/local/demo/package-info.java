/** The pieces of the demo, against real sshd, Redis, Sentinel and Kafka. */
@NullMarked
package io.redfleet.local.demo;

import org.jspecify.annotations.NullMarked;
