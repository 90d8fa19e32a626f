package io.redfleet.provisioner.plan;

import io.redfleet.provisioner.survey.Place;
import java.time.Duration;

/** Something about the Monit that reports of a cluster's instances on a host. */
public sealed interface AgentAction extends Action {
    /**
     * A Monit that reports of the cluster's instances on the host, by this control file.
     *
     * @param directory its own, below the cluster's
     * @param owner the mark in it: the cluster's uid
     */
    record Agent(Place place, String directory, String content, String owner, Duration patience)
            implements AgentAction {
        /** Without the content, which holds secrets. */
        @Override
        public String toString() {
            return "Agent[" + directory + "]";
        }
    }

    /**
     * The same where systemd runs it: the control file, and a start by the unit that stands, or a start anew where it was started
     * by another one.
     *
     * @param binary Monit itself, which has to take the control file first
     * @param unit the path of its unit
     * @param taken what it is to have read, as a survey finds it noted
     */
    record AgentUnit(Agent agent, String binary, String unit, String taken) implements AgentAction {
        @Override
        public Place place() {
            return agent.place();
        }
    }

    /** The end of that Monit, and of its directory with the secrets in it, as far as the mark is ours. */
    record EndAgent(Place place, String directory, String owner, Duration patience) implements AgentAction {}

    /**
     * The same where systemd runs it; the unit itself stays.
     *
     * @param unit the path of its unit
     * @param mark the mark in that
     */
    record EndAgentUnit(EndAgent end, String unit, String mark) implements AgentAction {
        @Override
        public Place place() {
            return end.place();
        }
    }
}
