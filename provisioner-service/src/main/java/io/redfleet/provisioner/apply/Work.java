package io.redfleet.provisioner.apply;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.survey.ClusterSurvey;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * What an apply or a roll is there to do.
 *
 * @param planning of what a survey shows
 * @param most rounds; more means that something undoes what we do
 * @param agreed whether restarts of what differs are
 * @param done what is said of it once nothing is left
 */
record Work(
        ClusterState cluster,
        String wanted,
        Function<ClusterSurvey, Plan> planning,
        int most,
        boolean agreed,
        String done,
        Journal journal,
        BooleanSupplier cancelled) {
    /** Without the cluster's own passwords no file of it may be written. */
    Plan plan(ClusterSurvey survey) {
        return Provisioning.locked(survey) ? Provisioning.closed(survey) : planning.apply(survey);
    }
}
