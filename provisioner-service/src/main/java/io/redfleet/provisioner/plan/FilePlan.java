package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.provisioner.recipe.FileDrift;
import io.redfleet.provisioner.recipe.FileDrift.Difference;
import io.redfleet.provisioner.recipe.RedisConf;
import io.redfleet.provisioner.recipe.SentinelConf;
import io.redfleet.provisioner.recipe.SentinelFile;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Configuration files that say another thing than what runs by them: somebody has edited one, or has set what ends with the
 * process. What runs is brought to the spec first, by steps of others, and then written down by the instance itself: while it
 * runs nobody else writes that file.
 */
final class FilePlan {
    private static final String APPEND_ONLY = "appendonly";

    /** Of Redis 6.2 to 8: the file holds all that a start would load, and none is on its way. */
    private static final Map<String, String> WHOLE = Map.of(
            "aof_enabled", "1",
            "aof_rewrite_in_progress", "0",
            "aof_rewrite_scheduled", "0",
            "aof_last_bgrewrite_status", "ok");

    private static final Map<String, String> WORDS = Map.of(
            "include", "what stands in another file is neither looked at nor written",
            "loadmodule", "Redfleet lets no module be loaded",
            "rename-command", "what Redfleet and Sentinels ask for would have another name");

    private static final int MOST_LEFT = 20;
    private static final int LONGEST = 64;

    private static final String ADDED =
            " changes what systemd reads in the unit, and is left alone: remove it by hand if" + " nobody wants it";

    private final ClusterState cluster;
    private final ClusterSurvey survey;
    private final StepMaker make;

    private FilePlan(ClusterState cluster, ClusterSurvey survey) {
        this.cluster = cluster;
        this.survey = survey;
        this.make = new StepMaker(cluster.spec(), survey);
    }

    /** Its place is after all that sets something in an instance, and last: one that may not write holds up nothing else. */
    static List<Step> steps(ClusterState cluster, ClusterSurvey survey) {
        FilePlan plan = new FilePlan(cluster, survey);
        return cluster.spec().members().stream()
                .flatMap(member -> plan.step(member).stream())
                .toList();
    }

    /** What is in the way of an instance's own rewriting, and what that leaves there, after what is refused of logs. */
    static List<Plan.Refused> refused(ClusterState cluster, ClusterSurvey survey) {
        FilePlan plan = new FilePlan(cluster, survey);
        List<Plan.Refused> refused = new ArrayList<>(RotationPlan.refused(cluster, survey));
        cluster.spec().members().forEach(member -> refused.addAll(plan.refused(member)));
        return refused;
    }

    /** What else is seen and left alone: starts that were refused, and another engine. */
    static List<String> notes(ClusterState cluster, ClusterSurvey survey) {
        List<String> notes = new ArrayList<>(UnitPlan.refused(cluster, survey));
        notes.addAll(OtherEngine.notes(cluster, survey));
        return notes;
    }

    /** What somebody has added to the cluster's own units, which is left; of those of others it is {@link VendorUnits}'s to say. */
    static List<String> dropIns(ClusterState cluster, ClusterSurvey survey) {
        return cluster.spec().hosts().stream()
                .flatMap(host -> Optional.ofNullable(survey.hosts().get(host.name())).stream()
                        .flatMap(seen -> seen.systemd().dropIns().stream()
                                .filter(path -> !VendorUnits.isOf(host, path))
                                .map(path -> host.name() + ": " + path + ADDED)))
                .toList();
    }

    private List<Step> step(Member member) {
        InstanceSurvey seen = survey.instance(member.id()).orElse(null);
        if (seen == null || !seen.answers()) {
            return List.of();
        }
        Map<String, Difference> drift = drift(member, seen);
        if (drift.isEmpty() || withheld(drift, seen)) {
            return List.of();
        }
        boolean redis = member.role() == InstanceRole.REDIS;
        String file = file(member);
        List<String> diff = new ArrayList<>();
        drift.forEach((name, difference) -> diff.addAll(shown(file, name, difference)));
        List<String> command = redis ? List.of("CONFIG", "REWRITE") : List.of("SENTINEL", "FLUSHCONFIG");
        String title = "let " + member.id() + " write its " + file + " anew, which does not say " + drift.keySet()
                + " as it runs";
        return List.of(
                new Step(member.id() + "/file", title, diff, new Action.Tell(make.place(member), List.of(command))));
    }

