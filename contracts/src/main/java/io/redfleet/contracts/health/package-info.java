/**
 * What the monitor holds true of a cluster at this moment, and what it asks to be done about it.
 */
@NullMarked
package io.redfleet.contracts.health;

import org.jspecify.annotations.NullMarked;
