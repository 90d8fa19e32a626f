package io.redfleet.contracts.cluster;

/** An instance together with where it runs, as the services that talk to it need it. */
public record Member(InstanceId id, InstanceRole role, Endpoint endpoint, Endpoint announce, String zone) {}
