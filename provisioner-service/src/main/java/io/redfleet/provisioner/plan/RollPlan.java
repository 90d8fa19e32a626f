package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.provisioner.gate.StartGate;
import io.redfleet.provisioner.gate.Verdict;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The plan of a roll: every instance is restarted once, and nothing else is changed. What an earlier owner of the operation has
 * stopped, and died over, is started first, as the gate lets it.
 */
public final class RollPlan {
    private final ClusterState cluster;
    private final ClusterSurvey survey;
    private final StepMaker make;
    private final List<List<Step>> stages = new ArrayList<>();
    private final List<Plan.Obstacle> obstacles = new ArrayList<>();

    private RollPlan(ClusterState cluster, ClusterSurvey survey) {
        this.cluster = cluster;
        this.survey = survey;
        this.make = new StepMaker(cluster.spec(), survey);
    }

    /** The hosts as they are: a Redis out of an archive is not the one that PATH finds, and no package gets another version. */
    public static ClusterSurvey foreseen(ClusterState cluster, ClusterSurvey survey) {
        return PackagePlan.of(cluster, survey).foreseen(false);
    }

    public static Plan plan(ClusterState cluster, ClusterSurvey looked, Restarts.All restarts) {
        ClusterSurvey survey = foreseen(cluster, looked);
        List<Plan.Obstacle> obstacles = Preflight.judge(cluster, survey);
        return obstacles.isEmpty()
                ? RollingPlan.after(new RollPlan(cluster, survey).starts(), cluster, survey, restarts)
                : new Plan(List.of(), obstacles, List.of(), false);
    }

    private Plan starts() {
        cluster.spec().members().forEach(this::start);
        return new Plan(obstacles.isEmpty() ? stages : List.of(), obstacles, List.of(), false);
    }

    private void start(Member member) {
        Optional<InstanceSurvey> seen = survey.instance(member.id());
        if (seen.isEmpty() || seen.get().answers() || seen.get().markedStopped()) {
            // Of whom there is no answer, or who is to stay down, the gate of the restarts has the word.
            return;
        }
        if (seen.get().present()) {
            stages.add(List.of(make.ready(member)));
            return;
        }
        switch (StartGate.judge(cluster.spec(), survey, member.id(), "")) {
            case Verdict.Needless needless -> {}
            case Verdict.Withheld withheld ->
                obstacles.add(new Plan.Obstacle(
                        member.id().host().value(), member.id().name(), withheld.reason()));
            case Verdict.Go go -> start(member, go.follow());
        }
    }

    private void start(Member member, Optional<Endpoint> follow) {
        if (member.role() == InstanceRole.SENTINEL) {
            stages.add(List.of(make.start(member)));
            stages.add(List.of(make.quorum(member)));
            return;
        }
        stages.add(List.of(make.follow(member, follow)));
        stages.add(List.of(make.start(member)));
        stages.add(List.of(follow.isPresent() ? make.linked(member) : make.ready(member)));
    }
}
