package io.redfleet.provisioner.archive;

import io.redfleet.contracts.cluster.ClusterSpec;

/** Where a host has the versions that were unpacked, beside each other. The scripts are told. */
public final class TreePlace {
    /** Where systemd runs the instances: root's, so that who is redis there cannot change what he runs. */
    private static final String MACHINE = "/opt/redis";

    /** Otherwise the SSH user's own, below his base directory. */
    private static final String OWN = "opt";

    private TreePlace() {}

    /** @param base the host's directory, as the spec has it or in its absolute form; the result is of the same form */
    public static String top(ClusterSpec spec, String base) {
        return spec.runsOnSystemd() ? MACHINE : base + "/" + OWN;
    }

    /** What an instance of that version runs: server and Sentinel alike, by the name under which it is called. */
    public static String binary(String top, String version) {
        return top + "/" + version + "/bin/redis-server";
    }
}
