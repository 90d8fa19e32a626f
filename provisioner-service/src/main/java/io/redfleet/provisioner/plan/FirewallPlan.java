package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.InstanceSpec;
import io.redfleet.contracts.cluster.Leaving;
import io.redfleet.provisioner.firewall.FilterFile;
import io.redfleet.provisioner.firewall.Sources;
import io.redfleet.provisioner.gate.OwnerGate;
import io.redfleet.provisioner.secret.Accounts;
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
 * <p>Whoever joins is let in before he starts, and who leaves is shut out once he has left: until then he counts as a member,
 * and is asked like one whether a table lets him in. Whether he has left is what the hosts show, so that what was narrowed is not
 * wanted wide again, and he is not asked any more. Who is lost is let in nowhere, and asked nothing.
 */
final class FirewallPlan {
    private FirewallPlan() {}

    /**
     * Before anything is started: a stage for each host, with those that leave let in. Last those on which somebody leaves and
     * that have a table: whoever joins may have to follow one of them yet.
     */
    static List<List<Step>> wanted(ClusterState cluster, ClusterSurvey survey) {
        ClusterSpec members = present(cluster, survey);
        StepMaker make = new StepMaker(cluster.everywhere(), survey);
        List<List<Step>> stages = new ArrayList<>();
        for (HostSpec host : filtered(members)) {
            HostSurvey seen = seen(survey, host);
            FirewallSurvey found = seen.systemd().firewall();
            boolean stays = cluster.spec().host(host.name()).isPresent();
            List<String> diff = diff(cluster, rules(cluster, members, host), found);
            if (!diff.isEmpty() && (stays || found.of(cluster.uid().value()))) {
                stages.add(List.of(shut(cluster, members, host, seen, make, "set", diff)));
            }
        }
        return stages;
    }

    /** Once those that leave are gone: on each host where they were let in; nothing where nobody leaves. */
    static List<List<Step>> narrowed(ClusterState cluster, ClusterSurvey survey, StepMaker make) {
        ClusterSpec members = present(cluster, survey);
        List<List<Step>> stages = new ArrayList<>();
        for (HostSpec host : filtered(cluster.spec())) {
            List<String> rules = rules(cluster, cluster.spec(), host);
            if (!rules.equals(rules(cluster, members, host))) {
                List<String> diff =
                        diff(cluster, rules, seen(survey, host).systemd().firewall());
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

    /**
     * Why nothing can be filtered there, or what filters there that is not ours, each in words for a person. What bears another's
     * mark is in the way of a spec that wants nothing filtered too: nothing would tell why nobody gets in.
     */
    static List<String> obstacles(ClusterState cluster, HostSurvey seen) {
        FirewallSurvey found = seen.systemd().firewall();
        List<String> reasons = new ArrayList<>();
        if (cluster.spec().firewall().wanted()) {
            reasons.addAll(lacking(cluster, found));
        }
        found.foreign(cluster.uid().value()).ifPresent(other -> {
            String whose = other.getValue().equals(TuningSurvey.STRANGE)
                    ? "was not made by Redfleet"
                    : "belongs to the cluster of uid " + other.getValue();
            String unit = "redfleet-" + cluster.name() + ".firewall.service";
            reasons.add(other.getKey() + " " + whose + " and is never written over: stop " + unit
                    + ", which takes its table away, then move it away");
        });
        return reasons;
    }

    private static List<String> lacking(ClusterState cluster, FirewallSurvey found) {
        List<String> reasons = new ArrayList<>();
        if (!found.nft()) {
            reasons.add("there is no " + FilterFile.NFT
                    + ": install the package nftables, or set spec.firewall.backend to none");
        } else if (!found.trouble().isEmpty()) {
            reasons.add("the tables of this host cannot be listed: " + found.trouble());
        }
        if (!found.listed().isEmpty() && found.owners().isEmpty() && !found.waiting()) {
            reasons.add("the table inet " + FilterFile.table(cluster.name())
                    + " was not made by Redfleet and is never written over: give it another name");
        }
        return reasons;
    }

    private static List<HostSpec> filtered(ClusterSpec members) {
        return members.firewall().wanted() ? members.hosts() : List.of();
    }

    /** The members, and with all that leaves of them those hosts of which something is still to go. */
    private static ClusterSpec present(ClusterState cluster, ClusterSurvey survey) {
        return cluster.spec()
                .joined(cluster.leavers().stream()
                        .filter(leaver -> !leaver.lost())
                        .map(Leaving::host)
                        .filter(host -> host.instances().stream()
                                .anyMatch(instance -> stillToGo(cluster, survey, host, instance)))
                        .toList());
    }

    /** A Sentinel that has forgotten the master goes on for others alone, and what bears another's mark is never ended. */
    private static boolean stillToGo(ClusterState cluster, ClusterSurvey survey, HostSpec host, InstanceSpec instance) {
        InstanceId id = InstanceId.of(host.name(), instance.name());
        String mark = OwnerGate.mark(cluster.spec(), cluster.uid(), id);
        return survey.instance(id)
                .filter(seen ->
                        seen.present() && !seen.retired() && seen.owner().equals(mark))
                .filter(seen ->
                        instance.role() == InstanceRole.REDIS || !seen.master().isEmpty())
                .isPresent();
    }

    private static HostSurvey seen(ClusterSurvey survey, HostSpec host) {
        HostSurvey seen = survey.hosts().get(host.name());
        if (seen == null) {
            throw new IllegalStateException("preflight let " + host.name() + " pass unseen");
        }
        return seen;
    }

    /** @param members whose addresses are let in, and whose ports on the host are judged; nobody else is asked to reach them */
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
                others(members, host, make));
        String title = "let in on " + host.name() + " only who may reach its ports, by the table inet "
                + FilterFile.table(cluster.name());
        return new Step(host.name() + "/firewall/" + word, title, diff, action);
    }

    private static List<Place> others(ClusterSpec members, HostSpec host, StepMaker make) {
        return members.hosts().stream()
                .filter(other -> !other.name().equals(host.name()))
                .map(make::onHost)
                .toList();
    }

    /** What differs, for a person; nothing: all is as wanted. */
    static List<String> diff(ClusterState cluster, List<String> rules, FirewallSurvey seen) {
        List<String> diff = new ArrayList<>();
        String path = FilterFile.rulesPath(cluster.name());
        if (!seen.rules().equals(HostFiles.hash(rules))) {
            String wanted = String.join("\n", rules) + "\n";
            diff.addAll(TextDiff.of(path, seen.rules(), seen.text(), wanted, Accounts.NONE)
                    .orElseGet(() -> whole(path, rules, !seen.rules().isEmpty())));
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

    private static List<String> whole(String path, List<String> rules, boolean present) {
        List<String> diff = new ArrayList<>();
        if (present) {
            diff.add("- " + path + ": as it is");
        }
        rules.stream()
                .map(String::strip)
                .filter(line -> line.contains("addr "))
                .forEach(line -> diff.add("+ " + path + ": " + line));
        return diff;
    }

    private static Optional<String> flag(boolean holds, String wanted) {
        return holds ? Optional.empty() : Optional.of("+ " + wanted);
    }
}
