package io.redfleet.gateway.edge.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

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

    /** So many unknown tokens from one address within the window, and it is not heard for one window. */
    @WithDefault("10")
    int wrongTokens();

    /** See above. */
    @WithDefault("1m")
    Duration wrongTokensWindow();

    /** Requests a second of one viewer's token, with five seconds' worth at once. */
    @WithDefault("50")
    int viewerRate();

    /** Of one operator's token. */
    @WithDefault("50")
    int operatorRate();

    /** Of one admin's token. */
    @WithDefault("100")
    int adminRate();

    /** Postings a second of one host's Monit, which posts at each of its cycles and for each of its events. */
    @WithDefault("10")
    int reporterRate();

    /** Where the Monit of a host reports to, as ADDRESS:PORT; left out: nowhere. */
    Optional<String> collector();

    /** Streams that one token may hold open; all together are 200. */
    @WithDefault("20")
    int streamsPerToken();

    Tls tls();

    /** Files in PEM, by absolute paths. With both set every listener speaks TLS alone; one of them alone is refused. */
    interface Tls {
        /** The gateway's own certificate, and after it what leads to its authority. */
        Optional<Path> certificate();

        /** Its private key, for its owner alone. */
        Optional<Path> key();
    }
}
