package io.redfleet.gateway.edge.config;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Starts the opening beside the HTTP listener, which says meanwhile that it is not ready, and ends it with the
 * process.
 */
@Singleton
public class Life {
    private final Thread opening;

    public Life(Opening opening) {
        this.opening = Thread.ofVirtual().name("opening").unstarted(opening);
    }

    void start(@Observes StartupEvent event) {
        opening.start();
    }

    void stop(@Observes ShutdownEvent event) {
        opening.interrupt();
    }
}
