package io.redfleet.provisioner.desired;

import io.redfleet.contracts.cluster.FirewallSpec;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceSpec;
import io.redfleet.provisioner.reach.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads {@code firewall}: nothing is filtered unless a spec asks for it. Whoever asks names both the monitors and the clients:
 * one that is forgotten would be shut out, and what is shut out looks like an outage.
 */
final class FirewallRules {
    private static final String NFTABLES = "nftables";
    private static final String MONITORS = "monitors";
    private static final String CLIENTS = "clients";
    private static final String ALONE = "goes with backend: nftables alone";
    private static final int MOST = 100;
    private static final String NETWORK_RULE = "must be an IPv4 address or a network in CIDR, such as 10.0.0.0/16, with"
            + " no bit set beyond the network's; names are not asked for";

    private final Fields fields;

    private FirewallRules(Fields fields) {
        this.fields = fields;
    }

    static FirewallSpec read(Fields firewall, boolean systemd, List<HostSpec> hosts) {
        String backend = firewall.choice("backend", "none", List.of("none", NFTABLES));
        FirewallSpec read = FirewallSpec.NONE;
        if (backend.equals(NFTABLES)) {
            read = new FirewallRules(firewall).asked(systemd, hosts);
        } else {
            firewall.unsupported(MONITORS, ALONE);
            firewall.unsupported(CLIENTS, ALONE);
        }
        firewall.end();
        return read;
    }

    private FirewallSpec asked(boolean systemd, List<HostSpec> hosts) {
        if (!systemd) {
            String rule = "needs service: systemd: root filters, and a unit does it again at boot";
            fields.broken().rule(fields.path("backend"), NFTABLES, rule);
        }
        List<String> monitors = networks(MONITORS);
        if (monitors.isEmpty()) {
            String rule = "must name the addresses from which monitors probe: one that is shut out sees an outage";
            named(MONITORS, rule);
        }
        List<String> clients = networks(CLIENTS);
        if (!fields.has(CLIENTS)) {
            named(CLIENTS, "must name the addresses of applications; an empty list lets in none of them");
        }
        for (int i = 0; i < hosts.size(); i++) {
            sshStaysOpen(hosts.get(i), "spec.hosts[" + i + "].ssh.port");
        }
        return new FirewallSpec(FirewallSpec.Backend.NFTABLES, monitors, clients);
    }

    /** Where something of the list is wrong, that has been said. */
    private void named(String key, String rule) {
        if (!fields.has(key) || fields.isEmptyList(key)) {
            fields.broken().rule(fields.path(key), fields.has(key) ? List.of() : "", rule);
        }
    }

    /** The instances' own ports are judged alone, so SSH must not have one of them. */
    private void sshStaysOpen(HostSpec host, String path) {
        for (InstanceSpec instance : host.instances()) {
            if (instance.port() == host.ssh().port()) {
                String rule = "is the port of " + instance.name() + " too, which would be shut to everybody else";
                fields.broken().rule(path, instance.port(), rule);
            }
        }
    }

    private List<String> networks(String key) {
        List<String> networks = new ArrayList<>();
        List<Fields.Item> items = fields.items(key);
        if (items.size() > MOST) {
            fields.broken().rule(fields.path(key), items.size() + " entries", "must have at most " + MOST + " entries");
            return networks;
        }
        for (Fields.Item item : items) {
            String text = String.valueOf(item.value());
            Optional<Range> range = Range.of(text);
            if (range.isEmpty() || !range.get().isIpv4()) {
                fields.broken().rule(item.path(), text, NETWORK_RULE);
            } else if (range.get().bits() == 0) {
                fields.broken().rule(item.path(), text, "is everybody: name networks, or leave firewall out");
            } else {
                networks.add(range.get().canonical());
            }
        }
        return networks;
    }
}
