package io.redfleet.gateway.edge.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The gateway's own settings; an unknown key under this prefix ends the start. */
@ConfigMapping(prefix = "redfleet.gateway")
public interface GatewaySettings {
    /** How long a write waits for its outcome before it answers "pending". */
    @WithDefault("10s")
    Duration answerWithin();

    /** How long after it was sent an order may still be carried out. */
    @WithDefault("60s")
    Duration orderValid();

    /** How long a query to the alert-service may take. */
    @WithDefault("5s")
    Duration auditWithin();

    /** How often a stream without events shows a sign of life. */
    @WithDefault("15s")
    Duration heartbeat();

    /** How long a listener may take to read one event before it is cut. */
    @WithDefault("10s")
    Duration slowestListener();

    /** At most one audit event for refusals of one source in this time; the next one carries the count. */
    @WithDefault("10s")
    Duration refusalPause();
}
