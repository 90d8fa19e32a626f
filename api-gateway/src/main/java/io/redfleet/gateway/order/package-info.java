/**
 * From a request to an order, and from an order to an answer.
 *
 * <p>Decides an order's id and life time, matches outcomes to those who wait for them, and holds an answer back
 * until this gateway's own views show what it says (read-your-writes). Never judges what an order asks for: that
 * belongs to the service that carries it out, whose refusal is handed on as it is.
 */
@NullMarked
package io.redfleet.gateway.order;

import org.jspecify.annotations.NullMarked;
