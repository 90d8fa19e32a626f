package io.redfleet.provisioner.plan;

import java.time.Duration;

/**
 * Which restarts of what runs a plan may hold: somebody has to have agreed to each.
 *
 * <p>A cluster whose master nobody can take over from is without it for the time of its restart. That takes a word more:
 * {@code outage}, the master's id, typed; empty where nobody has.
 */
public sealed interface Restarts {
    /** Of nothing. */
    static Restarts none() {
        return new None();
    }

    String outage();

    /** Nobody was asked. */
    record None() implements Restarts {
        @Override
        public String outage() {
            return "";
        }
    }

    /** Of what differs, and cannot be changed while it runs. */
    record Needed(String outage) implements Restarts {}

    /**
     * Of whatever was started before it was asked for.
     *
     * @param ago how long that is, at a moment after the survey: what was started since lives shorter, whoever started it
     */
    record All(Duration ago, String outage) implements Restarts {}
}
