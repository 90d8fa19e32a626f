package io.redfleet.local.demo;

import io.redfleet.local.Screen;
import io.redfleet.local.StartRefused;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What the demo's cluster stands on. */
sealed interface Ground permits DemoHosts, EngineHosts {
    /** How the act is called in which the hosts come up. */
    String title();

    /** The cluster's name, which tells the clusters of two grounds in one home apart. */
    String cluster();

    /** The spec's template, in deploy/local/demo. */
    String template();

    /** How long provisioning may take here. */
    Duration provisionedWithin();

    /** Starts what does not run; a host that runs keeps its key, so that the spec stays the same. */
    void raise(Screen screen) throws IOException, InterruptedException, StartRefused;

    /** Once they are up. */
    List<DemoHost> hosts();

    /** Everything that the spec's template asks for, once they are up. */
    Map<String, String> words() throws IOException;

    /** What a person would type to kill that Redis. */
    String killing(Orders.Master master);

    /**
     * Kills that Redis with SIGKILL, and nothing else on its host.
     *
     * @throws StartRefused if what was told of it does not fit what runs there, or the signal did not reach it
     */
    void kill(Orders.Master master) throws IOException, InterruptedException, StartRefused;

    /** The file that the spec is written to, below that place. */
    default Path spec(DemoPlace place) {
        return place.root().resolve(cluster() + ".yaml");
    }
}
