package io.redfleet.provisioner.order;

import io.redfleet.adopt.Choice;
import io.redfleet.adopt.Survey;
import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.provisioner.reach.SurveyReach;

/** Asks clusters of somebody else's what they are. Only reads. */
@FunctionalInterface
public interface Surveys {
    /** Where nobody surveys. */
    Surveys NONE = wish -> new Full("no survey is made here");

    /**
     * What is to be looked at.
     *
     * @param reach whom it may connect to
     * @param user whose password that is; empty: Redis's own
     * @param password the same for data nodes and Sentinels; empty: nobody logs in
     */
    record Wish(Endpoint sentinel, Choice choice, SurveyReach reach, String user, Secret password) {}

    /** What came of it. */
    sealed interface Came {}

    record Looked(Survey.Result result) implements Came {}

    /** As many are under way as there may be; nobody was asked. */
    record Full(String why) implements Came {}

    /** Blocks for as long as a survey may take. Does not throw. */
    Came look(Wish wish);
}
