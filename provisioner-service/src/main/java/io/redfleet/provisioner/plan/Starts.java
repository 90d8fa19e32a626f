package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterSpec;
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
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a plan does about instances that are down, or not in sync yet. One plan's.
 *
 * <p>Where the master itself was down it comes back alone, and where Sentinels hold it for down it stays alone. They may be about
 * to fail over, and would choose the first replica that comes back, with what that had stored before: replicas are started once
 * they are not, and by what the hosts are then.
 */
final class Starts {
    /** What a Sentinel says of a master that it has others agree is down, and while it fails over. */
    private static final Set<String> TROUBLE = Set.of("o_down", "failover_in_progress");

    private final ClusterState cluster;
    private final ClusterSpec spec;
    private final ClusterSurvey survey;
    private final StepMaker make;
    private final Endpoint master;
    private final boolean established;
    private final List<String> notes = new ArrayList<>();

    /** @param master whom the Sentinels name, or the spec where there is none yet that knows of one */
    Starts(ClusterState cluster, ClusterSurvey survey, StepMaker make, Endpoint master) {
        this.cluster = cluster;
        this.spec = cluster.spec();
        this.survey = survey;
        this.make = make;
        this.master = master;
        this.established = survey.sentinelsKnowACluster(spec);
    }

    /** Who is left down, and why. */
    List<String> notes() {
        return List.copyOf(notes);
    }

    List<Member> leaderFirst() {
        List<Member> members = new ArrayList<>(spec.members(InstanceRole.REDIS));
        members.sort((a, b) ->
                Boolean.compare(b.announce().equals(master), a.announce().equals(master)));
        return members;
    }

    /** How many of these stages are only foreseen: those after the master has come back. */
    static int foreseen(List<List<Step>> stages) {
        List<List<Step>> some =
                stages.stream().filter(stage -> !stage.isEmpty()).toList();
        for (int stage = some.size() - 1; stage >= 0; stage--) {
            if (some.get(stage).stream().anyMatch(Starts::waitsForTheMaster)) {
                return some.size() - 1 - stage;
            }
        }
        return 0;
    }

    private static boolean waitsForTheMaster(Step step) {
        return step.action() instanceof Action.Await await && await.until() == Action.Until.WELL;
    }

    /**
     * The leader first; at bootstrap its replicas together, for they have nothing to lose, later one by one.
     *
     * @return what is in the way
     */
    List<Plan.Obstacle> data(List<List<Step>> stages) {
        List<Plan.Obstacle> obstacles = new ArrayList<>();
        List<Step> together = new ArrayList<>();
        List<Step> linked = new ArrayList<>();
        for (Member member : leaderFirst()) {
            InstanceSurvey seen = facts(member);
            if (seen.answers()) {
                if (!established
                        && seen.isReplica()
                        && !seen.info("master_link_status").equals("up")) {
                    linked.add(make.linked(member));
                }
                stages.add(awaited(member) && troubled() ? well() : List.of());
                continue;
            }
            if (seen.markedStopped()) {
                notes.add(member.id() + " was stopped by a person and is left so");
                continue;
            }
            if (seen.present()) {
                ready(stages, member);
                continue;
            }
            switch (StartGate.prepared(spec, survey, member.id())) {
                case Verdict.Needless needless -> notes.add(needless.reason());
                case Verdict.Withheld withheld ->
                    obstacles.add(new Plan.Obstacle(
                            member.id().host().value(), member.id().name(), withheld.reason()));
                case Verdict.Go go -> {
                    if (seen.configured()) {
                        stages.add(List.of(make.follow(member, go.follow())));
                    }
                    if (leads(member)) {
                        stages.add(List.of(make.start(member)));
                        ready(stages, member);
                    } else if (established) {
                        stages.add(List.of(make.start(member)));
                        stages.add(List.of(make.linked(member)));
                    } else {
                        together.add(make.start(member));
                        linked.add(make.linked(member));
                    }
                }
            }
        }
        stages.add(together);
        stages.add(linked);
        return obstacles;
    }

    void sentinels(List<List<Step>> stages) {
        List<Step> starts = new ArrayList<>();
        List<Step> quorums = new ArrayList<>();
        for (Member member : spec.members(InstanceRole.SENTINEL)) {
            InstanceSurvey seen = facts(member);
            if (seen.markedStopped() && !seen.present()) {
                notes.add(member.id() + " was stopped by a person and is left so");
            } else if (!seen.present()) {
                starts.add(make.start(member));
            }
            boolean joined = seen.quorum().startsWith("OK")
                    && sees(seen, "num-other-sentinels", InstanceRole.SENTINEL)
                    && sees(seen, "num-slaves", InstanceRole.REDIS);
            if (!joined && !seen.markedStopped() && !LostMaster.byHand(spec, survey, member)) {
                quorums.add(make.quorum(member));
            }
        }
        stages.add(starts);
        stages.addAll(GroupPlan.stages(cluster, survey, make, master));
        stages.add(quorums);
    }

    private void ready(List<List<Step>> stages, Member member) {
        stages.add(List.of(make.ready(member)));
        stages.add(awaited(member) ? well() : List.of());
    }

    /** Whether it is the master, and others are to be started behind it. */
    private boolean awaited(Member member) {
        return established && leads(member) && othersAreDown(member);
    }

    private boolean leads(Member member) {
        return member.announce().equals(master);
    }

    private boolean othersAreDown(Member leader) {
        return spec.members(InstanceRole.REDIS).stream()
                .filter(member -> !member.equals(leader))
                .map(this::facts)
                .anyMatch(seen -> !seen.present() && !seen.markedStopped());
    }

    private List<Step> well() {
        return watching().map(make::well).toList();
    }

    /** Whether one of them fails over, or would. */
    private boolean troubled() {
        return watching()
                .flatMap(member -> Stream.of(
                        facts(member).master().getOrDefault("flags", "").split(",", -1)))
                .anyMatch(TROUBLE::contains);
    }

    /** The Sentinels that could fail over from this master. */
    private Stream<Member> watching() {
        return spec.members(InstanceRole.SENTINEL).stream()
                .filter(member -> facts(member).answers())
                .filter(member -> master.host().equals(facts(member).master().get("ip"))
                        && ("" + master.port()).equals(facts(member).master().get("port")));
    }

    private boolean sees(InstanceSurvey sentinel, String field, InstanceRole role) {
        String count = sentinel.master().getOrDefault(field, "");
        return count.matches("\\d{1,4}")
                && Integer.parseInt(count) >= spec.members(role).size() - 1;
    }

    private InstanceSurvey facts(Member member) {
        return survey.instance(member.id())
                .orElseThrow(() -> new IllegalStateException("preflight let " + member.id() + " pass unseen"));
    }
}
