/**
 * Records that must not be lost while the broker is away: written to one file first, then sent in order by one sender.
 */
@NullMarked
package io.redfleet.bus.outbox;

import org.jspecify.annotations.NullMarked;
