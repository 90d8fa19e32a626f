package io.redfleet.provisioner.gate;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.provisioner.engine.Engine;
import io.redfleet.provisioner.gate.Verdict.Withheld;
import io.redfleet.provisioner.packages.Release;
import io.redfleet.provisioner.recipe.RedisConf;
import io.redfleet.provisioner.secret.Login;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.HostSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import io.redfleet.provisioner.survey.Place;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether one instance after the other may be restarted: only where everything is well, so that whoever is down is the only one,
 * and whatever is found meanwhile ends it. Asked before the first and again before each next one.
 *
 * <p>No older Redis is started beside a newer one: it could not read what that one writes, a snapshot or a full sync. So the
 * former master of an upgrade, which runs the older one still, need not be in sync with its successor before it is restarted: what
 * was acknowledged its successor has. The one exception is the {@link WayBack}, as long as the master has not gone the way there.
 */
public final class RollingGate {
    /** What a Sentinel must not say of the master. */
    private static final Set<String> TROUBLE = Set.of("s_down", "o_down", "disconnected", "failover_in_progress");

    private final ClusterState cluster;
    private final ClusterSpec spec;
    private final ClusterSurvey survey;
    private final Collection<InstanceId> restarted;
    private final boolean moves;
    private final boolean back;

    private RollingGate(
            ClusterState cluster, ClusterSurvey survey, Collection<InstanceId> restarted, boolean moves, boolean back) {
        this.cluster = cluster;
        this.spec = cluster.spec();
        this.survey = survey;
        this.restarted = restarted;
        this.moves = moves;
        this.back = back;
    }

    /**
     * Why none of them may be restarted now; empty: they may, one after the other.
     *
     * @param restarted who is to be restarted
     * @param moves whether who is restarted may run another binary after it; if not, a restart brings nobody into sync
     * @param outage the id of the master, typed by whoever accepts that it is restarted in its place; or empty
     */
    public static Optional<Withheld> judge(
            ClusterState cluster,
            ClusterSurvey survey,
            Collection<InstanceId> restarted,
            boolean moves,
            String outage) {
        return judge(cluster, survey, restarted, moves, false, outage);
    }

    /**
     * The same of restarts that put aside what a later Redis has stored.
     *
     * @param back whether they do, so that who runs a later one than its master may go back
     */
    public static Optional<Withheld> judge(
            ClusterState cluster,
            ClusterSurvey survey,
            Collection<InstanceId> restarted,
            boolean moves,
            boolean back,
            String outage) {
        RollingGate gate = new RollingGate(cluster, survey, restarted, moves, back);
        return nobody(cluster, outage)
                .or(() -> RevisionGate.judge(cluster, survey))
                .or(gate::members)
                .or(gate::topology)
                .or(gate::sentinels)
                .or(gate::older)
                .or(() -> gate.master(outage));
    }

    /** A word that is mistyped is said before it is needed. */
    private static Optional<Withheld> nobody(ClusterState cluster, String outage) {
        boolean known = outage.isEmpty()
                || cluster.spec().members(InstanceRole.REDIS).stream()
                        .anyMatch(member -> outage.equals(member.id().value()));
        return known
                ? Optional.empty()
                : Optional.of(new Withheld(
                        "outage",
                        "outage=" + outage + " names no data node of " + cluster.name()
                                + "; it is the id of the master, as r1/redis-server"));
    }

    /** Whether Sentinel could put another in the master's place, as the gate of a switch has it. */
    private boolean hasSuccessor() {
        return SwitchGate.judge(cluster, survey, null) instanceof SwitchGate.Go;
    }

    private Optional<Withheld> members() {
        for (Member member : spec.members()) {
            InstanceId id = member.id();
            Optional<Withheld> foreign = OwnerGate.judge(cluster, survey, id);
            if (foreign.isPresent()) {
                return foreign;
            }
            Optional<InstanceSurvey> found = survey.instance(id);
            if (found.isEmpty()) {
                return withheld("host", "host " + id.host() + " gave no answer");
            }
            InstanceSurvey seen = found.get();
            if (seen.markedStopped() && !seen.present()) {
                return withheld("stopped", id + " was stopped by a person: start it first");
            }
            if (!seen.answers()) {
                String said = seen.ping().isEmpty() ? "nothing" : seen.ping();
                return withheld("down", id + " is not ready: to PING it answers " + said);
            }
            Optional<Withheld> unlinked = restarted.contains(id) ? StartGate.unlinked(id, seen) : Optional.empty();
            if (unlinked.isPresent()) {
                return unlinked;
            }
        }
        return Optional.empty();
    }

    private Optional<Withheld> topology() {
        Optional<Endpoint> named = survey.namedMaster(spec);
        Optional<Member> master = master();
        if (master.isEmpty()) {
            return withheld(
                    "majority",
                    named.map(other -> "the Sentinels name " + other + ", which is none of the cluster's")
                            .orElse("no majority of the Sentinels names a master"));
        }
        for (Member member : spec.members(InstanceRole.REDIS)) {
            InstanceSurvey seen = seen(member);
            boolean leads = member.equals(master.get());
            if (leads && !seen.isMaster()) {
                return withheld("master", member.id() + " is named as master and does not answer as one");
            }
            if (!leads && !follows(seen, master.get().announce()) && !resyncs(member, master.get())) {
                return withheld(
                        "link",
                        member.id() + " is not in sync with the master "
                                + master.get().id());
            }
        }
        return Optional.empty();
    }

