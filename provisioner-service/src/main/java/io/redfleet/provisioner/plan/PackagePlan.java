package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.provisioner.packages.Family;
import io.redfleet.provisioner.packages.HostPackages;
import io.redfleet.provisioner.packages.HostPackages.Choice;
import io.redfleet.provisioner.packages.HostPackages.Moved;
import io.redfleet.provisioner.packages.HostPackages.Otherwise;
import io.redfleet.provisioner.packages.HostPackages.Pinned;
import io.redfleet.provisioner.packages.HostPackages.Unlisted;
import io.redfleet.provisioner.packages.HostPackages.Unsound;
import io.redfleet.provisioner.packages.PackageNotes;
import io.redfleet.provisioner.packages.PackageSurvey;
import io.redfleet.provisioner.packages.PackageSurvey.Needrestart;
import io.redfleet.provisioner.packages.RpmPackages;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.HostSurvey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The packages of a cluster whose spec says {@code install: packages}; nothing of another.
 *
 * <p>What will be installed is planned with as if it were there, so that the whole plan is seen before. Where a host's lists have
 * nothing that fits they are read anew, once, and the rest is planned after.
 */
final class PackagePlan {
    private static final String SUBJECT = "packages";
    /** Lists that are younger, in seconds, are not read anew: once is enough for an operation. */
    static final long FRESH = 600;

    private final ClusterState cluster;
    private final ClusterSurvey survey;
    /** Of hosts that answered and have apt or dnf, in the order of the spec. */
    private final Map<HostName, Choice> choices = new LinkedHashMap<>();

    private PackagePlan(ClusterState cluster, ClusterSurvey survey) {
        this.cluster = cluster;
        this.survey = survey;
        if (cluster.spec().redis().packaged()) {
            for (HostSpec host : cluster.spec().hosts()) {
                HostSurvey seen = survey.hosts().get(host.name());
                if (seen != null && seen.packages().family() != Family.NONE) {
                    PackageSurvey found = seen.packages();
                    String wanted = cluster.spec().redis().version();
                    Choice choice = found.family().choose(host, wanted, found);
                    choices.put(
                            host.name(),
                            found.family() == Family.DEBIAN
                                    ? PackageChange.judged(cluster, host, seen, choice)
                                    : choice);
                }
            }
        }
    }

    static PackagePlan of(ClusterState cluster, ClusterSurvey survey) {
        return new PackagePlan(cluster, survey);
    }

    /** What comes before all else: packages or an archive, then what is set of the machine. */
    static List<List<Step>> machines(ClusterState cluster, ClusterSurvey survey, StepMaker make) {
        List<List<Step>> stages = new ArrayList<>();
        stages.add(of(cluster, survey).wanted(make));
        stages.add(MonitPackagePlan.wanted(cluster, survey, make));
        stages.add(ArchivePlan.wanted(cluster, survey, make));
        stages.addAll(TuningPlan.wanted(cluster, survey, make));
        stages.addAll(FirewallPlan.wanted(cluster, survey));
        return stages;
    }

    /** The hosts as they are once the packages are installed and changed, or the archive is unpacked. */
    ClusterSurvey foreseen() {
        return foreseen(true);
    }

    /** @param turns whether the turns are foreseen too in which another version comes to a host */
    ClusterSurvey foreseen(boolean turns) {
        if (!cluster.spec().redis().packaged()) {
            return ArchivePlan.foreseen(cluster, survey);
        }
        Map<HostName, HostSurvey> hosts = new LinkedHashMap<>();
        survey.hosts().forEach((name, seen) -> {
            Choice choice = choices.get(name);
            String release = choice == null || (choice instanceof Moved && !turns)
                    ? seen.version()
                    : PackageChange.release(choice, seen.version());
            HostSurvey having = seen.having(seen.packages().family().binary(), release);
            hosts.put(name, MonitPackagePlan.foreseen(cluster, having));
        });
        return survey.on(hosts);
    }

