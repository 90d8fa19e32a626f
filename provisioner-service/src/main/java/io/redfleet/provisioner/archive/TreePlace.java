package io.redfleet.provisioner.archive;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.provisioner.engine.Engine;

/** Where a host has the versions that were unpacked, beside each other. The scripts are told. */
public final class TreePlace {
    /** Where systemd runs the instances: root's, so that who is redis there cannot change what he runs. */
    private static final String MACHINE = "/opt/";

    /** Otherwise the SSH user's own, below his base directory. */
    private static final String OWN = "opt";

    private TreePlace() {}

    /**
     * Of each engine another one, for a Redis and a Valkey can have the same version.
     *
     * @param base the host's directory, as the spec has it or in its absolute form; the result is of the same form
     */
    public static String top(ClusterSpec spec, String base) {
        Engine engine = Engine.of(spec.redis());
        if (spec.runsOnSystemd()) {
            return MACHINE + engine.word();
        }
        return base + "/" + OWN + (engine == Engine.REDIS ? "" : "-" + engine.word());
    }

    /** What an instance of the spec's version runs: server and Sentinel alike, by the name under which it is called. */
    public static String binary(ClusterSpec spec, String base) {
        return binary(spec, base, spec.redis().version());
    }

    /** The same of one of another version. */
    public static String binary(ClusterSpec spec, String base, String version) {
        return top(spec, base) + "/" + version + "/bin/"
                + Engine.of(spec.redis()).server();
    }
}
