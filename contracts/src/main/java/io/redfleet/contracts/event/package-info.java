/**
 * The public facts: what each event carries. Names on the wire stand in {@link EventType}; a fact without its envelope is
 * an {@link Event}, with it a {@link Fact}.
 */
@NullMarked
package io.redfleet.contracts.event;

import org.jspecify.annotations.NullMarked;
