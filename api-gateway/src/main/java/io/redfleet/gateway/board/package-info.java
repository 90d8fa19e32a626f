/**
 * The fleet at a glance: what the state topics say, as answers to questions people ask.
 *
 * <p>A {@link io.redfleet.gateway.board.Board} is one immutable reading of all views. Everything here is a pure
 * function of it: lists, one cluster, its topology, Monit's two layouts. It never judges health anew (that is the
 * monitor's) and never sees who asks: the caller's scope comes in as a predicate.
 */
@NullMarked
package io.redfleet.gateway.board;

import org.jspecify.annotations.NullMarked;
