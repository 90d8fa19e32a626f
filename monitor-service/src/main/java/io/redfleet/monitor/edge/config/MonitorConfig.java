package io.redfleet.monitor.edge.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Everything that can be set; an unknown {@code redfleet.*} key ends the start. */
@ConfigMapping(prefix = "redfleet")
public interface MonitorConfig {
    /** The state directory of this machine's Redfleet. */
    Path home();

    /** The brokers, {@code host:port,...}. */
    String bootstrap();

    /** The file of this service's login there; without it {@code credentials/kafka/monitor.properties} in the home. */
    Optional<Path> kafkaClient();

    /** This process's lasting name among all monitors. */
    @WithDefault("monitor-0")
    String instance();

    Monitor monitor();

    interface Monitor {
        /** For how long after a start, a takeover or a tilt nothing automatic is asked for. */
        @WithDefault("PT10S")
        Duration settle();

        /** How large the file of unsent records may grow before observations are given up. */
        @WithDefault("16777216")
        long outboxBytes();
    }
}
