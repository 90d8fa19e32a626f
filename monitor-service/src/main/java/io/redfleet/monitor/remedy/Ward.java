package io.redfleet.monitor.remedy;

import io.redfleet.contracts.cluster.WatchMode;

/**
 * The cluster around a patient.
 *
 * @param majority of the configured Sentinels
 * @param votesSuffice whether the Sentinels could authorize a failover
 * @param candidate whether a replica lives that Sentinel may promote
 * @param futile whether Sentinel has tried to replace the patient and found no good replica
 * @param failingOver whether Sentinel is changing masters
 * @param masterKnown whether a majority names a master
 * @param silentMillis how long the patient has been failed
 * @param provenMillis after this long a master that nobody can replace counts as lost to Sentinel
 * @param brake why nothing automatic may be done in it; empty when it may
 */
public record Ward(
        WatchMode mode,
        int majority,
        boolean votesSuffice,
        boolean candidate,
        boolean futile,
        boolean failingOver,
        boolean masterKnown,
        long silentMillis,
        long provenMillis,
        String brake) {}
