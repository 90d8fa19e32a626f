/**
 * Getting a notice to a receiver: attempts, the pauses between them, and when to give up.
 *
 * <p>At least once: after a crash the attempt in flight is made again under the same key, by which a receiver takes a
 * notice only once. Nothing here opens a connection.
 */
@NullMarked
package io.redfleet.alert.delivery;

import org.jspecify.annotations.NullMarked;
