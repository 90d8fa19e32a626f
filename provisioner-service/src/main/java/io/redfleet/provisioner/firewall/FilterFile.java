package io.redfleet.provisioner.firewall;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceSpec;
import io.redfleet.provisioner.reach.Range;
import io.redfleet.provisioner.tuning.HostFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The files by which a host lets in only who may reach a cluster's ports: rules for nft, and the unit that loads them at boot.
 * Their first line says whose they are.
 *
 * <p>The table is the cluster's own. What begins a connection to an address and port of its instances is judged, and nothing
 * else: a packet of a connection that stands, one to any other port, SSH's above all, and one from the host itself go their way.
 */
public final class FilterFile {
    /** What loads them; Debian's and Red Hat's package nftables has it there. */
    public static final String NFT = "/usr/sbin/nft";

    private static final Pattern UID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
    private static final String HEAD = "# Written by Redfleet for the cluster of this uid, which takes it away again.";

    private FilterFile() {}

    /** A dash could be read as a minus; no cluster's name has an underscore, so no two have one table. */
    public static String table(ClusterName cluster) {
        return "redfleet_" + cluster.value().replace('-', '_');
    }

    /** Beside the programs that a host's admin allows, in a directory of root's. */
    public static String rulesPath(ClusterName cluster) {
        return "/etc/redfleet/firewall-" + cluster + ".nft";
    }

    /** With a dot, which no name of an instance has: no unit of one is called so. */
    public static String unitPath(ClusterName cluster) {
        return "/etc/systemd/system/redfleet-" + cluster + ".firewall.service";
    }

    /**
     * Loaded whole or not at all; loaded again they replace what they made, with no moment between. A host's address is of one
     * family, and sources of the other never reach it.
     *
     * @throws IllegalArgumentException if the host's address is none, or a word could be more than a word
     */
    public static List<String> rules(ClusterUid owner, ClusterName cluster, HostSpec host, List<Range> sources) {
        Range address = Range.of(host.address())
                .orElseThrow(() -> new IllegalArgumentException("not an address: " + host.address()));
        String family = address.isIpv4() ? "ip" : "ip6";
        String table = "table inet " + table(cluster);
        String ports = host.instances().stream()
                .map(InstanceSpec::port)
                .sorted()
                .distinct()
                .map(String::valueOf)
                .collect(Collectors.joining(", "));
        List<String> lines = head(owner);
        lines.add(table);
        lines.add("delete " + table);
        lines.add(table + " {");
        lines.add("  chain asked {");
        sources.stream()
                .filter(source -> source.isIpv4() == address.isIpv4())
                .map(Range::canonical)
                .forEach(source -> lines.add("    " + family + " saddr " + source + " accept"));
        lines.add("    meta l4proto tcp counter reject with tcp reset");
        lines.add("  }");
        lines.add("  chain input {");
        lines.add("    type filter hook input priority 0; policy accept;");
        lines.add("    iif lo accept");
        lines.add("    " + family + " daddr " + address.canonical() + " tcp dport { " + ports + " }"
                + " tcp flags & (fin | syn | rst | ack) == syn jump asked");
        lines.add("  }");
        lines.add("}");
        return List.copyOf(lines);
    }

    /**
     * A unit that loads the rules before the network is up, and again after whatever has thrown away every table:
     * {@code nftables.service} does, when it is restarted or reloaded. Stopped it takes the table away.
     */
    public static List<String> unit(ClusterUid owner, ClusterName cluster) {
        String load = NFT + " -f " + rulesPath(cluster);
        List<String> lines = head(owner);
        lines.addAll(List.of(
                "[Unit]",
                "Description=Who may reach the ports of Redfleet's cluster " + cluster,
                "DefaultDependencies=no",
                "Wants=network-pre.target",
                "Before=network-pre.target shutdown.target",
                "Conflicts=shutdown.target",
                "After=local-fs.target nftables.service",
                "PartOf=nftables.service",
                "ReloadPropagatedFrom=nftables.service",
                "",
                "[Service]",
                "Type=oneshot",
                "RemainAfterExit=yes",
                "ExecStart=" + load,
                "ExecReload=" + load,
                "ExecStop=-" + NFT + " delete table inet " + table(cluster),
                "",
                "[Install]",
                "WantedBy=sysinit.target"));
        return List.copyOf(lines);
    }

    private static List<String> head(ClusterUid owner) {
        if (!UID.matcher(owner.value()).matches()) {
            throw new IllegalArgumentException("a uid that could break out of its line");
        }
        List<String> lines = new ArrayList<>();
        lines.add(HostFiles.MARK + owner);
        lines.add(HEAD);
        return lines;
    }
}
