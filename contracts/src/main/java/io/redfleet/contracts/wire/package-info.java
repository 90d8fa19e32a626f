/**
 * How the services speak to each other: orders, their outcomes, and where records lie on the bus.
 */
@NullMarked
package io.redfleet.contracts.wire;

import org.jspecify.annotations.NullMarked;
