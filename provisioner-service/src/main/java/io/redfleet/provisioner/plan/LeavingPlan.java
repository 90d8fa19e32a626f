package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Leaving;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.provisioner.gate.OwnerGate;
import io.redfleet.provisioner.plan.Plan.Obstacle;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import io.redfleet.provisioner.survey.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Plans how members leave, once whoever comes in their place is there: the Monit of a host that carries nothing else ends;
 * replicas that may not be promoted any more, and stop, one by one; Sentinels that stop; then each Sentinel that stays forgets
 * them, one after the other; then their units; where nothing of the cluster stays, the file of logrotate, what was set of the
 * machine, and the packages; at last a note beside their files that nobody manages them any more. On a host that is lost nothing
 * is done: it is forgotten only.
 *
 * <p>No step is remembered: what a Sentinel lists, what lives and what is noted on the hosts say what is left to do.
 */
public final class LeavingPlan {
    /** A replica saves before it ends. */
    private static final Duration STOP = Duration.ofMinutes(5);

    /** At least so long between two Sentinels that forget: each finds replicas again within 10 s, by their master's INFO. */
    private static final Duration QUIET = Duration.ofSeconds(30);

    /** Three times to become quiet, and to find everybody again. */
    private static final Duration FORGET = Duration.ofSeconds(150);

    private static final String PRIORITY = "replica-priority";

    private final ClusterState cluster;
    private final ClusterSpec going;
    private final ClusterSurvey survey;
    private final StepMaker make;

    private LeavingPlan(ClusterState cluster, ClusterSurvey survey) {
        this.cluster = cluster;
        this.going =
                cluster.spec().on(cluster.leavers().stream().map(Leaving::host).toList());
        this.survey = survey;
        this.make = new StepMaker(cluster.everywhere(), survey);
    }

    /** Why a spec that somebody leaves by is not accepted, after a look at the hosts; empty: it is, or nobody does. */
    public static Optional<String> forbidden(ClusterState wanted, Plan plan) {
        if (wanted.leavers().isEmpty() || plan.obstacles().isEmpty()) {
            return Optional.empty();
        }
        String reasons = plan.obstacles().stream().map(Obstacle::toString).collect(Collectors.joining("; "));
        return Optional.of("nobody is removed, and the spec is not accepted: " + reasons);
    }

    static List<Obstacle> obstacles(ClusterState cluster, ClusterSurvey survey) {
        return cluster.leavers().isEmpty() ? List.of() : new LeavingPlan(cluster, survey).obstacles();
    }

    static List<List<Step>> stages(ClusterState cluster, ClusterSurvey survey) {
        return cluster.leavers().isEmpty() ? List.of() : new LeavingPlan(cluster, survey).stages();
    }

    private List<Obstacle> obstacles() {
        List<Obstacle> found = new ArrayList<>();
        for (Leaving leaver : cluster.leavers()) {
            HostName host = leaver.host().name();
            Reply.Failed failed = survey.unreached().get(host);
            if (leaver.lost() && survey.hosts().containsKey(host)) {
                String reason = "the host answers, so it is not lost: say remove=" + host + " instead of lost=" + host;
                found.add(new Obstacle(host.value(), "lost", reason));
            } else if (!leaver.lost()
                    && failed != null
                    && cluster.spec().host(host).isEmpty()) {
                String reason = failed.reason() + "; if its machine is lost for good, say lost=" + host;
                found.add(new Obstacle(host.value(), "survey (" + failed.trouble() + ")", reason));
            }
        }
        Optional<Endpoint> master = survey.namedMaster(cluster.spec());
        for (Member member : going.members(InstanceRole.REDIS)) {
            leads(member, master).ifPresent(reason -> found.add(obstacle(member, reason)));
        }
        for (Member member : cluster.spec().members()) {
            boolean stopped = survey.instance(member.id())
                    .filter(seen -> seen.markedStopped() && !seen.present())
                    .isPresent();
            if (stopped) {
                String reason =
                        "was stopped by a person, and the Sentinels, who forget all that they know, would not find"
                                + " it again: start it first, or remove it too";
                found.add(obstacle(member, reason));
            }
        }
        return found;
    }

    private Optional<String> leads(Member member, Optional<Endpoint> master) {
        if (master.equals(Optional.of(member.announce()))) {
            return Optional.of(
                    "is the master that the Sentinels name: switch over first, as long as the spec has it; if the"
                            + " one that stands has it no more, apply one with it before");
        }
        boolean says = seen(member).filter(InstanceSurvey::isMaster).isPresent();
        return says
                ? Optional.of("runs as a master, and the Sentinels name "
                        + master.map(Endpoint::toString).orElse("none") + ": wait until it is a replica")
                : Optional.empty();
    }

