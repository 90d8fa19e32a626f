package io.redfleet.provisioner.gate;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.provisioner.packages.Release;
import io.redfleet.provisioner.recipe.RedisConf;
import io.redfleet.provisioner.secret.Login;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.HostSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import io.redfleet.provisioner.survey.Place;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The way back to an earlier Redis, of whoever has gone to a later one before its master has.
 *
 * <p>What a later one has stored the earlier one does not load. So a data node goes back empty, and its master sends it all: that
 * loses nothing only where the master itself is no later than what is wanted, and holds the data together with enough others, or on
 * its disk. Once a later one leads there is no way back but a restore.
 */
public final class WayBack {
    /** Files that a Redis has rewritten are read by those of before as far back as to this one. */
    private static final String FIRST = "7.0";

    private WayBack() {}

    /** Whether its next start would be as an earlier Redis than it runs. */
    public static boolean leads(ClusterSurvey survey, InstanceId id) {
        HostSurvey host = survey.hosts().get(id.host());
        return host != null
                && survey.instance(id)
                        .filter(seen -> Release.older(host.version(), seen.version()))
                        .isPresent();
    }

    /**
     * Why it is closed to one of those that it {@link #leads}; empty: all may go, one after the other.
     *
     * @param master who leads the others
     * @param synced whether a data node is in sync with that
     */
    static Optional<String> closed(
            ClusterSpec spec, ClusterSurvey survey, List<Member> going, Member master, Predicate<Member> synced) {
        return going.stream()
                .map(member -> closed(spec, survey, member, master, synced))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<String> closed(
            ClusterSpec spec, ClusterSurvey survey, Member member, Member master, Predicate<Member> synced) {
        InstanceId id = member.id();
        String wanted = Optional.ofNullable(survey.hosts().get(id.host()))
                .map(HostSurvey::version)
                .orElse("");
        if (Release.older(wanted, FIRST)) {
            return Optional.of(id + " would go back to " + wanted + ", and the way back ends at " + FIRST
                    + ": an earlier one cannot read the file that a later one has rewritten");
        }
        if (member.role() != InstanceRole.REDIS) {
            return Optional.empty();
        }
        if (spec.at(id).isPresent()) {
            return Optional.of(id + " would go back to " + wanted
                    + ", and was adopted: where it stores is its builder's, and nothing there is put aside");
        }
        List<Member> data = spec.members(InstanceRole.REDIS);
        long holders = data.stream()
                .filter(other -> !other.equals(member))
                .filter(other -> other.equals(master) || synced.test(other))
                .count();
        if (holders > data.size() / 2 || persists(spec, survey, master)) {
            return Optional.empty();
        }
        return Optional.of(id + " would go back to " + wanted + " empty, and of " + data.size() + " data nodes " + holders
                + " would hold the data meanwhile, the master " + master.id()
                + " not on its disk: it takes more than half of them, or appendonly or save on the master");
    }

    private static boolean persists(ClusterSpec spec, ClusterSurvey survey, Member master) {
        Optional<InstanceSurvey> seen = survey.instance(master.id());
        return spec.at(master.id()).isPresent()
                ? seen.filter(RedisConf::persists).isPresent()
                : RedisConf.persists(spec, Place.of(spec, master.id(), Login.NONE));
    }
}
