package io.redfleet.provisioner.edge.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How hosts are looked at while nobody works on them; an unknown key under this prefix ends the start. */
@ConfigMapping(prefix = "redfleet.drift")
public interface DriftSettings {
    /** How often each cluster is looked at, as {@code 10m}; {@code off} or 0: never. {@link LookEvery} reads it. */
    @WithDefault("10m")
    String every();
}
