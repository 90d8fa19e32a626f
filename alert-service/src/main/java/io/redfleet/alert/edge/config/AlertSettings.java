package io.redfleet.alert.edge.config;

import io.redfleet.contracts.alert.Severity;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Every setting of this service, with its default. */
@ConfigMapping(prefix = "redfleet.alert")
public interface AlertSettings {
    /** Where this installation keeps what it must not lose; {@code REDFLEET_HOME}. */
    Path home();

    /** The brokers; {@code REDFLEET_BOOTSTRAP}. */
    String bootstrap();

    /**
     * The file of this service's login there; {@code REDFLEET_KAFKA_CLIENT}. Without it {@code
     * credentials/kafka/alert.properties} in the home.
     */
    Optional<Path> kafkaClient();

    /** The lasting name of this process; {@code REDFLEET_INSTANCE}. */
    @WithDefault("alert-0")
    String instance();

    HoldDowns holdDown();

    Attempts attempts();

    Webhooks webhook();

    Keeping keep();

    /** By name; none: incidents and the audit trail alone. */
    Map<String, ReceiverSettings> receivers();

    /** How long a case must stay open before anybody is told. */
    interface HoldDowns {
        @WithDefault("PT2S")
        Duration critical();

        @WithDefault("PT30S")
        Duration warning();

        /** A cause told of within this time flaps: its next hold-down is doubled. */
        @WithDefault("PT10M")
        Duration flapWindow();

        @WithDefault("PT5M")
        Duration longest();
    }

    /** How often, and how long, a notice is tried. */
    interface Attempts {
        @WithDefault("PT1S")
        Duration firstPause();

        @WithDefault("PT5M")
        Duration longestPause();

        @WithDefault("PT24H")
        Duration lasting();
    }

    /** How long what is over stays. */
    interface Keeping {
        /** Resolved incidents. */
        @WithDefault("P30D")
        Duration resolved();

        /** Audit entries; not shorter than the bus keeps events. */
        @WithDefault("P400D")
        Duration audit();
    }

    /** What holds for every webhook. */
    interface Webhooks {
        /** For one attempt as a whole. */
        @WithDefault("PT10S")
        Duration deadline();

        /** A receiver on this very machine, as in tests and the demo. */
        @WithDefault("false")
        boolean allowLoopback();
    }

    /** One webhook. */
    interface ReceiverSettings {
        URI url();

        /** Quieter incidents are not for this one. */
        @WithDefault("WARNING")
        Severity atLeast();

        /** So long after the last notice of what is open and acknowledged by nobody; from 1m to 7d. None: never. */
        Optional<Duration> repeat();

        /** A file whose first line is sent as a bearer token. */
        Optional<Path> secretFile();
    }
}
