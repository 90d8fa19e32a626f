/**
 * How far a key reaches: which addresses, for which clusters.
 *
 * <p>An installation's admin says it in a file beside the key, for a spec can name any key that lies there and whoever may
 * write a spec could otherwise aim another team's key at another team's hosts. Decides; never reads a file, never connects:
 * it is asked when a spec is judged, when an operation begins, and by the connection itself with the address that it is
 * really about to talk to.
 */
@NullMarked
package io.redfleet.provisioner.reach;

import org.jspecify.annotations.NullMarked;
