package io.redfleet.monitor.fleet;

import java.time.Duration;

/**
 * @param instance this process's lasting name
 * @param settle for how long after a start, a takeover or a tilt nothing automatic is asked for
 */
public record FleetSettings(String instance, Duration settle) {}
