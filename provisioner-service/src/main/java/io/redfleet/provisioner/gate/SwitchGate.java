package io.redfleet.provisioner.gate;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.provisioner.gate.Verdict.Needless;
import io.redfleet.provisioner.gate.Verdict.Withheld;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether another data node may take the place of a master that lives. There is no word that forces it: where this refuses, the
 * switch would not happen, or lose writes.
 */
public final class SwitchGate {
    private SwitchGate() {}

    /** What is found. */
    public sealed interface Judgement {}

    /**
     * It may.
     *
     * @param old the master
     * @param to empty: whom Sentinel chooses
     * @param candidates whom Sentinel could choose, at least one
     */
    public record Go(Member old, Optional<Member> to, List<Member> candidates) implements Judgement {
        public Go {
            candidates = List.copyOf(candidates);
        }
    }

    /** It may not, or need not. */
    public record No(Verdict verdict) implements Judgement {}

    /** @param to null: whom Sentinel chooses */
    public static Judgement judge(ClusterState cluster, ClusterSurvey survey, @Nullable InstanceId to) {
        ClusterSpec spec = cluster.spec();
        Optional<Withheld> stale = RevisionGate.judge(cluster, survey);
        if (stale.isPresent()) {
            return new No(stale.get());
        }
        Optional<Endpoint> named = survey.namedMaster(spec);
        Optional<Member> old = named.flatMap(endpoint -> with(spec, endpoint));
        if (old.isEmpty()) {
            return withheld(
                    "majority",
                    named.map(other -> "the Sentinels name " + other + ", which is none of the cluster's")
                            .orElse("no majority of the Sentinels names a master"));
        }
        Member master = old.get();
        if (master.id().equals(to)) {
            return new No(new Needless(to + " is the master"));
        }
        return OwnerGate.judge(cluster, survey, master.id())
                .or(() -> unmarked(cluster, survey))
                .or(() -> unfit(survey, master))
                .or(() -> sentinels(spec, survey))
                .<Judgement>map(No::new)
                .orElseGet(() -> candidates(spec, survey, master, to));
    }

    /** Half of a cluster that somebody else built is his still: a switch would have its nodes follow another. */
    private static Optional<Withheld> unmarked(ClusterState cluster, ClusterSurvey survey) {
        ClusterSpec spec = cluster.spec();
        return spec.members().stream()
                .map(Member::id)
                .filter(id -> survey.instance(id)
                        .filter(seen -> OwnerGate.unmarked(spec, id, seen))
                        .isPresent())
                .findFirst()
                .flatMap(id -> OwnerGate.judge(cluster, survey, id));
    }

    private static Optional<Withheld> unfit(ClusterSurvey survey, Member master) {
        Optional<InstanceSurvey> seen = survey.instance(master.id());
        if (seen.isEmpty()) {
            return Optional.of(new Withheld("host", "host " + master.id().host() + " of the master gave no answer"));
        }
        if (!seen.get().answers() || !seen.get().isMaster()) {
            String reason =
                    master.id() + " is named as master and does not answer as one: there is nothing to switch from";
            return Optional.of(new Withheld("master", reason));
        }
        return Optional.empty();
    }

    private static Optional<Withheld> sentinels(ClusterSpec spec, ClusterSurvey survey) {
        List<Member> declared = spec.members(InstanceRole.SENTINEL);
        int able = 0;
        for (Member sentinel : declared) {
            Optional<InstanceSurvey> seen = survey.instance(sentinel.id());
            String flags = seen.map(it -> it.master().getOrDefault("flags", "")).orElse("");
            for (String sign : List.of("failover_in_progress", "o_down", "s_down")) {
                if (List.of(flags.split(",", -1)).contains(sign)) {
                    return Optional.of(new Withheld("failover", sentinel.id() + " says " + sign + " of the master"));
                }
            }
            able += seen.filter(it -> it.quorum().startsWith("OK")).isPresent() ? 1 : 0;
        }
        int needed = declared.size() / 2 + 1;
        return able >= needed
                ? Optional.empty()
                : Optional.of(new Withheld(
                        "quorum",
                        able + " of " + declared.size() + " Sentinels find their quorum, needed are " + needed));
    }

