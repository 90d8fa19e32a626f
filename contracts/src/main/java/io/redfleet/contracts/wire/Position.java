package io.redfleet.contracts.wire;

/** A record on the bus: topic by its full name, partition, offset. */
public record Position(String topic, int partition, long offset) {}
