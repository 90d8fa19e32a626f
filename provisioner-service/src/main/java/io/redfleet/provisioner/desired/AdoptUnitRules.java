package io.redfleet.provisioner.desired;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceSpec;
import io.redfleet.contracts.cluster.OwnPlace;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a spec may say of instances that somebody else built, and that run under units of systemd: all of them do, each under one
 * of its own, and {@code service: systemd} says so.
 */
final class AdoptUnitRules {
    private static final String WITH = " of a cluster that runs under its builder's units (at.unit)";

    private AdoptUnitRules() {}

    /** @param spec of a cluster that is to be taken over or was, as it was read, in whole or in part */
    static void judge(Broken broken, ClusterSpec spec) {
        boolean units = spec.hosts().stream()
                .flatMap(host -> host.instances().stream())
                .anyMatch(instance -> unit(instance) != null);
        if (!units) {
            if (spec.runsByInit()) {
                String rule =
                        "must be process where no instance names the unit that it runs under (at.unit) of a cluster"
                                + " that lies where somebody else put it (at)";
                broken.rule("spec.service", spec.service(), rule);
            }
            return;
        }
        if (!spec.runsOnSystemd()) {
            broken.rule("spec.service", spec.service(), "must be systemd" + WITH);
        }
        spec.hosts().forEach(host -> host(broken, host));
        if (spec.security().probe() != null) {
            String rule =
                    "must be left out" + WITH + " in this release: a start guard would have to know that password";
            broken.rule("spec.security.probe", "an object", rule);
        }
        if (spec.firewall().wanted()) {
            broken.rule("spec.firewall", "an object", "must be left out" + WITH + " in this release");
        }
        if (spec.tuning().wanted()) {
            broken.rule("spec.tuning", "on", "must be off" + WITH + " in this release");
        }
    }

    private static void host(Broken broken, HostSpec host) {
        Set<String> taken = new HashSet<>();
        for (InstanceSpec instance : host.instances()) {
            InstanceId id = InstanceId.of(host.name(), instance.name());
            String path = AdoptRules.path(id) + ".unit";
            String unit = unit(instance);
            if (unit == null) {
                broken.rule(path, "", "must be said of every instance or of none");
            } else if (!taken.add(unit)) {
                broken.rule(path, unit, "another instance of this host has the same unit");
            }
        }
    }

    private static @Nullable String unit(InstanceSpec instance) {
        OwnPlace at = instance.at();
        return at == null ? null : at.unit();
    }
}