    private static Judgement candidates(
            ClusterSpec spec, ClusterSurvey survey, Member master, @Nullable InstanceId to) {
        List<Member> linked = spec.members(InstanceRole.REDIS).stream()
                .filter(member -> !member.equals(master))
                .filter(member -> survey.instance(member.id())
                        .filter(seen -> follows(seen, master.announce()))
                        .isPresent())
                .toList();
        List<Member> able = linked.stream()
                .filter(member -> histories(survey, master, member).isEmpty())
                .toList();
        Optional<String> alien = linked.stream()
                .filter(member -> !able.contains(member))
                // Sentinel does not look at histories: left to itself it may choose any of them.
                .filter(member -> to == null || member.id().equals(to))
                .flatMap(member -> histories(survey, master, member).stream())
                .findFirst();
        if (alien.isPresent()) {
            return withheld("history", alien.get());
        }
        if (to == null) {
            return able.isEmpty()
                    ? withheld("replica", "no replica is in sync with the master and may be promoted")
                    : new Go(master, Optional.empty(), able);
        }
        Optional<Member> wanted =
                able.stream().filter(member -> member.id().equals(to)).findFirst();
        if (wanted.isEmpty()) {
            String rule =
                    " is no replica of " + master.id() + " that is in sync with it and has a replicaPriority above 0";
            return withheld("replica", to + rule);
        }
        Optional<Member> rival = able.stream()
                .filter(member -> !member.id().equals(to))
                .filter(member -> priority(survey, member) <= 1)
                .findFirst();
        return rival.isEmpty()
                ? new Go(master, wanted, able)
                : withheld(
                        "priority",
                        "Sentinel cannot be made to choose " + to + ": "
                                + rival.get().id() + " has replicaPriority 1, and there is none before that");
    }

    private static boolean follows(InstanceSurvey seen, Endpoint master) {
        Map<String, String> info = seen.info();
        return seen.answers()
                && seen.isReplica()
                && info.getOrDefault("master_link_status", "").equals("up")
                && info.getOrDefault("master_host", "").equals(master.host())
                && info.getOrDefault("master_port", "").equals("" + master.port())
                && number(info.getOrDefault("slave_priority", "")) > 0;
    }

    /**
     * How the data of a replica are known not to be its master's: it has the id of neither of the master's histories, the one that
     * it writes and the one that it went on from. Empty: they are, or an instance does not say.
     */
    private static Optional<String> histories(ClusterSurvey survey, Member master, Member replica) {
        String own = replid(survey, replica, "master_replid");
        String now = replid(survey, master, "master_replid");
        String before = replid(survey, master, "master_replid2");
        if (own.isEmpty() || now.isEmpty() || own.equals(now) || own.equals(before)) {
            return Optional.empty();
        }
        return Optional.of(replica.id() + " has the history " + own + " (master_replid), and " + master.id() + " has "
                + now + (before.isEmpty() ? "" : ", before that " + before) + ": its data are not the master's");
    }

    private static String replid(ClusterSurvey survey, Member member, String field) {
        return survey.instance(member.id()).map(seen -> seen.info(field)).orElse("");
    }

    private static long priority(ClusterSurvey survey, Member member) {
        return number(survey.instance(member.id())
                .map(seen -> seen.info("slave_priority"))
                .orElse(""));
    }

    /** 0 for what is no number. */
    private static long number(String text) {
        return text.matches("\\d{1,10}") ? Long.parseLong(text) : 0;
    }

    private static Optional<Member> with(ClusterSpec spec, Endpoint announced) {
        return spec.members(InstanceRole.REDIS).stream()
                .filter(member -> member.announce().equals(announced))
                .findFirst();
    }

    private static No withheld(String rule, String reason) {
        return new No(new Withheld(rule, reason));
    }
}
