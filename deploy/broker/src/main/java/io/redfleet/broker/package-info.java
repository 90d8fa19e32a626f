/** A Kafka broker in KRaft mode as one ordinary process. */
@NullMarked
package io.redfleet.broker;

import org.jspecify.annotations.NullMarked;
