/**
 * Scenarios over the real thing: the stack as {@code ./redfleet up} starts it, hosts with a real sshd, real Redis and
 * Sentinel. A scenario is a timeline: something is done, and each consequence has a deadline.
 */
@NullMarked
package io.redfleet.e2e;

import org.jspecify.annotations.NullMarked;
