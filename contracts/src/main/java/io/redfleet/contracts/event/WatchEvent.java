package io.redfleet.contracts.event;

import io.redfleet.contracts.wire.ServiceName;

/** What the rules said, and whether they are being judged. */
public sealed interface WatchEvent extends Event {
    /** A rule held for as many cycles as it asks for. */
    @EventType(value = "check.failed", writer = ServiceName.MONITOR)
    record CheckFailed(String rule, int count, int cycles) implements WatchEvent {}

    /** The opposite of {@link CheckFailed}. */
    @EventType(value = "check.succeeded", writer = ServiceName.MONITOR)
    record CheckSucceeded(String rule) implements WatchEvent {}

    /**
     * The provisioner has been asked to start or restart it.
     *
     * @param attempt which one of the open window of the restart limit, or of the last 64 cycles where it slides; from 1
     */
    @EventType(value = "restart.requested", writer = ServiceName.MONITOR)
    record RestartRequested(String remediation, int attempt) implements WatchEvent {}

    /** The provisioner has been asked to stop it, by a rule. */
    @EventType(value = "stop.requested", writer = ServiceName.MONITOR)
    record StopRequested(String remediation) implements WatchEvent {}

    /**
     * The provisioner has been asked to run a program on its host, by a rule.
     *
     * @param program the path of an entry of the host's allow-list
     */
    @EventType(value = "exec.requested", writer = ServiceName.MONITOR)
    record ExecRequested(String remediation, String program) implements WatchEvent {}

    /** So many restarts within so many cycles: no more is asked for. */
    @EventType(value = "restart.limitReached", writer = ServiceName.MONITOR)
    record LimitReached(int restarts, int cycles) implements WatchEvent {}

    /** Judging has ended: by a person, a rule, or with that of what it depends on. */
    @EventType(value = "monitoring.stopped", writer = ServiceName.MONITOR)
    record MonitoringStopped(boolean byLimit) implements WatchEvent {}

    @EventType(value = "monitoring.started", writer = ServiceName.MONITOR)
    record MonitoringStarted() implements WatchEvent {}

    /**
     * The Monit of a host has said that it stops. That is no failure, and its silence is none until it reports again.
     *
     * @param host of the cluster
     */
    @EventType(value = "monit.stopped", writer = ServiceName.MONITOR)
    record MonitStopped(String host) implements WatchEvent {}

    /** The opposite of {@link MonitStopped}: it reports again. */
    @EventType(value = "monit.started", writer = ServiceName.MONITOR)
    record MonitStarted(String host) implements WatchEvent {}

    /** What would have been done had the mode, the brake or tilt not forbidden it. */
    @EventType(value = "action.wouldHave", writer = ServiceName.MONITOR)
    record WouldHave(String action, String because) implements WatchEvent {}
}