    /** Without what a step of its own sets, or only a restart changes: that is written down with it. */
    private Map<String, Difference> drift(Member member, InstanceSurvey seen) {
        Map<String, Difference> drift;
        Set<String> others;
        if (member.role() == InstanceRole.SENTINEL) {
            drift = new TreeMap<>(SentinelFile.drift(cluster.spec(), seen));
            others = SentinelConf.drift(cluster.spec(), seen).keySet();
        } else {
            drift = new TreeMap<>(FileDrift.of(cluster.spec(), make.place(member), make.directory(member), seen));
            others = new TreeSet<>(
                    RedisConf.drift(cluster.spec(), make.place(member), seen).keySet());
            others.addAll(
                    RedisConf.settled(cluster.spec(), make.place(member), seen).keySet());
        }
        drift.keySet().removeAll(others);
        return drift;
    }

    private List<Plan.Refused> refused(Member member) {
        List<Plan.Refused> refused = new ArrayList<>();
        InstanceSurvey seen = survey.instance(member.id()).orElse(null);
        if (seen == null || !seen.answers()) {
            return refused;
        }
        String file = file(member);
        if (!seen.file().refused().isEmpty()) {
            String reason =
                    file + " is not compared with what runs: " + seen.file().refused();
            refused.add(refused(member, List.of(), reason));
        }
        if (member.role() != InstanceRole.REDIS) {
            return refused;
        }
        Map<String, Difference> drift = drift(member, seen);
        if (withheld(drift, seen)) {
            List<String> diff = new ArrayList<>();
            drift.forEach((name, difference) -> diff.addAll(shown(file, name, difference)));
            String reason = "the append-only file of " + member.id() + " is being written: a start by a " + file
                    + " that names it before it is whole would load nothing; plan again";
            refused.add(refused(member, diff, reason));
        }
        refused.addAll(left(member, file, FileDrift.foreign(cluster.spec(), make.place(member), seen)));
        return refused;
    }

    /** Who has put another file in its place need not fill a plan with it. */
    private static List<Plan.Refused> left(Member member, String file, Set<String> names) {
        List<Plan.Refused> left = new ArrayList<>();
        names.stream().limit(MOST_LEFT).forEach(name -> {
            String word = name.substring(0, Math.min(name.length(), LONGEST)).replaceAll("[^!-~]", "?");
            String why = WORDS.getOrDefault(name, "it is no setting of what runs, whose next start may end by it");
            String reason = file + " has a line " + word + ", which is left there: " + why + "; take it out by hand";
            left.add(refused(member, List.of("- " + file + ": " + word), reason));
        });
        if (names.size() > MOST_LEFT) {
            String reason =
                    file + " has lines of " + (names.size() - MOST_LEFT) + " more directives that are left there";
            left.add(refused(member, List.of(), reason));
        }
        return left;
    }

    /** A file that says yes before the append-only file is whole is worse than one that says no: its next start is empty. */
    private static boolean withheld(Map<String, Difference> drift, InstanceSurvey seen) {
        return drift.containsKey(APPEND_ONLY)
                && "yes".equals(seen.setting(APPEND_ONLY))
                && WHOLE.entrySet().stream()
                        .anyMatch(is -> !seen.info(is.getKey()).equals(is.getValue()));
    }

    private static Plan.Refused refused(Member member, List<String> diff, String reason) {
        return new Plan.Refused(member.id().host().value(), member.id().value(), diff, reason);
    }

    private static String file(Member member) {
        return member.role() == InstanceRole.REDIS ? "redis.conf" : "sentinel.conf";
    }

    /** What may hold a secret, and what cannot be read, shows neither side. */
    private static List<String> shown(String file, String name, Difference difference) {
        List<String> diff = new ArrayList<>();
        boolean silent = difference.said()
                && difference.file().isEmpty()
                && difference.runs().isEmpty();
        if (difference.said()) {
            diff.add("- " + file + ": " + name + " " + (silent ? "***" : worded(difference.file())));
        }
        diff.add("+ " + file + ": " + name + " " + (silent ? "as it runs" : worded(difference.runs())));
        return diff;
    }

    private static String worded(String value) {
        return value.isEmpty() ? "\"\"" : value;
    }
}