    private static boolean follows(InstanceSurvey seen, Endpoint master) {
        return isReplicaOf(seen, master)
                && seen.info("master_link_status").equals("up")
                && !seen.info("master_sync_in_progress").equals("1");
    }

    /** Whether it cannot be in sync before its restart: what a newer master sends, an older Redis does not load. */
    private boolean outrun(Member member, Member master) {
        InstanceSurvey seen = seen(member);
        return moves
                && restarted.contains(member.id())
                && isReplicaOf(seen, master.announce())
                && Release.older(seen.version(), seen(master).version());
    }

    /** Whether it gets into sync by its restart: as a later Redis, or as an earlier one that starts empty. */
    private boolean resyncs(Member member, Member master) {
        return outrun(member, master) || (goesBack(member.id()) && isReplicaOf(seen(member), master.announce()));
    }

    private boolean goesBack(InstanceId id) {
        return back && restarted.contains(id) && WayBack.leads(survey, id);
    }

    private static boolean isReplicaOf(InstanceSurvey seen, Endpoint master) {
        return seen.isReplica()
                && seen.info("master_host").equals(master.host())
                && seen.info("master_port").equals("" + master.port());
    }

    private Optional<Withheld> sentinels() {
        List<Member> sentinels = spec.members(InstanceRole.SENTINEL);
        for (Member sentinel : sentinels) {
            InstanceSurvey seen = seen(sentinel);
            List<String> flags = List.of(seen.master().getOrDefault("flags", "").split(",", -1));
            Optional<String> trouble = flags.stream().filter(TROUBLE::contains).findFirst();
            if (trouble.isPresent()) {
                return withheld("failover", sentinel.id() + " says " + trouble.get() + " of the master");
            }
            if (!seen.quorum().startsWith("OK")) {
                return withheld("quorum", sentinel.id() + " does not find its quorum: " + seen.quorum());
            }
            if (restarted.contains(sentinel.id()) && StopGate.watchesAnother(spec, seen)) {
                return withheld("shared-sentinel", sentinel.id() + " also watches a master outside this cluster");
            }
        }
        int needed = Math.max(spec.sentinel().quorum(), sentinels.size() / 2 + 1);
        boolean any = sentinels.stream().map(Member::id).anyMatch(restarted::contains);
        if (any && sentinels.size() - 1 < needed) {
            return withheld(
                    "quorum",
                    "while one of " + sentinels.size() + " Sentinels is restarted " + (sentinels.size() - 1)
                            + " are left, and a failover needs " + needed
                            + ": lower spec.sentinel.quorum, or add a Sentinel");
        }
        return Optional.empty();
    }

    private Optional<Withheld> older() {
        String title = Engine.of(spec.redis()).title();
        for (InstanceId id : restarted) {
            HostSurvey host = survey.hosts().get(id.host());
            String wanted = host == null ? "" : host.version();
            for (Member other : spec.members()) {
                String runs = seen(other).version();
                if (Release.older(wanted, runs) && (leads(other) || !goesBack(other.id()))) {
                    return withheld(
                            "downgrade",
                            id + " would be started as " + title + " " + wanted + ", and " + other.id() + " runs "
                                    + runs + ": an older " + title + " cannot read what a newer one writes"
                                    + (back && leads(other) ? "; it leads, so going back means a restore" : ""));
                }
            }
        }
        return closed();
    }

    /** Whether one of those that go back cannot. */
    private Optional<Withheld> closed() {
        Member master = master().orElseThrow();
        List<Member> going =
                spec.members().stream().filter(member -> goesBack(member.id())).toList();
        return WayBack.closed(spec, survey, going, master, other -> follows(seen(other), master.announce()))
                .flatMap(reason -> withheld("way-back", reason));
    }

    private boolean leads(Member member) {
        return master().filter(member::equals).isPresent();
    }

    /** Whether the master may be restarted, if it is to be: after a switch, or in its place by the exact word. */
    private Optional<Withheld> master(String outage) {
        Member master = master().orElseThrow();
        InstanceId id = master.id();
        if (!restarted.contains(id) || hasSuccessor()) {
            return Optional.empty();
        }
        // What its builder has chosen, and the spec says nothing of, stays.
        boolean persists = spec.at(id).isPresent()
                ? RedisConf.persists(seen(master))
                : RedisConf.persists(spec, Place.of(spec, id, Login.NONE));
        if (!persists) {
            return withheld(
                    "empty-master",
                    id + " is the master, nobody can take its place, and it keeps nothing on disk: it would come back"
                            + " empty");
        }
        String why = SwitchGate.judge(cluster, survey, null) instanceof SwitchGate.No no
                        && no.verdict() instanceof Withheld withheld
                ? withheld.reason()
                : "";
        return outage.equals(id.value())
                ? Optional.empty()
                : withheld(
                        "outage",
                        id + " is the master, and nobody can take its place (" + why + "): its restart is an outage;"
                                + " whoever accepts that says outage=" + id + " (--outage " + id + ")");
    }

    private Optional<Member> master() {
        return survey.namedMaster(spec)
                .flatMap(endpoint -> spec.members(InstanceRole.REDIS).stream()
                        .filter(member -> member.announce().equals(endpoint))
                        .findFirst());
    }

    private InstanceSurvey seen(Member member) {
        return survey.instance(member.id())
                .orElseThrow(() -> new IllegalStateException("members() let " + member.id() + " pass unseen"));
    }

    private static Optional<Withheld> withheld(String rule, String reason) {
        return Optional.of(new Withheld(rule, reason));
    }
}
