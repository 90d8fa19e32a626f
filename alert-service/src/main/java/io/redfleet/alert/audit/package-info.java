/**
 * The audit trail: every event that ever passed, whole, also those of types that this release does not know.
 *
 * <p>An entry is never changed. Nothing here judges what an event means.
 */
@NullMarked
package io.redfleet.alert.audit;

import org.jspecify.annotations.NullMarked;
