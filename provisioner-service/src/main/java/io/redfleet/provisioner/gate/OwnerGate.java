package io.redfleet.provisioner.gate;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.provisioner.gate.Verdict.Withheld;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.GroupSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import java.util.Optional;

/** Whose an instance's directory is: what is marked as another cluster's is touched by nobody, whatever runs in it. */
public final class OwnerGate {
    private OwnerGate() {}

    /** The mark that makes a directory ours; that of a Sentinel of a group is the group's, and the same for all its clusters. */
    public static String mark(ClusterSpec spec, ClusterUid uid, InstanceId id) {
        return spec.member(id)
                .flatMap(member -> spec.sentinel().groupOf(member.role()))
                .map(group -> GroupSurvey.MARK + group + "/" + id.name())
                .orElseGet(() -> uid + " " + spec.name() + "/" + id);
    }

    /** Why this instance may be neither started nor stopped; empty: it is ours, or there is nothing yet. */
    public static Optional<Withheld> judge(ClusterState cluster, ClusterSurvey survey, InstanceId id) {
        return survey.instance(id)
                .flatMap(seen ->
                        foreign(cluster.spec(), cluster.uid(), id, seen).or(() -> strange(cluster.spec(), id, seen)))
                .map(reason -> new Withheld("owner", id + ": " + reason));
    }

    /** Whether somebody else built it, and nothing says that it is ours by now. */
    public static boolean unmarked(ClusterSpec spec, InstanceId id, InstanceSurvey seen) {
        return spec.at(id).isPresent() && seen.owner().isEmpty();
    }

    private static Optional<String> strange(ClusterSpec spec, InstanceId id, InstanceSurvey seen) {
        return unmarked(spec, id, seen)
                ? Optional.of("somebody else built it, and it is not taken over yet: apply its spec again")
                : Optional.empty();
    }

    /** Whose the directory is, if it is another's. */
    public static Optional<String> foreign(ClusterSpec spec, ClusterUid uid, InstanceId id, InstanceSurvey seen) {
        String mark = mark(spec, uid, id);
        return seen.owner().isEmpty() || seen.owner().equals(mark)
                ? Optional.empty()
                : Optional.of("its directory belongs to " + seen.owner() + ", this is " + mark);
    }
}
