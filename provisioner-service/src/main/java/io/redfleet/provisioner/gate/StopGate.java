package io.redfleet.provisioner.gate;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.provisioner.gate.Verdict.Go;
import io.redfleet.provisioner.gate.Verdict.Withheld;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import java.util.Optional;

/**
 * Whether a person, or a rule, may stop or restart an instance that runs: not the master, not the last replica that could take a
 * dead master's place, not a Sentinel that the quorum needs, not one that is loading or saving,
 * unless the instance's id is typed; and never a Sentinel that others need too.
 */
public final class StopGate {
    private StopGate() {}

    /** @param word the instance's full id, typed by a person who accepts the consequence; or empty */
    public static Verdict judge(ClusterSpec spec, ClusterSurvey survey, InstanceId id, String word) {
        Member member = spec.member(id).orElseThrow();
        Optional<InstanceSurvey> found = survey.instance(id);
        if (found.isEmpty()) {
            return new Withheld("host", "host " + id.host() + " gave no answer");
        }
        InstanceSurvey facts = found.get();
        if (!facts.present()) {
            return new Go(Optional.empty());
        }
        if (member.role() == InstanceRole.SENTINEL && serves(spec, survey, id, facts)) {
            String reason = id + " also watches a master outside this cluster: "
                    + String.join(", ", SharedSentinel.others(spec, survey, id));
            return new Withheld("shared-sentinel", reason);
        }
        if (word.equals(id.value())) {
            return new Go(Optional.empty());
        }
        if (facts.occupied() || facts.saving()) {
            String what = facts.saving() ? "saves" : "says " + facts.ping();
            return new Withheld("occupied", id + " " + what + "; confirm with " + id + " to go on nevertheless");
        }
        return member.role() == InstanceRole.SENTINEL
                ? sentinel(spec, survey, member, facts)
                : data(spec, survey, member, facts);
    }

    private static Verdict data(ClusterSpec spec, ClusterSurvey survey, Member member, InstanceSurvey facts) {
        Optional<Endpoint> named = survey.namedMaster(spec);
        // Also one that a majority does not name: it took writes that nobody else holds.
        boolean leads = facts.isMaster()
                || named.map(endpoint -> endpoint.equals(member.announce())).orElse(false);
        if (leads) {
            String reason = member.id() + " is the current master: switch over first (redfleet failover " + spec.name()
                    + "), or confirm with " + member.id();
            return new Withheld("master", reason);
        }
        if (!masterAnswers(spec, survey, named) && !new Succession(spec, survey).someoneBut(member.id())) {
            String reason = "the master does not answer and without " + member.id()
                    + " no replica would be left to take its place; confirm with " + member.id()
                    + " to go on nevertheless";
            return new Withheld("last-replica", reason);
        }
        return new Go(Optional.empty());
    }

    /** Where no majority names one: whether any data node says that it is one. */
    private static boolean masterAnswers(ClusterSpec spec, ClusterSurvey survey, Optional<Endpoint> named) {
        return spec.members(InstanceRole.REDIS).stream()
                .filter(other ->
                        named.map(endpoint -> endpoint.equals(other.announce())).orElse(true))
                .flatMap(other -> survey.instance(other.id()).stream())
                .anyMatch(other -> other.answers() && other.isMaster());
    }

    private static Verdict sentinel(ClusterSpec spec, ClusterSurvey survey, Member member, InstanceSurvey facts) {
        int declared = spec.members(InstanceRole.SENTINEL).size();
        int needed = Math.max(spec.sentinel().quorum(), declared / 2 + 1);
        long alive = spec.members(InstanceRole.SENTINEL).stream()
                .filter(other ->
                        survey.instance(other.id()).map(InstanceSurvey::answers).orElse(false))
                .count();
        if (!facts.answers() || alive - 1 >= needed) {
            return new Go(Optional.empty());
        }
        String reason = "without " + member.id() + " " + (alive - 1) + " Sentinels would be left, a failover needs "
                + needed + "; confirm with " + member.id() + " to go on nevertheless";
        return new Withheld("quorum", reason);
    }

    /** One that hangs serves nobody; one that only does not let this cluster in may serve those who share it. */
    private static boolean serves(ClusterSpec spec, ClusterSurvey survey, InstanceId id, InstanceSurvey facts) {
        return watchesAnother(spec, facts)
                || (facts.shutsOut() && SharedSentinel.kept(spec, survey, id).isPresent());
    }

    static boolean watchesAnother(ClusterSpec spec, InstanceSurvey sentinel) {
        String own = "name=" + spec.sentinel().masterName() + ",";
        return sentinel.info().entrySet().stream()
                .anyMatch(field -> field.getKey().matches("master\\d+")
                        && !field.getValue().startsWith(own));
    }
}
