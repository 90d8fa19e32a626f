package io.redfleet.contracts.cluster;

/** Whether a Monit of the cluster's own runs on each of its hosts. */
public record MonitSpec(Agent agent) {
    /** Of records that do not hold this part, too. */
    public static final MonitSpec OFF = new MonitSpec(Agent.OFF);

    /** Who sees to a Monit on the hosts. */
    public enum Agent {
        /** Nobody here: one that runs already may report, with a token of its own. */
        OFF,
        /** The provisioner: it writes its control file, starts it, and takes it away again. It reports and does nothing else. */
        ON
    }

    public boolean on() {
        return agent == Agent.ON;
    }
}
