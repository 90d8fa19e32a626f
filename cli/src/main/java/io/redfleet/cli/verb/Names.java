package io.redfleet.cli.verb;

import io.redfleet.cli.gateway.Gateway;
import java.util.Optional;

/** Names on the command line: a cluster, or {@code CLUSTER/HOST/NAME} for an instance. */
public final class Names {
    /** One instance of one cluster. */
    public record Instance(String cluster, String host, String name) {
        public String path() {
            return Names.cluster(cluster) + "/instances/" + Gateway.segment(host) + "/" + Gateway.segment(name);
        }

        public String id() {
            return host + "/" + name;
        }

        /** As people write it. */
        @Override
        public String toString() {
            return cluster + "/" + id();
        }
    }

    private Names() {}

    public static Optional<Instance> instance(String text) {
        String[] parts = text.split("/", -1);
        boolean whole = parts.length == 3 && !parts[0].isEmpty() && !parts[1].isEmpty() && !parts[2].isEmpty();
        return whole ? Optional.of(new Instance(parts[0], parts[1], parts[2])) : Optional.empty();
    }

    public static String cluster(String name) {
        return "/clusters/" + Gateway.segment(name);
    }
}
