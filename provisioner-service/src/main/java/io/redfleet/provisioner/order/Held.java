package io.redfleet.provisioner.order;

import io.redfleet.contracts.cluster.ClusterName;

/** Words on who holds a cluster, for whoever comes second. */
final class Held {
    private Held() {}

    /** Who it is, for the beginning of a sentence. */
    static String by(Job job) {
        return "operation " + job.id() + " (" + job.accepted().kind() + " of cluster "
                + job.accepted().cluster() + ", asked for by "
                + job.accepted().actor().name() + " at "
                + job.accepted().acceptedAt() + ")";
    }

    /** Why an order that does not wait is refused, and what to do. */
    static String refusal(ClusterName cluster, Job running) {
        return "cluster " + cluster + " is held by " + by(running) + "; nothing was changed: look at it with 'redfleet"
                + " operations show " + running.id()
                + "' and order again once it is over, or take a turn behind it with"
                + " --wait (wait=true)";
    }
}
