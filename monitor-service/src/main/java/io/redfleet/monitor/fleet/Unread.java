package io.redfleet.monitor.fleet;

import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.wire.Position;
import org.jspecify.annotations.Nullable;

/**
 * A record that a cluster's watch stands on, and that cannot be read.
 *
 * @param uid as far as it could be made out; null if it could not
 * @param ours whether it is of the monitor's own keeping, and of a later release: then nothing may be written over it
 */
public record Unread(Position at, @Nullable ClusterUid uid, String why, boolean ours) {}
