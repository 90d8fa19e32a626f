package io.redfleet.contracts.cluster;

/**
 * The source out of which a cluster's Redis is built, on a host that has nothing else to do with the cluster.
 *
 * @param file its plain name among the provisioner's artefacts, such as {@code redis_8.0.2.orig.tar.gz}; never a path
 * @param sha256 of the whole file, 64 hex digits in lower case
 */
public record SourceSpec(String file, String sha256, BuildHost buildHost) {}
