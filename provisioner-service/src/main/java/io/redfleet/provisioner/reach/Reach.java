package io.redfleet.provisioner.reach;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.JumpHost;
import io.redfleet.contracts.cluster.ProbeSpec;
import io.redfleet.contracts.cluster.SourceSpec;
import io.redfleet.contracts.cluster.SshSpec;
import io.redfleet.contracts.wire.Violation;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Whether the keys that a spec names may be used as it says. */
public final class Reach {
    /** The one way of running processes that touches nothing of the machine's own. */
    private static final String USER_LEVEL = "process";

    private static final String PROBE = "spec.security.probe.credential";
    private static final String BUILD = "spec.redis.source.buildHost";

    private Reach() {}

    /** Every rule that is broken. Says nothing of other clusters, nor of what else a key is for. */
    public static List<Violation> judge(ClusterSpec spec, KeyLimits.Source keys) {
        List<Violation> broken = new ArrayList<>();
        for (int i = 0; i < spec.hosts().size(); i++) {
            host(spec, spec.hosts().get(i), "spec.hosts[" + i + "]", keys, broken);
        }
        return broken;
    }

    /**
     * The same of the password that the monitor logs in with, where the spec names one: it is sent to each of its addresses.
     * Once the cluster is managed, also to what its instances announce.
     */
    public static List<Violation> judgeProbe(ClusterSpec spec, KeyLimits.Source passwords) {
        ProbeSpec probe = spec.security().probe();
        if (probe == null) {
            return List.of();
        }
        List<Violation> broken = new ArrayList<>();
        String name = probe.credential();
        KeyLimits limits = passwords.of(name);
        if (limits instanceof KeyLimits.Unusable unusable) {
            broken.add(new Violation(PROBE, name, unusable.reason()));
            return broken;
        }
        if (limits instanceof KeyLimits.Limited limited && !limited.mayServe(spec.name(), spec.labels())) {
            broken.add(new Violation(PROBE, name, "is a password that may not be used for this cluster"));
        }
        for (int i = 0; i < spec.hosts().size(); i++) {
            String address = spec.hosts().get(i).address();
            String field = "spec.hosts[" + i + "].address";
            forbids(limits, name, address).ifPresent(rule -> broken.add(new Violation(field, address, rule)));
            if (!spec.observed()) {
                announced(spec.hosts().get(i), "spec.hosts[" + i + "]", name, limits, broken);
            }
        }
        return broken;
    }

    private static void announced(HostSpec host, String path, String name, KeyLimits limits, List<Violation> broken) {
        for (int i = 0; i < host.instances().size(); i++) {
            String address = host.instances().get(i).announce().host();
            String field = path + ".instances[" + i + "].announce";
            if (!address.equals(host.address())) {
                forbids(limits, name, address).ifPresent(rule -> broken.add(new Violation(field, address, rule)));
            }
        }
    }

    /** The same in a sentence; empty if all is well. */
    public static Optional<String> refusal(ClusterSpec spec, KeyLimits.Source keys) {
        return said(judge(spec, keys));
    }

    /** The same of the key of the build host. */
    public static Optional<String> refusalToBuild(ClusterSpec spec, KeyLimits.Source keys) {
        return said(judgeBuild(spec, keys));
    }

    private static Optional<String> said(List<Violation> broken) {
        return broken.stream().findFirst().map(first -> first.field() + " " + first.value() + " " + first.rule());
    }

    /** Why a key may not be used there; what is no address as it is written is nobody's to reach. */
    static Optional<String> forbids(KeyLimits limits, String key, String address) {
        Optional<InetAddress> literal = Addresses.literal(address);
        return literal.isPresent() ? limits.forbids(key, literal.get()) : Optional.of("is not an IP address");
    }

    /**
     * The same of the key of the build host, where a spec has one: of that host only a directory of the SSH user's is changed, and
     * what keeps from building keeps from nothing else.
     */
    public static List<Violation> judgeBuild(ClusterSpec spec, KeyLimits.Source keys) {
        List<Violation> broken = new ArrayList<>();
        SourceSpec source = spec.redis().source();
        if (source == null) {
            return broken;
        }
        String address = source.buildHost().address();
        String key = source.buildHost().ssh().credential();
        KeyLimits limits = keys.of(key);
        if (limits instanceof KeyLimits.Unusable unusable) {
            broken.add(new Violation(BUILD + ".ssh.credential", key, unusable.reason()));
            return broken;
        }
        forbids(limits, key, address).ifPresent(rule -> broken.add(new Violation(BUILD + ".address", address, rule)));
        jump(source.buildHost().ssh(), BUILD + ".ssh.via", limits, broken);
        if (limits instanceof KeyLimits.Limited limited && !limited.mayServe(spec.name(), spec.labels())) {
            String rule = "is a key that may not be used for this cluster";
            broken.add(new Violation(BUILD + ".ssh.credential", key, rule));
        }
        return broken;
    }

    private static void host(
            ClusterSpec spec, HostSpec host, String path, KeyLimits.Source keys, List<Violation> broken) {
        String key = host.ssh().credential();
        KeyLimits limits = keys.of(key);
        if (limits instanceof KeyLimits.Unusable unusable) {
            broken.add(new Violation(path + ".ssh.credential", key, unusable.reason()));
            return;
        }
        forbids(limits, key, host.address())
                .ifPresent(rule -> broken.add(new Violation(path + ".address", host.address(), rule)));
        jump(host.ssh(), path + ".ssh.via", limits, broken);
        if (limits instanceof KeyLimits.Limited limited) {
            if (!limited.mayServe(spec.name(), spec.labels())) {
                String rule = "is a key that may not be used for this cluster";
                broken.add(new Violation(path + ".ssh.credential", key, rule));
            }
            if (!spec.service().equals(USER_LEVEL) && !limited.hostWide()) {
                String rule = "changes what belongs to the whole machine, which key " + key + " may not";
                broken.add(new Violation("spec.service", spec.service(), rule));
            }
            if (spec.tuning().wanted() && !limited.hostWide()) {
                String rule = "changes what belongs to the whole machine, which key " + key + " may not";
                String profile = spec.tuning().profile().name().toLowerCase(Locale.ROOT);
                broken.add(new Violation("spec.tuning", profile, rule));
            }
        }
    }

    /** The key is shown to the jump host too. */
    private static void jump(SshSpec ssh, String field, KeyLimits limits, List<Violation> broken) {
        String via = ssh.via();
        if (via != null) {
            JumpHost.read(via)
                    .map(jump -> forbids(limits, ssh.credential(), jump.address()))
                    .orElse(Optional.of("is no jump host: user@address:port"))
                    .ifPresent(rule -> broken.add(new Violation(field, via, rule)));
        }
    }
}
