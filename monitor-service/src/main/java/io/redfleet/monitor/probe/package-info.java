/**
 * What is asked of an instance, what came back, and what that means for the one instance alone.
 *
 * <p>Decides when an instance counts as up, loading, hung, down or unreachable. Knows nothing of other instances, of
 * Sentinels or of what to do about it.
 */
@NullMarked
package io.redfleet.monitor.probe;

import org.jspecify.annotations.NullMarked;
