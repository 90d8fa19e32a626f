/**
 * What a running cluster that somebody built by hand is, told by asking it: from one Sentinel to all that it names.
 *
 * <p>Decides whom to ask, what the answers amount to as a spec, what a person has to fill in, and what speaks against
 * taking the cluster in. It asks what {@link io.redfleet.adopt.Question} has and nothing else, so it changes nothing on
 * any node; and it knows neither sockets nor the time.
 */
@NullMarked
package io.redfleet.adopt;

import org.jspecify.annotations.NullMarked;