    private List<List<Step>> stages() {
        List<List<Step>> stages = new ArrayList<>();
        List<Step> fade = new ArrayList<>();
        List<List<Step>> stops = new ArrayList<>();
        List<Step> units = new ArrayList<>();
        List<Step> farewell = new ArrayList<>();
        for (InstanceRole role : List.of(InstanceRole.REDIS, InstanceRole.SENTINEL)) {
            for (Member member : going.members(role)) {
                Optional<InstanceSurvey> ours =
                        seen(member).filter(facts -> facts.owner().equals(mark(member)));
                if (ours.isEmpty()) {
                    continue;
                }
                InstanceSurvey facts = ours.get();
                if (role == InstanceRole.SENTINEL && Decommission.watchesAnother(cluster.spec(), facts)) {
                    if (!facts.master().isEmpty()) {
                        stops.add(List.of(make.forget(member)));
                    }
                    continue;
                }
                if (role == InstanceRole.REDIS && facts.answers() && !"0".equals(facts.setting(PRIORITY))) {
                    fade.add(fade(member, facts));
                }
                if (facts.present()) {
                    stops.add(List.of(make.stop(member, false, false, STOP)));
                }
                units.addAll(UnitPlan.ended(cluster, survey, make, member));
                if (!facts.retired()) {
                    farewell.add(make.retire(member, mark(member)));
                }
            }
        }
        ClusterState emptied = cluster.over(cluster.spec().on(emptied()));
        stages.add(MonitPlan.ended(emptied, survey, make));
        stages.add(fade);
        stages.addAll(stops);
        resets().forEach(reset -> stages.add(List.of(reset)));
        units.addAll(RotationPlan.ended(emptied, survey, make));
        units.addAll(AgentUnitPlan.ended(emptied, survey, make));
        stages.add(units);
        stages.add(FirewallPlan.ended(emptied, survey, make));
        stages.add(TuningPlan.ended(emptied, survey, make));
        stages.add(MonitPackagePlan.ended(emptied, survey, make));
        stages.add(PackageEnd.of(emptied, survey, make));
        stages.add(farewell);
        return stages;
    }

    /** Hosts that carry nothing of the cluster any more, and are there. */
    private List<HostSpec> emptied() {
        return cluster.leavers().stream()
                .filter(leaver -> !leaver.lost())
                .map(Leaving::host)
                .filter(host -> cluster.spec().host(host.name()).isEmpty())
                .toList();
    }

    /** It is promoted no more if the master dies meanwhile. What its file says does not count any more. */
    private Step fade(Member member, InstanceSurvey facts) {
        String before = facts.setting(PRIORITY);
        List<String> diff = List.of("- " + PRIORITY + " " + (before == null ? "" : before), "+ " + PRIORITY + " 0");
        Action action = new Action.Tell(make.place(member), List.of(List.of("CONFIG", "SET", PRIORITY, "0")));
        return new Step(member.id() + "/fade", "let nobody promote " + member.id() + " any more", diff, action);
    }

    /** Of each Sentinel that knows one of them, or may do so by the time that it is its turn. */
    private List<Step> resets() {
        Set<String> gone = new TreeSet<>();
        going.members().forEach(member -> gone.add(member.announce().toString()));
        List<Step> resets = new ArrayList<>();
        for (Member sentinel : cluster.spec().members(InstanceRole.SENTINEL)) {
            boolean knows = seen(sentinel)
                    .map(facts -> !facts.answers() || facts.knows().stream().anyMatch(gone::contains))
                    .orElse(true);
            if (knows) {
                resets.add(reset(sentinel, List.copyOf(gone)));
            }
        }
        return resets;
    }

    private Step reset(Member sentinel, List<String> gone) {
        List<Member> sentinels = cluster.spec().members(InstanceRole.SENTINEL);
        List<String> peers = sentinels.stream()
                .filter(peer -> !peer.id().equals(sentinel.id()))
                .map(peer -> peer.announce().toString())
                .toList();
        Action action = new Action.Reset(
                make.place(sentinel),
                cluster.spec().sentinel().masterName(),
                cluster.spec().members(InstanceRole.REDIS).size() - 1,
                sentinels.size(),
                gone,
                peers,
                QUIET,
                FORGET);
        String title = "let " + sentinel.id() + " forget who left, and wait until it has found all others again";
        List<String> diff = gone.stream().map(endpoint -> "- " + endpoint).toList();
        return new Step(sentinel.id() + "/reset", title, diff, action);
    }

    private String mark(Member member) {
        return OwnerGate.mark(cluster.spec(), cluster.uid(), member.id());
    }

    /** Empty on a host that is lost: what answers there is not it. */
    private Optional<InstanceSurvey> seen(Member member) {
        return cluster.lost(member.id().host()) ? Optional.empty() : survey.instance(member.id());
    }

    private static Obstacle obstacle(Member member, String reason) {
        return new Obstacle(member.id().host().value(), member.id().name(), reason);
    }
}
