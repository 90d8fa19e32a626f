package io.redfleet.provisioner.gate;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.provisioner.gate.Verdict.Withheld;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import java.util.Optional;

/**
 * Whether the hosts know more than we do: beside each instance is noted which revision of the spec was last made true
 * there. A spec that is older comes from a backup, and what it does not know of, such as a host that was added since, it
 * would judge wrongly: the hosts win, and nothing is done until a person says which spec holds.
 */
public final class RevisionGate {
    private RevisionGate() {}

    /** Why nothing may be done on these hosts; empty: they carry nothing newer than the spec that stands. */
    public static Optional<Withheld> judge(ClusterState cluster, ClusterSurvey survey) {
        String newest = "";
        long revision = cluster.revision();
        for (Member member : cluster.spec().members()) {
            long noted = survey.instance(member.id())
                    .flatMap(seen -> noted(seen, cluster.uid()))
                    .orElse(0L);
            if (noted > revision) {
                newest = member.id().value();
                revision = noted;
            }
        }
        return newest.isEmpty()
                ? Optional.empty()
                : Optional.of(new Withheld("revision", reason(newest, revision, cluster)));
    }

    /** The revision that is noted beside an instance, if it is one of this very cluster. */
    public static Optional<Long> noted(InstanceSurvey seen, ClusterUid uid) {
        String[] words = seen.noted().split(" ", -1);
        return words.length == 2 && words[0].equals(uid.value()) && words[1].matches("\\d{1,18}")
                ? Optional.of(Long.valueOf(words[1]))
                : Optional.empty();
    }

    private static String reason(String newest, long revision, ClusterState cluster) {
        return newest + " carries revision " + revision + " of " + cluster.name()
                + ", and the spec that stands is revision "
                + cluster.revision()
                + ", so it comes from a backup that is older than the hosts. Apply the newest spec that"
                + " you have, with metadata.acceptRevision: " + revision
                + " in it: it says that this spec may replace what the hosts have";
    }
}
