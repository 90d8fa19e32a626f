package io.redfleet.provisioner.gate;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.wire.Request;
import io.redfleet.provisioner.survey.ClusterSurvey;

/** Whether what a person asks for of one instance is done: {@link RemedyGate} is the monitor's. */
public final class OrderGate {
    private OrderGate() {}

    /** @param word the instance's full id, typed by a person who accepts the consequence; or empty */
    public static Verdict judge(
            ClusterState cluster, ClusterSurvey survey, InstanceId id, Request.Verb verb, String word) {
        return RevisionGate.judge(cluster, survey)
                .or(() -> OwnerGate.judge(cluster, survey, id))
                .map(Verdict.class::cast)
                .orElseGet(() -> switch (verb) {
                    case START -> StartGate.judge(cluster.spec(), survey, id, word);
                    case STOP ->
                        SharedSentinel.kept(cluster.everywhere(), survey, id)
                                .map(Verdict.class::cast)
                                .orElseGet(() -> StopGate.judge(cluster.spec(), survey, id, word));
                    case RESTART -> restart(cluster, survey, id, word);
                });
    }

    /** Both must agree: that it may go, and how it may come back. */
    private static Verdict restart(ClusterState cluster, ClusterSurvey survey, InstanceId id, String word) {
        Verdict stop = StopGate.judge(cluster.spec(), survey, id, word);
        return stop instanceof Verdict.Go ? StartGate.comeback(cluster.spec(), survey, id, word) : stop;
    }
}
