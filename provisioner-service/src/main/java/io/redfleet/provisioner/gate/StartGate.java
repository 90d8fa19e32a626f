package io.redfleet.provisioner.gate;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.provisioner.gate.Verdict.Go;
import io.redfleet.provisioner.gate.Verdict.Needless;
import io.redfleet.provisioner.gate.Verdict.Withheld;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import java.util.Optional;

/**
 * Whether an instance may be started, and as what.
 *
 * <p>A Sentinel always may. A data node starts as a replica of the master that a majority of Sentinels names, so that it
 * is never a second master for the ten seconds that Sentinel takes to demote it. The named master itself starts only
 * when Sentinel cannot replace it, and never empty while others hold data: it would wipe them.
 */
public final class StartGate {
    private StartGate() {}

    /** @param word the instance's full id, typed by a person who wants a master started against the rule; or empty */
    public static Verdict judge(ClusterSpec spec, ClusterSurvey survey, InstanceId id, String word) {
        return judge(spec, survey, id, word, false);
    }

    /** The same of one whose plan makes all that it starts with before. */
    public static Verdict prepared(ClusterSpec spec, ClusterSurvey survey, InstanceId id) {
        return judge(spec, survey, id, "", true);
    }

    private static Verdict judge(ClusterSpec spec, ClusterSurvey survey, InstanceId id, String word, boolean prepared) {
        Member member = spec.member(id).orElseThrow();
        Optional<InstanceSurvey> found = survey.instance(id);
        if (found.isEmpty()) {
            return new Withheld("host", "host " + id.host() + " gave no answer");
        }
        InstanceSurvey facts = found.get();
        if (facts.answers()) {
            return new Needless(id + " runs and answers");
        }
        if (facts.present()) {
            String said = facts.ping().isEmpty() ? "nothing" : facts.ping();
            return new Withheld("alive", "the process " + facts.pid() + " lives; to PING it answers " + said);
        }
        boolean forced = word.equals(id.value());
        return prepared ? ready(spec, survey, member, facts, forced) : dead(spec, survey, member, facts, forced);
    }

    /** How an instance may come back that is about to be ended. */
    public static Verdict comeback(ClusterSpec spec, ClusterSurvey survey, InstanceId id, String word) {
        Member member = spec.member(id).orElseThrow();
        return survey.instance(id)
                .map(facts -> dead(spec, survey, member, facts, word.equals(id.value())))
                .orElseGet(() -> new Withheld("host", "host " + id.host() + " gave no answer"));
    }

    static Verdict dead(ClusterSpec spec, ClusterSurvey survey, Member member, InstanceSurvey facts, boolean forced) {
        return unlinked(member.id(), facts)
                .map(Verdict.class::cast)
                .orElseGet(() -> ready(spec, survey, member, facts, forced));
    }

    /** Why one cannot be started by anybody but an apply; empty: for no such reason. */
    static Optional<Withheld> unlinked(InstanceId id, InstanceSurvey facts) {
        return facts.unlinked()
                ? Optional.of(new Withheld(
                        "unlinked", id + " could not be started: its link to the program is gone; apply makes it anew"))
                : Optional.empty();
    }

    private static Verdict ready(
            ClusterSpec spec, ClusterSurvey survey, Member member, InstanceSurvey facts, boolean forced) {
        if (facts.listening() && !facts.present()) {
            return new Withheld("port", "a process that is not ours listens on " + member.endpoint());
        }
        if (member.role() == InstanceRole.SENTINEL) {
            return new Go(Optional.empty());
        }
        Optional<Endpoint> named = survey.namedMaster(spec);
        if (named.isPresent() && !named.get().equals(member.announce())) {
            return new Go(named);
        }
        if (named.isPresent()) {
            return namedMaster(spec, survey, member, facts, forced);
        }
        if (!survey.sentinelsKnowACluster(spec)) {
            return bootstrap(spec, survey, member);
        }
        String reason =
                "no majority of the Sentinels names a master, so nobody knows whom " + member.id() + " may follow";
        return new Withheld("majority", reason);
    }

    private static Verdict namedMaster(
            ClusterSpec spec, ClusterSurvey survey, Member member, InstanceSurvey facts, boolean forced) {
        if (forced) {
            return new Go(Optional.empty());
        }
        if (new Succession(spec, survey).possible(member.id())) {
            String reason = "the Sentinels still name " + member.id()
                    + " and can fail over: starting it would race them; confirm with " + member.id()
                    + " to start it nevertheless";
            return new Withheld("failover-first", reason);
        }
        if (!facts.hasData() && othersHoldData(spec, survey, member)) {
            String reason = member.id()
                    + " is the named master and has no data set that its start would load, but its replicas hold data,"
                    + " which it would wipe; confirm with " + member.id() + " to start it nevertheless";
            return new Withheld("empty-master", reason);
        }
        return new Go(Optional.empty());
    }

    /** Before any Sentinel was configured the spec decides, this once. A survey with holes proves no such thing. */
    private static Verdict bootstrap(ClusterSpec spec, ClusterSurvey survey, Member member) {
        if (!survey.unreached().isEmpty()) {
            return new Withheld(
                    "host",
                    "not every host gave an answer: " + survey.unreached().keySet());
        }
        Member master = bootstrapMaster(spec);
        return master.id().equals(member.id()) ? new Go(Optional.empty()) : new Go(Optional.of(master.announce()));
    }

    /** The data node that leads until Sentinel has ever decided. */
    public static Member bootstrapMaster(ClusterSpec spec) {
        return spec.members(InstanceRole.REDIS).stream()
                .filter(member -> member.id().host().equals(spec.bootstrapMaster()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no data node on " + spec.bootstrapMaster()));
    }

    private static boolean othersHoldData(ClusterSpec spec, ClusterSurvey survey, Member empty) {
        return spec.members(InstanceRole.REDIS).stream()
                .filter(other -> !other.id().equals(empty.id()))
                .flatMap(other -> survey.instance(other.id()).stream())
                .anyMatch(other -> other.hasData()
                        || other.hasFiles()
                        || other.info().keySet().stream().anyMatch(field -> field.matches("db\\d+")));
    }
}
