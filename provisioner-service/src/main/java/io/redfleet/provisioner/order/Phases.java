package io.redfleet.provisioner.order;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.Leaving;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.event.OperationEvent;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.provisioner.apply.Ending;
import java.util.List;

/**
 * The phase of a cluster when an operation begins and ends. Whoever calls holds the desk, so that nothing is accepted
 * between reading what stands and writing over it.
 */
final class Phases {
    private final Desk desk;
    private final Secrets secrets;
    private final Rotations rotations;

    Phases(Desk desk) {
        this.desk = desk;
        this.secrets = new Secrets(desk);
        this.rotations = new Rotations(desk);
    }

    void begun(Job job, ClusterState cluster) {
        String reason = "operation " + job.id() + " runs";
        switch (job.task()) {
            case Task.Provision provision -> desk.stands(cluster.in(Phase.PROVISIONING, reason, desk.now()));
            case Task.Remove remove -> desk.stands(cluster.in(Phase.REMOVING, reason, desk.now()));
            case Task.Run run -> {}
            case Task.SwitchOver over -> {}
            case Task.Switched switched -> {}
            case Task.Roll roll -> {}
            case Task.Rotate rotate -> {}
            case Task.Remedy remedy -> {}
            case Task.Interrupted interrupted -> {}
        }
    }

    void ended(Job job, ClusterState cluster, Line line, Ending ending) {
        if (desk.parking().why(cluster.name()).isPresent()) {
            // The record that cannot be read is newer than what we would write over it.
            return;
        }
        switch (job.task()) {
            case Task.Provision provision -> provisioned(line, cluster, ending);
            case Task.Remove remove -> removed(line, cluster, ending);
            case Task.Run run -> {}
            case Task.SwitchOver over -> {}
            case Task.Switched switched -> {}
            case Task.Roll roll -> {}
            case Task.Rotate rotate -> rotations.ended(cluster, rotate, job.accepted(), ending);
            case Task.Remedy remedy -> {}
            case Task.Interrupted interrupted -> {}
        }
    }

    private void provisioned(Line line, ClusterState worked, Ending ending) {
        ClusterState last = line.cluster().orElse(worked);
        boolean whole = ending.whole();
        ClusterState applied = whole ? last.applied(worked.revision()) : last;
        // Gone from the hosts, they have said that they stop: from now on the collector knows them no more.
        boolean gone = whole && !worked.spec().monit().on() && last.revision() == worked.revision();
        ClusterState known = gone ? applied.with(null) : applied;
        // It looked at the hosts once more before it said so: they hold nothing of whom the spec left out.
        ClusterState standing = known;
        if (whole && last.revision() == worked.revision() && !known.leavers().isEmpty()) {
            left(known);
            standing = known.leftBy(List.of());
        }
        if (line.waiting().filter(job -> job.task() instanceof Task.Provision).isPresent()) {
            if (whole) {
                desk.stands(standing);
            }
            return;
        }
        if (standing.revision() != worked.revision()) {
            String reason = "revision " + standing.revision() + " is not applied: its operation was cancelled";
            desk.stands(standing.in(Phase.FAILED, reason, desk.now()));
            return;
        }
        if (ending.turnedAway()) {
            desk.stands(untouched(line, standing, ending.reason()));
            return;
        }
        Phase phase = ending.status() == Status.SUCCEEDED ? Phase.READY : Phase.FAILED;
        desk.stands(standing.in(phase, ending.reason(), desk.now()));
    }

    /** As it stood before the operation was accepted. Of a spec that came with it nothing is true yet, and nobody works on it. */
    private ClusterState untouched(Line line, ClusterState standing, String reason) {
        return line.settled()
                .filter(before -> before.revision() == standing.revision())
                .map(before -> standing.in(before.phase(), before.reason(), before.since()))
                .orElseGet(() -> standing.in(Phase.FAILED, reason, desk.now()));
    }

    /** Of those that leave, told before the record forgets them: under the same id if we die between the two. */
    private void left(ClusterState cluster) {
        List<InstanceId> instances = cluster.leavers().stream()
                .map(Leaving::host)
                .flatMap(host -> host.instances().stream().map(one -> InstanceId.of(host.name(), one.name())))
                .toList();
        List<String> hosts = cluster.leavers().stream()
                .map(leaver -> leaver.host().name())
                .filter(host -> cluster.spec().host(host).isEmpty())
                .map(HostName::value)
                .toList();
        OperationEvent.MembersLeft event = new OperationEvent.MembersLeft(cluster.revision(), instances, hosts);
        desk.tell(cluster, "left:" + cluster.revision(), "no members any more: " + instances, event);
    }

    private void removed(Line line, ClusterState cluster, Ending ending) {
        if (ending.status() != Status.SUCCEEDED) {
            ClusterState standing = line.cluster().orElse(cluster);
            String reason = ClusterState.REMOVAL + ending.reason();
            desk.stands(
                    ending.turnedAway()
                            ? untouched(line, standing, reason)
                            : standing.in(Phase.FAILED, reason, desk.now()));
            return;
        }
        OperationEvent.Removed event = new OperationEvent.Removed(cluster.revision(), cluster.everywhere());
        desk.tell(cluster, "removed", ending.reason(), event);
        secrets.end(cluster);
        desk.parts().ledger().forget(cluster.name());
        line.stands(null);
        desk.parts().roster().leave(cluster.name());
    }
}
