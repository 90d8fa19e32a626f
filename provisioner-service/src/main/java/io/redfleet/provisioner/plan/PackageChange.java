package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.provisioner.packages.Family;
import io.redfleet.provisioner.packages.HostPackages;
import io.redfleet.provisioner.packages.HostPackages.Choice;
import io.redfleet.provisioner.packages.HostPackages.Moved;
import io.redfleet.provisioner.packages.HostPackages.Otherwise;
import io.redfleet.provisioner.packages.HostPackages.Pinned;
import io.redfleet.provisioner.packages.HostPackages.Unlisted;
import io.redfleet.provisioner.packages.HostPackages.Unsound;
import io.redfleet.provisioner.packages.PackageSurvey;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.HostSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Another version of packages that are installed: a turn of a rolling change brings it to its host, and nothing else does.
 *
 * <p>All that lies on a host shares its packages, and whatever is started there later runs them. So they are changed for a cluster
 * that stands, and that uses them alone: the instances of another one would come back as a Redis that nobody there has asked for.
 */
final class PackageChange {
    private PackageChange() {}

    /**
     * The choice for a host, as far as the cluster may have its packages changed. What apt may offer once it has read its lists,
     * which are older than {@link PackagePlan#FRESH}, is not listed yet; nor is what was asked for by such lists and has not come.
     */
    static Choice judged(ClusterState cluster, HostSpec host, HostSurvey seen, Choice choice) {
        if (choice instanceof Moved moved && !alone(cluster, host, seen)) {
            return new Otherwise(moved.found());
        }
        PackageSurvey packages = seen.packages();
        boolean read = packages.readAgo().isPresent() && packages.readAgo().getAsLong() < PackagePlan.FRESH;
        boolean unlisted = choice instanceof Otherwise
                && packages.unasked().isEmpty()
                && missing(host, seen).isEmpty()
                && alone(cluster, host, seen);
        // A change that was begun, and of which nothing has come, may have asked for what is offered no more.
        boolean stuck = choice instanceof Moved moved
                && packages.notes().pending()
                && moved.found().values().stream().distinct().count() == 1;
        return !read && (unlisted || stuck) ? new Unlisted("", HostPackages.offered(packages)) : choice;
    }

    static Map<HostName, Moved> moved(Map<HostName, Choice> choices) {
        Map<HostName, Moved> all = new LinkedHashMap<>();
        choices.forEach((name, choice) -> {
            if (choice instanceof Moved moved) {
                all.put(name, moved);
            }
        });
        return all;
    }

    /** What Redis will be there once the change is done; what is there now, where none is due. */
    static String release(Choice choice, String now) {
        return switch (choice) {
            case Pinned pinned -> pinned.release();
            case Moved moved -> moved.release();
            case Otherwise otherwise -> now;
            case Unlisted unlisted -> now;
            case Unsound unsound -> now;
        };
    }

    /** Why what is installed stays, in words for a person. */
    static String refusal(ClusterState cluster, HostSpec host, HostSurvey seen, Otherwise otherwise, String asked) {
        List<String> others = others(cluster, seen);
        String users = others.isEmpty() ? "" : ", used by " + String.join(", ", others);
        return HostPackages.shown(otherwise.found()) + " is installed" + users + ", and " + asked + " is wanted: "
                + why(cluster, host, seen, others);
    }

    /** What brings the other version to each host that is to have one, by host; of the caller's to change. */
    static Map<HostName, Step> steps(ClusterState cluster, ClusterSurvey survey, StepMaker make) {
        Map<HostName, Step> steps = new LinkedHashMap<>();
        PackagePlan.of(cluster, survey).moved().forEach((name, moved) -> {
            HostSurvey seen = survey.hosts().get(name);
            if (seen == null) {
                throw new IllegalStateException("a choice was made for " + name + " unseen");
            }
            Action action = new PackageAction.Change(
                    make.onHost(cluster.spec().host(name).orElseThrow()),
                    seen.base(),
                    cluster.uid().value(),
                    cluster.name().value(),
                    moved.pins());
            String title =
                    "put " + HostPackages.shown(moved.pins()) + " in place of what " + name + " has, and hold it";
            steps.put(name, new Step(name + "/packages/change", title, diff(moved), action));
        });
        return steps;
    }

    static List<String> diff(Moved moved) {
        List<String> diff = new ArrayList<>();
        moved.pins().forEach((name, version) -> {
            String found = moved.found().getOrDefault(name, "");
            if (!found.equals(version)) {
                diff.add("- " + name + "=" + found);
                diff.add("+ " + name + "=" + version);
            }
        });
        return diff;
    }

    private static String why(ClusterState cluster, HostSpec host, HostSurvey seen, List<String> others) {
        if (seen.packages().family() != Family.DEBIAN) {
            return "no apply changes the version of what is installed";
        }
        if (!others.isEmpty()) {
            return "a version is not changed while another cluster uses it";
        }
        if (!alone(cluster, host, seen)) {
            return "a version is changed by apply --rolling of a cluster that stands, and this one does not yet";
        }
        List<String> missing = missing(host, seen);
        if (!missing.isEmpty()) {
            return "a version is changed where all is installed, and " + String.join(", ", missing)
                    + " is not: apply with the version that is there first";
        }
        String unasked = seen.packages().unasked();
        if (!unasked.isEmpty()) {
            return unasked + ", so nobody knows whether apt offers it: see to apt's lists there (apt-get update)";
        }
        List<String> offered = HostPackages.offered(seen.packages());
        return "apt does not offer it for all of them; of redis-tools it offers "
                + (offered.isEmpty() ? "none" : String.join(", ", offered));
    }

    private static List<String> missing(HostSpec host, HostSurvey seen) {
        return HostPackages.needed(host).stream()
                .filter(name -> !seen.packages().of(name).installed())
                .toList();
    }

    /** Whether the cluster stands there, and nobody else uses the packages. */
    private static boolean alone(ClusterState cluster, HostSpec host, HostSurvey seen) {
        boolean uses =
                seen.packages().notes().clusters().containsKey(cluster.uid().value());
        boolean stands = host.instances().stream().allMatch(instance -> {
            InstanceSurvey found = seen.instances().get(InstanceId.of(host.name(), instance.name()));
            return found != null && found.configured();
        });
        return uses && stands && others(cluster, seen).isEmpty();
    }

    private static List<String> others(ClusterState cluster, HostSurvey seen) {
        return seen.packages().notes().clusters().entrySet().stream()
                .filter(user -> !user.getKey().equals(cluster.uid().value()))
                .map(user -> user.getValue() + " (uid " + user.getKey() + ")")
                .sorted()
                .toList();
    }
}
