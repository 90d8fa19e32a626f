package io.redfleet.monitor.failover;

import io.redfleet.contracts.event.FailoverEvent;

/** A step of a failover that is to be told, once per epoch and kind. */
public record Told(int epoch, FailoverEvent event, String reason) {}
