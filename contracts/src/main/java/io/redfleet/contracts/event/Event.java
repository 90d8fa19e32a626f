package io.redfleet.contracts.event;

/** What happened. Past tense, immutable; every state has its opposite. */
public sealed interface Event
        permits InstanceEvent,
                WatchEvent,
                RestartEvent,
                StopEvent,
                ExecEvent,
                SentinelEvent,
                FailoverEvent,
                TopologyEvent,
                FleetEvent,
                HostEvent,
                OperationEvent,
                AlertEvent,
                AccessEvent {}