    /** Why nothing may be touched, each in words for a person. */
    List<Plan.Obstacle> obstacles() {
        List<Plan.Obstacle> found = new ArrayList<>();
        if (!cluster.spec().redis().packaged()) {
            return found;
        }
        for (HostSpec host : cluster.spec().hosts()) {
            HostSurvey seen = survey.hosts().get(host.name());
            if (seen != null) {
                obstacles(host, seen)
                        .forEach(reason ->
                                found.add(new Plan.Obstacle(host.name().value(), SUBJECT, reason)));
            }
        }
        several().ifPresent(found::add);
        return found;
    }

    /** What is to take another version's place, by host. */
    Map<HostName, Moved> moved() {
        return PackageChange.moved(choices);
    }

    /** Versions that are installed and not wanted, and stay. */
    List<Plan.Refused> refused() {
        List<Plan.Refused> refused = new ArrayList<>();
        choices.forEach((name, choice) -> {
            if (choice instanceof Otherwise otherwise) {
                HostSpec host = cluster.spec().host(name).orElseThrow();
                List<String> diff = new ArrayList<>();
                otherwise.found().forEach((each, version) -> diff.add("- " + each + "=" + version));
                diff.add("+ redis " + asked());
                String reason = PackageChange.refusal(cluster, host, seen(host), otherwise, asked());
                refused.add(new Plan.Refused(name.value(), SUBJECT, diff, reason));
            }
        });
        return refused;
    }

    /** The plan where apt has to read its lists first; empty: it has not. */
    Optional<Plan> unlisted() {
        StepMaker make = new StepMaker(cluster.spec(), survey);
        List<Step> steps = new ArrayList<>();
        choices.forEach((name, choice) -> {
            if (choice instanceof Unlisted || MonitPackagePlan.unlisted(cluster, survey, name)) {
                HostSpec host = cluster.spec().host(name).orElseThrow();
                HostSurvey seen = seen(host);
                Action action = PackageTools.lists(cluster, seen, make.onHost(host));
                String tool = seen.packages().family().tool();
                String title = "let " + tool + " on " + name + " read its lists of packages anew";
                steps.add(new Step(name + "/packages/lists", title, List.of(), action));
            }
        });
        String note =
                "not all that is wanted is offered, by lists that may be old; the rest is planned once they are read";
        return steps.isEmpty()
                ? Optional.empty()
                : Optional.of(new Plan(List.of(steps), List.of(), List.of(note), true));
    }

    private List<Step> wanted(StepMaker make) {
        List<Step> steps = new ArrayList<>();
        choices.forEach((name, choice) -> {
            HostSpec host = cluster.spec().host(name).orElseThrow();
            HostSurvey seen = seen(host);
            if (choice instanceof Pinned pinned
                    && !missing(pinned, seen.packages()).isEmpty()) {
                Action action = PackageTools.install(cluster, seen, make.onHost(host), pinned);
                String title = "install and hold " + HostPackages.shown(pinned.pins()) + " on " + name;
                steps.add(new Step(name + "/packages/install", title, missing(pinned, seen.packages()), action));
            }
        });
        return steps;
    }

    /** As a difference; nothing: all is as wanted. */
    private List<String> missing(Pinned pinned, PackageSurvey seen) {
        List<String> missing = new ArrayList<>();
        pinned.pins().forEach((name, version) -> {
            if (!seen.of(name).installed()) {
                missing.add("+ " + name + "=" + version);
            }
            if (!seen.of(name).held()) {
                missing.add("+ hold " + name);
            }
        });
        if (seen.needrestart() == Needrestart.MISSING) {
            missing.add("+ " + Needrestart.PATH);
        }
        if (!seen.notes().clusters().containsKey(cluster.uid().value())) {
            missing.add("+ used by " + cluster.name());
        }
        if (seen.notes().pending()) {
            missing.add("+ the end of an installation that was interrupted");
        }
        return missing;
    }

