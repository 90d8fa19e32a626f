package io.redfleet.provisioner.desired;

import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.InstanceSpec;
import io.redfleet.contracts.cluster.SentinelSpec;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Rules between the parts of a spec. */
final class ClusterRules {
    /** With two, losing one leaves no majority to authorize a failover (sentinel.c, failover votes). */
    private static final int FEWEST_SENTINELS = 3;

    private ClusterRules() {}

    /** @param hosts one or more */
    static void judge(Broken broken, List<HostSpec> hosts, SentinelSpec sentinel, boolean weakQuorum) {
        unique(broken, hosts);
        if (SpecReader.count(hosts, InstanceRole.REDIS) == 0) {
            broken.rule("spec.hosts", "0 redis instance(s)", "at least one host must carry a redis instance");
        } else if (nobodyMayLead(hosts)) {
            broken.rule("spec.hosts", "0", "every redis instance has replicaPriority 0: none could ever be promoted");
        }
        int sentinels = SpecReader.count(hosts, InstanceRole.SENTINEL);
        if (sentinels == 0) {
            broken.rule("spec.hosts", "0 sentinel instance(s)", "at least one host must carry a sentinel instance");
            return;
        }
        if (sentinel.quorum() > sentinels) {
            broken.rule(
                    "spec.sentinel.quorum", sentinel.quorum(), "must be at most the number of Sentinels: " + sentinels);
        }
        if (sentinels < FEWEST_SENTINELS && !weakQuorum) {
            String rule =
                    "fewer than three Sentinels survive no loss; set spec.sentinel.allowWeakQuorum to true to accept";
            broken.rule("spec.hosts", sentinels + " sentinel instance(s)", rule);
        }
    }

    private static void unique(Broken broken, List<HostSpec> hosts) {
        Set<String> names = new HashSet<>();
        Set<String> endpoints = new HashSet<>();
        Set<String> announced = new HashSet<>();
        for (int h = 0; h < hosts.size(); h++) {
            HostSpec host = hosts.get(h);
            String path = "spec.hosts[" + h + "]";
            if (!names.add(host.name().value())) {
                broken.rule(path + ".name", host.name(), "host names must differ");
            }
            Set<String> onHost = new HashSet<>();
            for (InstanceSpec instance : host.instances()) {
                if (!onHost.add(instance.name())) {
                    broken.rule(path + ".instances", instance.name(), "instance names on one host must differ");
                }
            }
            taken(host, endpoints, announced)
                    .ifPresent(twice ->
                            broken.rule(path + ".instances", twice, "another instance has the same address and port"));
        }
    }

    /** The first endpoint of the host that another instance listens on or announces already. */
    private static Optional<String> taken(HostSpec host, Set<String> endpoints, Set<String> announced) {
        Optional<String> first = Optional.empty();
        for (InstanceSpec instance : host.instances()) {
            String endpoint = host.address() + ":" + instance.port();
            String told = instance.announce().toString();
            boolean listens = endpoints.add(endpoint);
            boolean announces = announced.add(told);
            if (!(listens && announces) && first.isEmpty()) {
                first = Optional.of(listens ? told : endpoint);
            }
        }
        return first;
    }

    private static boolean nobodyMayLead(List<HostSpec> hosts) {
        return hosts.stream()
                .flatMap(host -> host.instances().stream())
                .filter(instance -> instance.role() == InstanceRole.REDIS)
                .allMatch(instance -> instance.replicaPriority() == 0);
    }
}
