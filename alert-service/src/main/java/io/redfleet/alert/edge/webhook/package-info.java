/**
 * Notices by HTTP: one POST per attempt, with a deadline, without redirects, and to no address that belongs to this
 * machine or its link.
 *
 * <p>Nothing here decides whether to try again.
 */
@NullMarked
package io.redfleet.alert.edge.webhook;

import org.jspecify.annotations.NullMarked;
