package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.provisioner.gate.OwnerGate;
import io.redfleet.provisioner.recipe.RedisConf;
import io.redfleet.provisioner.secret.Login;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.HostSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import io.redfleet.provisioner.survey.Place;
import java.util.ArrayList;
import java.util.List;

/**
 * Whose data is archived before a cluster's directories are removed: that of each data node of ours, but for a replica that
 * answers while a master of the cluster does too, for that has what the replica has. Where no master answers nobody knows who
 * has what nobody else has, so all are archived.
 *
 * <p>One of them that neither saves nor keeps an append-only file has its data in memory alone. It is told to save before it is
 * stopped; one that cannot save does not end, and nothing is removed then. Nor is it when one that ran did not end by itself:
 * replicas may hold by then what it had not written.
 */
final class DataArchivePlan {
    /** An end by TERM saves whenever there is a save point; this one is never reached before. */
    private static final String SAVE_POINT = "315360000 1";

    private DataArchivePlan() {}

    /** Where archives of a cluster's instances on a host lie; a directory that no instance can be called by. */
    static String shelf(ClusterState cluster, String base) {
        return base + "/" + cluster.name() + "/archive." + cluster.uid();
    }

    static boolean due(ClusterState cluster, ClusterSurvey survey, Member member) {
        if (!ours(cluster, survey, member)) {
            return false;
        }
        InstanceSurvey seen = survey.instance(member.id()).orElseThrow();
        return !(seen.answers() && seen.isReplica() && led(cluster, survey));
    }

    /** Where there is no room for what is in memory, so that nothing is stopped in vain; archive.sh looks at the files. */
    static List<Plan.Obstacle> obstacles(ClusterState cluster, ClusterSurvey survey) {
        List<Plan.Obstacle> found = new ArrayList<>();
        for (HostSpec host : cluster.spec().hosts()) {
            HostSurvey seen = survey.hosts().get(host.name());
            if (seen == null || seen.freeBytes() == 0) {
                continue;
            }
            long used = cluster.spec().members(InstanceRole.REDIS).stream()
                    .filter(member -> member.id().host().equals(host.name()))
                    .filter(member -> due(cluster, survey, member))
                    .mapToLong(member -> used(survey, member))
                    .sum();
            if (used > seen.freeBytes()) {
                String reason =
                        seen.base() + " has " + seen.freeBytes() + " bytes free, and what is to be archived takes "
                                + used + " in memory: make room, or remove the data without an archive";
                found.add(new Plan.Obstacle(host.name().value(), "archive", reason));
            }
        }
        cluster.spec().members(InstanceRole.REDIS).stream()
                .filter(member -> due(cluster, survey, member) && mute(cluster, survey, member))
                .map(DataArchivePlan::mute)
                .forEach(found::add);
        return found;
    }

    /** Whether it runs, has its data in memory alone, and cannot be told to save: its end would be the end of that. */
    private static boolean mute(ClusterState cluster, ClusterSurvey survey, Member member) {
        InstanceSurvey seen = survey.instance(member.id()).orElseThrow();
        return seen.present()
                && !seen.answers()
                && !RedisConf.persists(cluster.spec(), Place.of(cluster.spec(), member.id(), Login.NONE));
    }

    private static Plan.Obstacle mute(Member member) {
        String reason =
                "runs, keeps its data in memory alone, and gives no answer, so it cannot be told to save: mend that"
                        + " first, or remove the data without an archive";
        return new Plan.Obstacle(member.id().host().value(), member.id().name(), reason);
    }

    /** Those that would end without having saved anything. */
    static List<Step> saving(ClusterState cluster, ClusterSurvey survey, StepMaker make) {
        List<Step> steps = new ArrayList<>();
        for (Member member : cluster.spec().members(InstanceRole.REDIS)) {
            if (!due(cluster, survey, member)) {
                continue;
            }
            InstanceSurvey seen = survey.instance(member.id()).orElseThrow();
            if (seen.answers() && !stores(seen)) {
                String title = "let " + member.id() + " save when it ends";
                List<String> command = List.of("CONFIG", "SET", "save", SAVE_POINT);
                Action tell = new Action.Tell(make.place(member), List.of(command));
                steps.add(new Step(member.id() + "/save", title, List.of("+ save " + SAVE_POINT), tell));
            }
        }
        return steps;
    }

    static List<Step> archives(ClusterState cluster, ClusterSurvey survey, StepMaker make) {
        List<Step> steps = new ArrayList<>();
        for (Member member : cluster.spec().members(InstanceRole.REDIS)) {
            if (due(cluster, survey, member)) {
                steps.add(archive(cluster, survey, make, member));
            }
        }
        return steps;
    }

    private static Step archive(ClusterState cluster, ClusterSurvey survey, StepMaker make, Member member) {
        String base = base(survey, member);
        String shelf = shelf(cluster, base);
        String owner = OwnerGate.mark(cluster.spec(), cluster.uid(), member.id());
        String directory = make.directory(member);
        String file = shelf + "/" + member.id().name() + "-TIME.tar.gz";
        boolean lived = survey.instance(member.id()).orElseThrow().present();
        Action action = new Action.Archive(make.place(member), directory, owner, shelf, lived);
        String title = "archive " + directory + "/data in " + shelf;
        return new Step(member.id() + "/archive", title, List.of("+ " + file, "+ " + file + ".sha256"), action);
    }

    private static boolean led(ClusterState cluster, ClusterSurvey survey) {
        return cluster.spec().members(InstanceRole.REDIS).stream()
                .filter(member -> ours(cluster, survey, member))
                .map(member -> survey.instance(member.id()).orElseThrow())
                .anyMatch(seen -> seen.answers() && seen.isMaster());
    }

    private static boolean ours(ClusterState cluster, ClusterSurvey survey, Member member) {
        ClusterSpec spec = cluster.spec();
        return member.role() == InstanceRole.REDIS
                && survey.instance(member.id())
                        .filter(seen -> seen.owner().equals(OwnerGate.mark(spec, cluster.uid(), member.id())))
                        .isPresent();
    }

    private static boolean stores(InstanceSurvey seen) {
        String save = seen.setting("save");
        return "yes".equals(seen.setting("appendonly")) || (save != null && !save.isBlank());
    }

    private static long used(ClusterSurvey survey, Member member) {
        String said = survey.instance(member.id()).orElseThrow().info("used_memory");
        // No instance has a petabyte; what a host says must not overflow.
        return said.matches("\\d{1,15}") ? Long.parseLong(said) : 0;
    }

    private static String base(ClusterSurvey survey, Member member) {
        HostSurvey host = survey.hosts().get(member.id().host());
        if (host == null) {
            throw new IllegalStateException("no survey of " + member.id().host());
        }
        return host.base();
    }
}
