package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.contracts.cluster.OwnPlace;
import io.redfleet.provisioner.plan.Plan.Obstacle;
import io.redfleet.provisioner.secret.Login;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.HostSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import io.redfleet.provisioner.survey.Place;
import io.redfleet.provisioner.survey.SentinelIds;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Sentinels that go by one id, as a copied file makes them: to every other one they are a single Sentinel that moves, so a majority
 * that was counted on is not there.
 *
 * <p>One that bears no mark of ours yet is not taken in; what stands is left as it runs, and said, for which of the two keeps the
 * id is a person's to choose.
 */
final class Namesakes {
    /** Enough for a person to tell two ids by. */
    private static final int DIGITS = 12;

    private final ClusterState cluster;
    private final ClusterSurvey survey;

    private Namesakes(ClusterState cluster, ClusterSurvey survey) {
        this.cluster = cluster;
        this.survey = survey;
    }

    /** Of those that are new to us. */
    static List<Obstacle> obstacles(ClusterState cluster, ClusterSurvey survey) {
        Namesakes names = new Namesakes(cluster, survey);
        List<Obstacle> found = new ArrayList<>();
        for (Member member : cluster.spec().members(InstanceRole.SENTINEL)) {
            InstanceId id = member.id();
            List<String> others = names.others(id, false);
            if (names.fresh(id) && !others.isEmpty()) {
                found.add(new Obstacle(id.host().value(), id.name(), names.reason(id, others)));
            }
        }
        return found;
    }

    /** Of those that stand, among themselves. */
    static List<Plan.Refused> refused(ClusterState cluster, ClusterSurvey survey) {
        Namesakes names = new Namesakes(cluster, survey);
        List<Plan.Refused> found = new ArrayList<>();
        for (Member member : cluster.spec().members(InstanceRole.SENTINEL)) {
            InstanceId id = member.id();
            List<String> others = names.others(id, true);
            if (!names.fresh(id) && !others.isEmpty()) {
                found.add(new Plan.Refused(id.host().value(), id.value(), List.of(), names.reason(id, others)));
            }
        }
        return found;
    }

    /** @param standing whether those count alone that are not new */
    private List<String> others(InstanceId id, boolean standing) {
        return Stream.concat(
                        SentinelIds.members(cluster.everywhere(), survey, id).stream()
                                .filter(other -> !standing || !fresh(other))
                                .map(InstanceId::value),
                        SentinelIds.strangers(survey, id).stream())
                .toList();
    }

    private boolean fresh(InstanceId id) {
        return survey.instance(id).map(InstanceSurvey::owner).orElse("").isEmpty();
    }

    private String reason(InstanceId id, List<String> others) {
        String own = SentinelIds.of(survey, id).orElse("");
        return "has the Sentinel id " + own.substring(0, Math.min(DIGITS, own.length())) + "..., and so has "
                + String.join(", ", others)
                + ": its file was copied, and the others take them for one. Stop the one that"
                + " has the copy (here it is " + file(id)
                + "), take the line 'sentinel myid' out of its file while it does"
                + " not run, for Sentinel writes that file itself, and start it: it gives itself another id";
    }

    private String file(InstanceId id) {
        ClusterSpec spec = cluster.spec();
        String base = Optional.ofNullable(survey.hosts().get(id.host()))
                .map(HostSurvey::base)
                .orElse("");
        return spec.at(id)
                .map(OwnPlace::config)
                .orElse(Place.of(spec, id, Login.NONE).directory(base) + "/sentinel.conf");
    }
}
