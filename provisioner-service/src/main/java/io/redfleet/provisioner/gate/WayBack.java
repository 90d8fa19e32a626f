package io.redfleet.provisioner.gate;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.provisioner.packages.Release;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.HostSurvey;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The way back to an earlier Redis, of whoever has gone to a later one before its master has.
 *
 * <p>What a later one has stored the earlier one does not load. So a data node goes back empty, and its master sends it all: that
 * loses nothing only where the master itself is no later than what is wanted, and holds the data together with enough others.
 * Once a later one leads there is no way back but a restore.
 */
public final class WayBack {
    /** Files that a Redis has rewritten are read by those of before as far back as to this one. */
    private static final String FIRST = "7.0";

    private WayBack() {}

    /** Whether its next start would be as an earlier Redis than it runs. */
    public static boolean leads(ClusterSurvey survey, InstanceId id) {
        HostSurvey host = survey.hosts().get(id.host());
        String next = host == null ? "" : host.version();
        return survey.instance(id)
                .filter(seen -> Release.older(next, seen.version()))
                .isPresent();
    }

    /**
     * Who of these goes first: it holds nothing that the others lack, or it is the first of them.
     *
     * @param synced whether a data node is in sync with the master
     */
    public static List<Member> inOrder(List<Member> going, Predicate<Member> synced) {
        return Stream.concat(
                        going.stream().filter(synced.negate()), going.stream().filter(synced))
                .toList();
    }

    /**
     * Why it is closed to one of those that go it; empty: the first of them may go, and the next is asked for anew.
     *
     * @param going who would start as an earlier Redis than it was
     * @param master who leads the others
     * @param synced whether a data node is in sync with that
     */
    public static Optional<String> closed(
            ClusterSpec spec, ClusterSurvey survey, List<Member> going, Member master, Predicate<Member> synced) {
        List<Member> data = going.stream()
                .filter(member -> member.role() == InstanceRole.REDIS)
                .toList();
        return going.stream()
                .map(member -> barred(spec, survey, member))
                .flatMap(Optional::stream)
                .findFirst()
                .or(() -> inOrder(data, synced).stream()
                        .findFirst()
                        .flatMap(first -> scarce(spec, first, master, synced)));
    }

    private static Optional<String> barred(ClusterSpec spec, ClusterSurvey survey, Member member) {
        HostSurvey host = survey.hosts().get(member.id().host());
        String wanted = host == null ? "" : host.version();
        if (Release.older(wanted, FIRST)) {
            return Optional.of(member.id() + " would go back to " + wanted + ", and the way back ends at " + FIRST
                    + ": an earlier one cannot read the file that a later one has rewritten");
        }
        boolean adopted =
                member.role() == InstanceRole.REDIS && spec.at(member.id()).isPresent();
        return adopted
                ? Optional.of(member.id() + " would go back to " + wanted
                        + ", and was adopted: where it stores is its builder's, and nothing there is put aside")
                : Optional.empty();
    }

    /** Of one that starts empty Sentinel knows no better than to promote it, where nobody else is left. */
    private static Optional<String> scarce(ClusterSpec spec, Member first, Member master, Predicate<Member> synced) {
        List<Member> data = spec.members(InstanceRole.REDIS);
        long holders = data.stream()
                .filter(other -> !other.equals(first))
                .filter(other -> other.equals(master) || synced.test(other))
                .count();
        return 2 * holders > data.size()
                ? Optional.empty()
                : Optional.of(first.id() + " would start empty on the way back, and " + holders + " of " + data.size()
                        + " data nodes would hold the data meanwhile: it takes more than half of them");
    }
}
