package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceSpec;
import io.redfleet.provisioner.firewall.FilterFile;
import io.redfleet.provisioner.firewall.Sources;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.FirewallSurvey;
import io.redfleet.provisioner.survey.HostSurvey;
import io.redfleet.provisioner.survey.Place;
import io.redfleet.provisioner.survey.TuningSurvey;
import io.redfleet.provisioner.tuning.HostFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who may reach a cluster's ports, host after host: where one is shut too tight, the others are still as they were.
 *
 * <p>Whoever joins is let in before he starts, and who leaves is shut out once he has left: until then he counts as a member.
 */
final class FirewallPlan {
    private FirewallPlan() {}

    /** Before anything is started: a stage for each host, with those that leave let in. */
    static List<List<Step>> wanted(ClusterState cluster, ClusterSurvey survey, StepMaker make) {
        List<List<Step>> stages = new ArrayList<>();
        for (HostSpec host : filtered(cluster)) {
            List<String> rules = rules(cluster, cluster.everywhere(), host);
            List<String> diff = diff(cluster, rules, seen(survey, host).systemd().firewall());
            if (!diff.isEmpty()) {
                stages.add(List.of(shut(cluster, cluster.everywhere(), host, seen(survey, host), make, "set", diff)));
            }
        }
        return stages;
    }

    /** Once those that leave are gone: on each host where they were let in; nothing where nobody leaves. */
    static List<List<Step>> narrowed(ClusterState cluster, ClusterSurvey survey, StepMaker make) {
        List<List<Step>> stages = new ArrayList<>();
        for (HostSpec host : filtered(cluster)) {
            List<String> rules = rules(cluster, cluster.spec(), host);
            if (!rules.equals(rules(cluster, cluster.everywhere(), host))) {
                List<String> diff = diff(cluster, rules, seen(survey, host).systemd().firewall());
                stages.add(List.of(shut(cluster, cluster.spec(), host, seen(survey, host), make, "narrow", diff)));
            }
        }
        return stages;
    }

    /** What is the cluster's and not wanted any more. */
    static List<Step> unwanted(ClusterState cluster, ClusterSurvey survey, StepMaker make) {
        return cluster.spec().firewall().wanted() ? List.of() : ended(cluster, survey, make);
    }

    /** All that is the cluster's, on hosts that answered. */
    static List<Step> ended(ClusterState cluster, ClusterSurvey survey, StepMaker make) {
        List<Step> steps = new ArrayList<>();
        for (HostSpec host : cluster.spec().hosts()) {
            HostSurvey seen = survey.hosts().get(host.name());
            if (seen != null && seen.systemd().firewall().of(cluster.uid().value())) {
                Action action = new FirewallAction.Open(
                        make.onHost(host),
                        seen.base(),
                        cluster.uid().value(),
                        cluster.name().value());
                String table = "table inet " + FilterFile.table(cluster.name());
                List<String> diff = List.of(
                        "- " + table,
                        "- " + FilterFile.rulesPath(cluster.name()),
                        "- " + FilterFile.unitPath(cluster.name()));
                String title = "let everybody reach the ports on " + host.name() + " again";
                steps.add(new Step(host.name() + "/firewall/open", title, diff, action));
            }
        }
        return steps;
    }

    /** Why nothing can be filtered there, each in words for a person. */
    static List<String> obstacles(ClusterState cluster, HostSurvey seen) {
        FirewallSurvey found = seen.systemd().firewall();
        List<String> reasons = new ArrayList<>();
        if (!found.nft()) {
            reasons.add("there is no " + FilterFile.NFT
                    + ": install the package nftables, or set spec.firewall.backend to none");
        } else if (!found.trouble().isEmpty()) {
            reasons.add("the tables of this host cannot be listed: " + found.trouble());
        }
        found.foreign(cluster.uid().value()).ifPresent(other -> {
            String whose = other.getValue().equals(TuningSurvey.STRANGE)
                    ? "was not made by Redfleet"
                    : "belongs to the cluster of uid " + other.getValue();
            reasons.add(other.getKey() + " " + whose + " and is never written over: move it away first");
        });
        if (!found.listed().isEmpty() && found.owners().isEmpty() && !found.waiting()) {
            reasons.add("the table inet " + FilterFile.table(cluster.name())
                    + " was not made by Redfleet and is never written over: give it another name");
        }
        return reasons;
    }

    private static List<HostSpec> filtered(ClusterState cluster) {
        return cluster.spec().firewall().wanted() ? cluster.spec().hosts() : List.of();
    }

    private static HostSurvey seen(ClusterSurvey survey, HostSpec host) {
        HostSurvey seen = survey.hosts().get(host.name());
        if (seen == null) {
            throw new IllegalStateException("preflight let " + host.name() + " pass unseen");
        }
        return seen;
    }

    /** @param members whose addresses are let in, and whose ports on the host are judged */
    private static List<String> rules(ClusterState cluster, ClusterSpec members, HostSpec host) {
        HostSpec whole = members.host(host.name()).orElse(host);
        return FilterFile.rules(cluster.uid(), cluster.name(), whole, Sources.of(members));
    }

    private static Step shut(
            ClusterState cluster,
            ClusterSpec members,
            HostSpec host,
            HostSurvey seen,
            StepMaker make,
            String word,
            List<String> diff) {
        HostSpec whole = members.host(host.name()).orElse(host);
        Action action = new FirewallAction.Shut(
                make.onHost(host),
                seen.base(),
                cluster.uid().value(),
                cluster.name().value(),
                rules(cluster, members, host),
                FilterFile.unit(cluster.uid(), cluster.name()),
                whole.instances().stream().map(InstanceSpec::port).toList(),
                others(cluster.spec(), host, make));
        String title = "let in on " + host.name() + " only who may reach its ports, by the table inet "
                + FilterFile.table(cluster.name());
        return new Step(host.name() + "/firewall/" + word, title, diff, action);
    }

    private static List<Place> others(ClusterSpec spec, HostSpec host, StepMaker make) {
        return spec.hosts().stream()
                .filter(other -> !other.name().equals(host.name()))
                .map(make::onHost)
                .toList();
    }

    /** What differs, for a person; nothing: all is as wanted. */
    private static List<String> diff(ClusterState cluster, List<String> rules, FirewallSurvey seen) {
        List<String> diff = new ArrayList<>();
        String path = FilterFile.rulesPath(cluster.name());
        if (!seen.rules().equals(HostFiles.hash(rules))) {
            if (!seen.rules().isEmpty()) {
                diff.add("- " + path + ": as it is");
            }
            rules.stream()
                    .map(String::strip)
                    .filter(line -> line.contains("addr "))
                    .forEach(line -> diff.add("+ " + path + ": " + line));
        }
        if (!seen.unit().equals(HostFiles.hash(FilterFile.unit(cluster.uid(), cluster.name())))) {
            diff.add("+ " + FilterFile.unitPath(cluster.name()));
        }
        if (!seen.loaded()) {
            String found = seen.listed().isEmpty() ? "" : ", which is not as it was applied";
            diff.add("+ table inet " + FilterFile.table(cluster.name()) + found);
        }
        flag(seen.enabled(), "the unit is started at boot").ifPresent(diff::add);
        flag(seen.active(), "the unit is started").ifPresent(diff::add);
        flag(!seen.waiting(), "the end of an attempt that was cut off").ifPresent(diff::add);
        flag(seen.of(cluster.uid().value()), "the mark of the cluster").ifPresent(diff::add);
        return diff;
    }

    private static Optional<String> flag(boolean holds, String wanted) {
        return holds ? Optional.empty() : Optional.of("+ " + wanted);
    }
}
