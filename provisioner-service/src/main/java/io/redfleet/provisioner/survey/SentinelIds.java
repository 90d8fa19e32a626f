package io.redfleet.provisioner.survey;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * By which ids Sentinels go. Each gives itself one at its first start and writes it into its file; a file that was copied brings it
 * to a second one, and each Sentinel then takes the two for one that moves.
 */
public final class SentinelIds {
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{40}");

    private SentinelIds() {}

    /** Empty where it has none yet, or nobody knows. */
    public static Optional<String> of(ClusterSurvey survey, InstanceId sentinel) {
        return Optional.ofNullable(survey.hosts().get(sentinel.host()))
                .flatMap(host -> Optional.ofNullable(host.footing().ids().get(sentinel)));
    }

    /**
     * Which members of the cluster go by the same id as that one.
     *
     * @param spec with those that leave, if they count
     */
    public static List<InstanceId> members(ClusterSpec spec, ClusterSurvey survey, InstanceId sentinel) {
        Optional<String> id = of(survey, sentinel);
        return id.isEmpty()
                ? List.of()
                : spec.members(InstanceRole.SENTINEL).stream()
                        .map(Member::id)
                        .filter(other -> !other.equals(sentinel))
                        .filter(other -> of(survey, other).equals(id))
                        .toList();
    }

    /** The marks of other clusters' Sentinels on the hosts of this one that go by the same id, each once. */
    public static List<String> strangers(ClusterSurvey survey, InstanceId sentinel) {
        Optional<String> id = of(survey, sentinel);
        String own = survey.instance(sentinel).map(InstanceSurvey::owner).orElse("");
        return survey.hosts().values().stream()
                .flatMap(host -> host.footing().beside().stream())
                .filter(neighbour -> id.equals(Optional.of(neighbour.id())))
                // A group's directory is no cluster's, and so beside each of them.
                .filter(neighbour ->
                        !own.startsWith(GroupSurvey.MARK) || !neighbour.mark().equals(own))
                .map(Footing.Neighbour::mark)
                .distinct()
                .sorted()
                .toList();
    }

    static boolean isId(String text) {
        return FORM.matcher(text).matches();
    }
}
