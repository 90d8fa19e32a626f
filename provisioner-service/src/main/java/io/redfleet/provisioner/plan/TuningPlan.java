package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.HostSurvey;
import io.redfleet.provisioner.survey.TuningSurvey;
import io.redfleet.provisioner.tuning.HostFiles;
import io.redfleet.provisioner.tuning.HostTuning;
import io.redfleet.provisioner.tuning.HostTuning.HugePages;
import io.redfleet.provisioner.tuning.KernelKey;
import io.redfleet.provisioner.tuning.TuningPart;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What belongs to the whole machine, which at most one cluster sets.
 *
 * <p>A setting of which more is never worse ({@link KernelKey#upwards}) is left out, of the file too, where the machine had as
 * much before anybody set it: at the next boot the file would lower it. What it had then is in the owner's notes, or is what
 * holds now.
 */
final class TuningPlan {
    /** As the scripts call the mode of transparent huge pages. */
    static final String HUGE_PAGES = "hugepages";

    private TuningPlan() {}

    /**
     * One part as it is to be.
     *
     * @param lines the file
     * @param settings what is to hold now
     */
    record Wanted(TuningPart part, List<String> lines, List<Action.Tune.Setting> settings) {
        Wanted {
            lines = List.copyOf(lines);
            settings = List.copyOf(settings);
        }
    }

    /** A stage for each part, so that no two scripts set the same machine at once. */
    static List<List<Step>> wanted(ClusterState cluster, ClusterSurvey survey, StepMaker make) {
        Map<TuningPart, List<Step>> stages = new EnumMap<>(TuningPart.class);
        HostTuning asked = HostTuning.of(cluster.spec().tuning());
        for (HostSpec host : cluster.spec().hosts()) {
            HostSurvey seen = survey.hosts().get(host.name());
            if (seen == null) {
                throw new IllegalStateException("preflight let " + host.name() + " pass unseen");
            }
            for (Wanted wanted : parts(cluster.uid(), asked, seen.tuning())) {
                if (!holds(cluster.uid(), wanted, seen.tuning())) {
                    stages.computeIfAbsent(wanted.part(), part -> new ArrayList<>())
                            .add(make.tune(host, seen, cluster.uid(), wanted));
                }
            }
        }
        return List.copyOf(stages.values());
    }

    /** What is the cluster's and not wanted any more, put back. */
    static List<Step> unwanted(ClusterState cluster, ClusterSurvey survey, StepMaker make) {
        HostTuning asked = HostTuning.of(cluster.spec().tuning());
        List<Step> steps = new ArrayList<>();
        for (HostSpec host : cluster.spec().hosts()) {
            HostSurvey seen = survey.hosts().get(host.name());
            if (seen != null) {
                List<TuningPart> kept = parts(cluster.uid(), asked, seen.tuning()).stream()
                        .map(Wanted::part)
                        .toList();
                restore(cluster, host, seen, kept, make, steps);
            }
        }
        return steps;
    }

    /** All that is the cluster's, put back, on hosts that answered. */
    static List<Step> ended(ClusterState cluster, ClusterSurvey survey, StepMaker make) {
        List<Step> steps = new ArrayList<>();
        for (HostSpec host : cluster.spec().hosts()) {
            HostSurvey seen = survey.hosts().get(host.name());
            if (seen != null) {
                restore(cluster, host, seen, List.of(), make, steps);
            }
        }
        return steps;
    }

    /** Why nothing can be set there, each in words for a person. */
    static List<String> obstacles(ClusterState cluster, HostSurvey seen) {
        List<String> found = new ArrayList<>();
        TuningSurvey tuning = seen.tuning();
        String uid = cluster.uid().value();
        if (!tuning.owner().isEmpty() && !tuning.owner().equals(uid)) {
            String whose = tuning.owner().equals(TuningSurvey.STRANGE)
                    ? "somebody whom Redfleet does not know"
                    : "the cluster of uid " + tuning.owner();
            found.add(
                    "what belongs to the whole machine is set by " + whose
                            + ", and by one only: set spec.tuning.profile to none and leave out spec.tuning.sysctl, here or there");
        }
        for (Wanted wanted : parts(cluster.uid(), HostTuning.of(cluster.spec().tuning()), tuning)) {
            TuningSurvey.File file = tuning.files().get(wanted.part());
            if (file != null && !file.owner().equals(uid)) {
                String whose = file.owner().equals(TuningSurvey.STRANGE)
                        ? "was not made by Redfleet"
                        : "belongs to the cluster of uid " + file.owner();
                found.add(wanted.part().path() + " " + whose + " and is never written over: move it away first");
            }
        }
        return found;
    }

    private static void restore(
            ClusterState cluster,
            HostSpec host,
            HostSurvey seen,
            List<TuningPart> kept,
            StepMaker make,
            List<Step> steps) {
        TuningSurvey tuning = seen.tuning();
        String uid = cluster.uid().value();
        List<TuningPart> gone = new ArrayList<>();
        for (TuningPart part : TuningPart.values()) {
            TuningSurvey.File file = tuning.files().get(part);
            boolean ours = file != null && file.owner().equals(uid);
            boolean noted = tuning.owner().equals(uid) && notedOf(part, tuning);
            if (!kept.contains(part) && (ours || noted)) {
                gone.add(part);
            }
        }
        boolean markAlone = tuning.owner().equals(uid) && kept.isEmpty();
        if (!gone.isEmpty() || markAlone) {
            steps.add(make.untune(host, seen, cluster.uid(), gone));
        }
    }

    private static boolean notedOf(TuningPart part, TuningSurvey tuning) {
        return switch (part) {
            case SYSCTL -> tuning.before().keySet().stream().anyMatch(key -> !key.equals(HUGE_PAGES));
            case THP -> tuning.before().containsKey(HUGE_PAGES);
            case LIMITS -> false;
        };
    }

    private static List<Wanted> parts(ClusterUid owner, HostTuning asked, TuningSurvey seen) {
        List<Wanted> parts = new ArrayList<>();
        SortedMap<String, String> sysctl = raised(asked.sysctl(), seen);
        if (!sysctl.isEmpty()) {
            List<Action.Tune.Setting> settings = new ArrayList<>();
            sysctl.forEach((key, value) -> settings.add(new Action.Tune.Setting(key, key(key).upwards(), value)));
            parts.add(new Wanted(TuningPart.SYSCTL, HostFiles.sysctl(owner, sysctl), settings));
        }
        // A kernel without huge pages has what is wanted of them.
        if (asked.hugePages().isPresent() && !seen.hugePages().isEmpty()) {
            HugePages mode = asked.hugePages().get();
            Action.Tune.Setting setting =
                    new Action.Tune.Setting(HUGE_PAGES, false, mode.name().toLowerCase(Locale.ROOT));
            parts.add(new Wanted(TuningPart.THP, HostFiles.hugePages(owner, mode), List.of(setting)));
        }
        asked.openFiles()
                .ifPresent(most -> parts.add(new Wanted(TuningPart.LIMITS, HostFiles.limits(owner, most), List.of())));
        return parts;
    }

    private static SortedMap<String, String> raised(SortedMap<String, String> asked, TuningSurvey seen) {
        SortedMap<String, String> raised = new TreeMap<>();
        asked.forEach((key, value) -> {
            String had = seen.before().getOrDefault(key, seen.live().getOrDefault(key, ""));
            if (!key(key).upwards() || !key(key).satisfied(value, had)) {
                raised.put(key, value);
            }
        });
        return raised;
    }

    private static boolean holds(ClusterUid owner, Wanted wanted, TuningSurvey seen) {
        TuningSurvey.File file = seen.files().get(wanted.part());
        return file != null
                && file.hash().equals(HostFiles.hash(wanted.lines()))
                && seen.owner().equals(owner.value())
                && (wanted.part() != TuningPart.THP || seen.enabled())
                && wanted.settings().stream().allMatch(setting -> holds(setting, seen));
    }

    /** {@code never} is as good as {@code madvise}: nothing grows that did not ask for it. */
    static boolean holds(Action.Tune.Setting setting, TuningSurvey seen) {
        if (setting.key().equals(HUGE_PAGES)) {
            return seen.hugePages().equals(setting.value()) || seen.hugePages().equals("never");
        }
        return key(setting.key()).satisfied(setting.value(), seen.live().getOrDefault(setting.key(), ""));
    }

    private static KernelKey key(String name) {
        return KernelKey.of(name).orElseThrow(() -> new IllegalStateException("a spec with " + name + " was accepted"));
    }
}
