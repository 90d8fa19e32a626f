package io.redfleet.contracts.cluster;

/**
 * What of one host leaves its cluster, because somebody named it, and is not gone to the end yet.
 *
 * @param host with those of its instances alone that leave
 * @param lost whether its machine is lost for good: nothing on it is touched, and what answers there is not it
 */
public record Leaving(HostSpec host, boolean lost) {}
