package io.redfleet.provisioner.edge;

import io.redfleet.provisioner.edge.config.ProvisionerSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The settings of a provisioner in a test: a few hands, and waits that end within a test's patience. */
record SmallSettings(String home, String bootstrap, String instance, Path login) implements ProvisionerSettings {
    @Override
    public Optional<Path> kafkaClient() {
        return Optional.of(login);
    }

    @Override
    public Optional<Path> artefacts() {
        return Optional.empty();
    }

    @Override
    public Optional<String> collector() {
        return Optional.empty();
    }

    @Override
    public boolean limitsRequired() {
        return false;
    }

    @Override
    public boolean hostKeysRequired() {
        return false;
    }

    @Override
    public int operations() {
        return 4;
    }

    @Override
    public int hands() {
        return 8;
    }

    @Override
    public Duration leaseWait() {
        return Duration.ofMinutes(1);
    }

    /** A storm restarts more often than a fleet may. */
    @Override
    public int restarts() {
        return 1_000;
    }

    @Override
    public Duration facts() {
        return Duration.ofSeconds(1);
    }

    @Override
    public Duration factsAtLeast() {
        return Duration.ofSeconds(30);
    }
}
