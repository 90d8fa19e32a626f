package io.redfleet.provisioner.edge.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The provisioner's settings; an unknown key under this prefix ends the start. */
@ConfigMapping(prefix = "redfleet.provisioner")
public interface ProvisionerSettings {
    /** The state directory; keys lie in {@code credentials/ssh}, learnt host keys in {@code data/provisioner}. */
    String home();

    /** {@code host:port,...} of the broker. */
    String bootstrap();

    /** The file of this service's login there; without it {@code credentials/kafka/provisioner.properties} in the home. */
    Optional<Path> kafkaClient();

    /** Where the archives lie that specs name ({@code redis.archive}); without it {@code artefacts} in the home. */
    Optional<Path> artefacts();

    /** This process's lasting name in its group. */
    String instance();

    /** Where the Monits of hosts report, as the hosts reach it: {@code https://NAME:PORT}; without it none can be run there. */
    Optional<String> collector();

    /** Whether a key without a limits file beside it is not used at all. */
    @WithDefault("false")
    boolean limitsRequired();

    /** Whether a host key is refused, and shown by its fingerprint, that neither a spec nor known_hosts has. */
    @WithDefault("false")
    boolean hostKeysRequired();

    /** How many operations, and questions that have to ask hosts, go on at once. */
    @WithDefault("16")
    int operations();

    /** How many hosts are worked on at once. */
    @WithDefault("32")
    int hands();

    /** How long an operation waits for hosts that others work on: their longest step, a person's stop, takes five minutes. */
    @WithDefault("5m")
    Duration leaseWait();

    /** How many automatic restarts, of all clusters, may begin within ten minutes. */
    @WithDefault("10")
    int restarts();

    /** How often a host says how it is. */
    @WithDefault("1s")
    Duration facts();

    /** How long facts that say nothing new are kept back. */
    @WithDefault("30s")
    Duration factsAtLeast();
}
