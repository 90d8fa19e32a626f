package io.redfleet.gateway.board;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.monitrc.Check;
import io.redfleet.monitrc.Monitrc;
import io.redfleet.monitrc.Rule;
import io.redfleet.monitrc.Target;
import io.redfleet.monitrc.Test;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the rules of a cluster say of its groups (Monit manual, Service groups) and of its hosts. Safe from any thread.
 * What was read of one text is kept, of as many as {@link #TEXTS}: clusters mostly share them.
 */
public final class Rules {
    private static final int TEXTS = 256;
    private static final Read NOTHING = new Read(Map.of(), List.of());

    /**
     * A check that is judged of every host or, if it is of an address, of the first one that has it.
     *
     * @param address of a check of one; empty elsewhere
     * @param ports that its rules test
     * @param rules by the words with which the monitor names them
     */
    record OfHosts(
            String name,
            HostLine.Kind kind,
            String address,
            Set<Integer> ports,
            List<String> rules,
            List<String> groups) {
        OfHosts {
            ports = Set.copyOf(ports);
            rules = List.copyOf(rules);
        }

        boolean isOf(HostName host, ClusterSpec spec) {
            return kind != HostLine.Kind.HOST
                    || Member.at(address, spec.members()).stream()
                            .findFirst()
                            .filter(first -> first.id().host().equals(host))
                            .isPresent();
        }

        /** Of an address: the instances that listen at its ports, in the order of the spec. */
        List<InstanceId> probed(ClusterSpec spec) {
            if (kind != HostLine.Kind.HOST) {
                return List.of();
            }
            return Member.at(address, spec.members()).stream()
                    .filter(member -> ports.contains(member.endpoint().port()))
                    .map(Member::id)
                    .toList();
        }
    }

    private record Read(Map<String, List<String>> groups, List<OfHosts> hosts) {}

    // Guarded by this. In order of the last use.
    private final Map<String, Read> read = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Read> eldest) {
            return size() > TEXTS;
        }
    };

    /** In the order of the rules; empty where they say nothing of it, or are of a release that we cannot read. */
    List<String> groups(ClusterSpec spec, InstanceId instance) {
        return read(spec).groups().getOrDefault(instance.name(), List.of());
    }

    /** In the order of the rules; empty like {@link #groups}. */
    List<OfHosts> ofHosts(ClusterSpec spec) {
        return read(spec).hosts();
    }

    private Read read(ClusterSpec spec) {
        String rules = spec.watch().rules();
        return rules.isBlank() ? NOTHING : read(rules);
    }

    private synchronized Read read(String rules) {
        return read.computeIfAbsent(rules, Rules::fresh);
    }

    private static Read fresh(String text) {
        List<Check> checks = Monitrc.read(text).file().checks();
        List<OfHosts> hosts = new ArrayList<>();
        for (Check check : checks) {
            switch (check.target()) {
                case Target.Machine machine -> hosts.add(ofHosts(check, HostLine.Kind.SYSTEM, ""));
                case Target.Filesystem filesystem -> hosts.add(ofHosts(check, HostLine.Kind.FILESYSTEM, ""));
                case Target.Host host -> hosts.add(ofHosts(check, HostLine.Kind.HOST, host.address()));
                default -> {
                    // About instances, or about nothing that is judged here.
                }
            }
        }
        Map<String, List<String>> groups =
                checks.stream().collect(Collectors.toUnmodifiableMap(Check::name, Check::groups, (one, other) -> one));
        return new Read(groups, List.copyOf(hosts));
    }

    private static OfHosts ofHosts(Check check, HostLine.Kind kind, String address) {
        List<String> rules = check.rules().stream().map(Monitrc::words).toList();
        Set<Integer> ports = check.rules().stream()
                .map(Rule::test)
                .filter(Test.Connection.class::isInstance)
                .map(test -> ((Test.Connection) test).port())
                .collect(Collectors.toSet());
        return new OfHosts(check.name(), kind, address, ports, rules, check.groups());
    }
}
