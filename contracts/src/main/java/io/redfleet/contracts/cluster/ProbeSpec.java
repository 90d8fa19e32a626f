package io.redfleet.contracts.cluster;

/**
 * As whom the monitor logs in to the nodes of a cluster that somebody else built, and the provisioner once it was taken over.
 *
 * @param user Redis's own where it has but one password: {@code default}
 * @param credential the name of a password file that the provisioner keeps, never the password
 */
public record ProbeSpec(String user, String credential) {}
