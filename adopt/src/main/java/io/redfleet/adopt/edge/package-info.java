/** The sockets under a survey: who asks, how long is waited, and how much of an answer is read. */
@NullMarked
package io.redfleet.adopt.edge;

import org.jspecify.annotations.NullMarked;
