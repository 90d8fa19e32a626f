package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.provisioner.gate.OwnerGate;
import io.redfleet.provisioner.gate.SharedSentinel;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;

/**
 * What the end of a cluster is to the Sentinels of its group. While they serve another one they forget this one's master, take its
 * passwords no more, and go on; with the last of them they end, and their files, which hold no data, go whatever becomes of data.
 */
final class GroupEnd {
    private final List<Step> forget = new ArrayList<>();
    private final List<Step> stop = new ArrayList<>();
    private final List<Step> units = new ArrayList<>();
    private final List<Step> farewell = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    private GroupEnd() {}

    /** Whether this says what becomes of the member; else it is the cluster's own. */
    static boolean concerns(ClusterSpec spec, Member member) {
        return spec.sentinel().groupOf(member.role()).isPresent();
    }

    /** Whether it may be what an end that was cut off has left: its mark, and not all that it needs to run. */
    static boolean half(ClusterSpec spec, Member member, InstanceSurvey seen) {
        return concerns(spec, member) && !seen.configured() && !seen.present();
    }

    /** One that does not run cannot forget a master, and would watch it again from its next start on. */
    static List<Plan.Obstacle> obstacles(ClusterState cluster, ClusterSurvey survey) {
        List<Plan.Obstacle> found = new ArrayList<>();
        for (Member member : cluster.spec().members(InstanceRole.SENTINEL)) {
            InstanceSurvey seen = survey.instance(member.id()).orElse(null);
            if (seen == null || !concerns(cluster.spec(), member) || !marked(cluster, member, seen)) {
                continue;
            }
            SortedSet<String> others = SharedSentinel.others(cluster.everywhere(), survey, member.id());
            if (!others.isEmpty() && seen.joined() && !seen.present()) {
                String reason = "does not run, so it cannot forget "
                        + cluster.spec().sentinel().masterName() + ", and other clusters need it, whose masters are "
                        + others + ": start it first";
                found.add(new Plan.Obstacle(
                        member.id().host().value(), member.id().name(), reason));
            }
        }
        return found;
    }

    /** @param stop how long it has to end */
    static GroupEnd of(ClusterState cluster, ClusterSurvey survey, StepMaker make, Member member, Duration stop) {
        GroupEnd end = new GroupEnd();
        ClusterSpec spec = cluster.spec();
        InstanceSurvey seen = survey.instance(member.id()).orElseThrow();
        if (!marked(cluster, member, seen)) {
            if (!seen.owner().isEmpty()) {
                end.notes.add(member.id() + " belongs to " + seen.owner() + " and is left alone");
            }
            return end;
        }
        String mark = OwnerGate.mark(spec, cluster.uid(), member.id());
        SortedSet<String> others = SharedSentinel.others(cluster.everywhere(), survey, member.id());
        if (!others.isEmpty()) {
            String group = spec.sentinel().group();
            end.notes.add(member.id() + " belongs to the group " + group + " and goes on, for " + others);
            if (seen.joined() || seen.answers()) {
                end.forget.add(leave(cluster, survey, make, member, mark));
            }
            return end;
        }
        if (seen.answers() && !seen.master().isEmpty()) {
            end.forget.add(make.forget(member));
        }
        if (seen.present()) {
            end.stop.add(make.stop(member, false, false, stop));
        }
        end.units.addAll(UnitPlan.ended(cluster, survey, make, member));
        end.farewell.add(make.erase(member, mark));
        return end;
    }

    List<Step> forget() {
        return forget;
    }

    List<Step> stop() {
        return stop;
    }

    List<Step> units() {
        return units;
    }

    List<Step> farewell() {
        return farewell;
    }

    List<String> notes() {
        return notes;
    }

    private static boolean marked(ClusterState cluster, Member member, InstanceSurvey seen) {
        return seen.owner().equals(OwnerGate.mark(cluster.spec(), cluster.uid(), member.id()));
    }

    private static Step leave(ClusterState cluster, ClusterSurvey survey, StepMaker make, Member member, String mark) {
        ClusterSpec spec = cluster.spec();
        String name = spec.sentinel().masterName();
        List<String> diff = new ArrayList<>();
        diff.add("- master " + name);
        GroupPlan.ownUsers(survey).forEach(line -> diff.add("- a password of user " + line.split(" ", 3)[1]));
        diff.add("- " + make.directory(member) + "/members/" + spec.name());
        return new Step(
                member.id() + "/leave",
                "let " + member.id() + " forget " + name + ", and go on for the others of the group "
                        + spec.sentinel().group(),
                diff,
                new AccessAction.Leave(
                        make.place(member).as(survey.accounts().group()),
                        make.directory(member),
                        mark,
                        spec.name().value(),
                        name,
                        List.copyOf(SharedSentinel.dataNodes(cluster.everywhere())),
                        GroupPlan.ownUsers(survey)));
    }
}