    private List<String> obstacles(HostSpec host, HostSurvey found) {
        PackageSurvey seen = found.packages();
        if (seen.family() == Family.NONE) {
            return List.of("install: packages needs apt and dpkg, as Debian and Ubuntu have them, or dnf and rpm on a"
                    + " host of the RHEL family, and this host is " + found.os()
                    + ": set spec.redis.install to present");
        }
        List<String> reasons = new ArrayList<>();
        if (seen.notes().strange()) {
            reasons.add(PackageNotes.PATH + " was not made by Redfleet and is never written over: move it away first");
        }
        if (seen.needrestart() == Needrestart.STRANGE) {
            reasons.add(Needrestart.PATH + " was not made by Redfleet and is never written over: move it away first");
        }
        Choice choice = choices.get(host.name());
        if (choice == null) {
            throw new IllegalStateException("no choice was made for " + host.name());
        }
        switch (choice) {
            case Pinned pinned -> running(pinned, seen).ifPresent(reasons::add);
            case Moved moved -> {}
            case Otherwise otherwise ->
                reasons.add(PackageChange.refusal(cluster, host, seen(host), otherwise, asked()));
            case Unsound unsound -> reasons.add(unsound.reason());
            case Unlisted unlisted -> stillNone(host, unlisted, seen).ifPresent(reasons::add);
        }
        reasons.addAll(
                seen.family() == Family.RHEL
                        ? RpmPlan.obstacles(cluster, seen.rpm())
                        : MonitPackagePlan.obstacles(cluster, seen));
        return reasons;
    }

    /** A unit of the vendor's that runs is somebody else's, unless a boot cut an installation of ours off. */
    private Optional<String> running(Pinned pinned, PackageSurvey seen) {
        if (missing(pinned, seen).isEmpty()) {
            return Optional.empty();
        }
        return seen.running().stream()
                .sorted()
                .filter(unit -> !(seen.notes().pending() && came(unit, seen.notes())))
                .findFirst()
                .map(unit -> unit + " runs here and is not Redfleet's: stop and disable it, or set spec.redis.install"
                        + " to present");
    }

    private static boolean came(String unit, PackageNotes notes) {
        boolean both = notes.packages().containsKey(RpmPackages.NAME);
        PackageNotes.Before before = notes.packages().get(both ? RpmPackages.NAME : unit.replace(".service", ""));
        return before != null && before.version().isEmpty();
    }

    private Optional<String> stillNone(HostSpec host, Unlisted unlisted, PackageSurvey seen) {
        if (seen.readAgo().isEmpty() || seen.readAgo().getAsLong() >= FRESH) {
            return Optional.empty();
        }
        String offered = unlisted.offered().isEmpty() ? "none" : String.join(", ", unlisted.offered());
        String wanted = unlisted.installed().isEmpty()
                ? asked() + " is wanted"
                : unlisted.installed() + " is what is installed in part";
        List<String> needed = seen.family().needed(host);
        return Optional.of(seen.family().tool() + " does not offer all of " + String.join(", ", needed)
                + " at one version that fits: " + wanted + ", of " + needed.getFirst() + " it offers " + offered
                + ", by lists that were read " + seen.readAgo().getAsLong() + " s ago"
                + seen.family().elsewhere());
    }

    /** All hosts of a cluster have one version. */
    private Optional<Plan.Obstacle> several() {
        Optional<HostName> first = Optional.empty();
        String release = "";
        for (Map.Entry<HostName, Choice> each : choices.entrySet()) {
            String there = PackageChange.release(each.getValue(), "");
            if (!there.isEmpty()) {
                if (first.isPresent() && !there.equals(release)) {
                    String reason = "all hosts have to have one version: on " + first.get() + " it is or would be "
                            + release + ", on " + each.getKey() + " " + there
                            + "; say the whole of it in spec.redis.version";
                    return Optional.of(new Plan.Obstacle(each.getKey().value(), SUBJECT, reason));
                }
                first = Optional.of(each.getKey());
                release = there;
            }
        }
        return Optional.empty();
    }

    /** The version that is wanted, for a person. */
    private String asked() {
        String version = cluster.spec().redis().version();
        return version.isEmpty() ? "6.2 or later" : version;
    }

    private HostSurvey seen(HostSpec host) {
        HostSurvey seen = survey.hosts().get(host.name());
        if (seen == null) {
            throw new IllegalStateException("a choice was made for " + host.name() + " unseen");
        }
        return seen;
    }
}
