package io.redfleet.contracts.event;

import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.wire.ServiceName;
import java.util.Map;

/** What Sentinels publish, unchanged in meaning. */
public sealed interface SentinelEvent extends Event {
    /**
     * @param name the channel, as in {@code +sdown}
     * @param fields the payload taken apart; empty for a payload of unknown form
     */
    @EventType(value = "sentinel.event", writer = ServiceName.MONITOR)
    record Published(String name, String payload, InstanceId sentinel, Map<String, String> fields)
            implements SentinelEvent {}
}
