package io.redfleet.contracts.health;

import io.redfleet.contracts.cluster.Label;
import io.redfleet.contracts.wire.Actor;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * No automatic action in any cluster that bears this label, as long as it bears it.
 *
 * @param actor who put it on; whether they still may does not matter
 */
public record LabelBrake(Label label, String reason, Actor actor, Instant since) {
    /** Why nothing automatic is done in a cluster that it holds, the same words in every service. */
    public String words() {
        return "the label " + label + " is disarmed by " + actor.name() + " since "
                + since.truncatedTo(ChronoUnit.SECONDS) + ": " + reason;
    }
}
