package io.redfleet.contracts.cluster;

/**
 * The archive out of which a cluster's Redis comes.
 *
 * @param file its plain name among the provisioner's artefacts, such as {@code redis-8.0.2.tar.gz}; never a path
 * @param sha256 of the whole file, 64 hex digits in lower case
 */
public record ArchiveSpec(String file, String sha256) {}
