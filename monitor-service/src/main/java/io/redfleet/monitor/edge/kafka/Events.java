package io.redfleet.monitor.edge.kafka;

/** What was told of a partition's clusters, by others and by us: the way to read it back, and the way out. */
public record Events(EventTail tail, Outgoing outgoing) {}
