package io.redfleet.provisioner.plan;

import io.redfleet.provisioner.survey.Place;
import java.util.List;

/** Something about who may reach a cluster's ports on a host. By root. */
public sealed interface FirewallAction extends Action {
    /** The absolute form of the leased directory: root's home is another one. */
    String base();

    /** The uid of the cluster, the mark in its files. */
    String owner();

    /** Its name, after which its table and its files are called. */
    String cluster();

    /**
     * The table as it is to be, now and after a boot. Who reached a port of this host before reaches it after, and a new login
     * is possible, or the table is taken away again.
     *
     * @param rules the whole file of rules
     * @param unit the whole unit
     * @param ports of the instances there
     * @param others one place on each other host of the cluster, also of those that leave it and have not left yet, from which it
     *     is tried
     */
    record Shut(
            Place place,
            String base,
            String owner,
            String cluster,
            List<String> rules,
            List<String> unit,
            List<Integer> ports,
            List<Place> others)
            implements FirewallAction {
        public Shut {
            rules = List.copyOf(rules);
            unit = List.copyOf(unit);
            ports = List.copyOf(ports);
            others = List.copyOf(others);
        }
    }

    /** The end of the table and of both files, as far as the mark is ours. */
    record Open(Place place, String base, String owner, String cluster) implements FirewallAction {}
}
