/**
 * The users of a cluster and their passwords: made once when the cluster is accepted, sealed on the bus before any host
 * sees them, open only in memory.
 */
@NullMarked
package io.redfleet.provisioner.secret;

import org.jspecify.annotations.NullMarked;
