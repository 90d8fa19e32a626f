/**
 * Redis out of an archive that lies on the provisioner: what it may be called, what it may have been built of, where a host has
 * it, and what a host says of the versions that lie there.
 *
 * <p>A version that lies there is never written over by another archive. Knows no host and plans nothing: that is {@code survey}
 * and {@code plan}.
 */
@NullMarked
package io.redfleet.provisioner.archive;

import org.jspecify.annotations.NullMarked;
