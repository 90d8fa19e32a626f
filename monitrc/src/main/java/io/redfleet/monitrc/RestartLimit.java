package io.redfleet.monitrc;

/** {@code if N restarts within M cycles then ...} (Monit manual, Service restart limit). */
public record RestartLimit(int restarts, int cycles, Action action) {}
