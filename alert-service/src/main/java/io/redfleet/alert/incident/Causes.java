package io.redfleet.alert.incident;

import static io.redfleet.alert.incident.TroubleKind.CHECK_FAILED;
import static io.redfleet.alert.incident.TroubleKind.DRIFT;
import static io.redfleet.alert.incident.TroubleKind.FAILOVER;
import static io.redfleet.alert.incident.TroubleKind.FLEET_DISARMED;
import static io.redfleet.alert.incident.TroubleKind.HOST_KEY_CHANGED;
import static io.redfleet.alert.incident.TroubleKind.HOST_UNREACHABLE;
import static io.redfleet.alert.incident.TroubleKind.INSTANCE_DOWN;
import static io.redfleet.alert.incident.TroubleKind.LABEL_DISARMED;
import static io.redfleet.alert.incident.TroubleKind.MASTER_DOWN;
import static io.redfleet.alert.incident.TroubleKind.OPERATION_FAILED;
import static io.redfleet.alert.incident.TroubleKind.PARKED;
import static io.redfleet.alert.incident.TroubleKind.QUORUM_LOST;
import static io.redfleet.alert.incident.TroubleKind.REPLICA_BROKEN;
import static io.redfleet.alert.incident.TroubleKind.RESTART_FAILED;
import static io.redfleet.alert.incident.TroubleKind.RESTART_LIMIT;
import static io.redfleet.alert.incident.TroubleKind.SENTINELS_DISAGREE;
import static io.redfleet.alert.incident.TroubleKind.SPLIT_BRAIN;
import static io.redfleet.alert.incident.TroubleKind.STOPPED_BY_RULE;
import static io.redfleet.alert.incident.TroubleKind.TILT;
import static io.redfleet.alert.incident.TroubleKind.UNWATCHED;

import io.redfleet.alert.incident.Reading.Breaks;
import io.redfleet.alert.incident.Reading.EndsAll;
import io.redfleet.alert.incident.Reading.Leaves;
import io.redfleet.alert.incident.Reading.Mends;
import io.redfleet.alert.incident.Reading.MendsEvery;
import io.redfleet.alert.incident.Reading.Nothing;
import io.redfleet.alert.incident.Reading.Settles;
import io.redfleet.alert.incident.Reading.Touches;
import io.redfleet.contracts.alert.Severity;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.Label;
import io.redfleet.contracts.event.AccessEvent;
import io.redfleet.contracts.event.AlertEvent;
import io.redfleet.contracts.event.ExecEvent;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.FailoverEvent;
import io.redfleet.contracts.event.FleetEvent;
import io.redfleet.contracts.event.HostEvent;
import io.redfleet.contracts.event.InstanceEvent;
import io.redfleet.contracts.event.OperationEvent;
import io.redfleet.contracts.event.RestartEvent;
import io.redfleet.contracts.event.SentinelEvent;
import io.redfleet.contracts.event.StopEvent;
import io.redfleet.contracts.event.TopologyEvent;
import io.redfleet.contracts.event.WatchEvent;
import io.redfleet.contracts.health.ReplicationRole;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The table of causes: what each event breaks or mends. The only place that knows. */
final class Causes {
    // Kinds of operations, as OperationState has them.
    private static final String PROVISION = "provision";
    private static final String START = "start";
    private static final String STOP = "stop";
    private static final String RESTART = "restart";
    private static final String REMEDY = "remedy";
    private static final String REMEDY_STOP = "remedy-stop";
    private static final String REMEDY_EXEC = "remedy-exec";
    private static final String EXEC = "exec";

    private Causes() {}

    static Reading read(Fact fact) {
        String on = place(fact.about().instance());
        return switch (fact.event()) {
            case InstanceEvent event -> instance(event, on, fact.about().correlation());
            case FailoverEvent event -> failover(event);
            case TopologyEvent event -> topology(event, on);
            case WatchEvent event -> watch(event, on);
            case RestartEvent event -> restart(event, on);
            case StopEvent event -> stop(event, on);
            case ExecEvent event -> exec(event, on);
            case HostEvent event -> host(event);
            case FleetEvent event -> fleet(event);
            case OperationEvent event -> operation(event, on);
            case SentinelEvent.Published it -> new Nothing("Sentinel's " + it.name() + " is told by events of its own");
            case SentinelEvent event -> new Nothing("told by events of its own");
            case AlertEvent event -> new Nothing("our own");
            case AccessEvent event -> new Nothing("for the audit trail alone");
        };
    }

    /** @param operation the one that has stopped the instance; empty if none has */
    private static Reading instance(InstanceEvent event, String on, String operation) {
        Trouble down = new Trouble(INSTANCE_DOWN, on);
        return switch (event) {
            case InstanceEvent.Down it -> lost(down, it.lastRole(), operation);
            case InstanceEvent.Hung it -> lost(down, it.lastRole(), operation);
            // It answers: whatever ended it or made it load, it is back, and so is what a restart was to do.
            case InstanceEvent.Up it -> Mends.of(down, restartFailed(on), stopFailed(on));
            case InstanceEvent.Responding it -> Mends.of(down, restartFailed(on), stopFailed(on));
            case InstanceEvent.Ready it -> Mends.of(down, restartFailed(on), stopFailed(on));
            case InstanceEvent.Loading it -> new Touches(down);
            case InstanceEvent.Restarted it -> new Touches(down);
            case InstanceEvent.RoleChanged it ->
                it.after() == ReplicationRole.MASTER
                        ? new Mends(List.of(new Trouble(REPLICA_BROKEN, on)), List.of(Trouble.of(FAILOVER)))
                        : new Touches(down);
        };
    }

    private static Reading lost(Trouble down, ReplicationRole lastRole, String operation) {
        if (!operation.isEmpty()) {
            return new Nothing("operation " + operation + " has stopped it, and tells how that ends");
        }
        return lastRole == ReplicationRole.MASTER
                ? new Breaks(down, Trouble.of(MASTER_DOWN), MASTER_DOWN.severity())
                : Breaks.of(down);
    }

    private static Reading failover(FailoverEvent event) {
        Trouble failover = Trouble.of(FAILOVER);
        return switch (event) {
            case FailoverEvent.Started it -> Breaks.of(failover);
            // Nobody heard it begin, so this is the first that is known of it.
            case FailoverEvent.Switched it -> it.inferred() ? Breaks.of(failover) : new Touches(failover);
            case FailoverEvent.LeaderElected it -> new Touches(failover);
            case FailoverEvent.ReplicaSelected it -> new Touches(failover);
            case FailoverEvent.Promoted it -> new Touches(failover);
            case FailoverEvent.Completed it -> new Settles(failover);
            // Sentinel will try again. A master that is down stays down; a healthy one never was.
            case FailoverEvent.Aborted it -> Mends.of(failover);
        };
    }

    private static Reading topology(TopologyEvent event, String on) {
        return switch (event) {
            case TopologyEvent.SplitBrain it -> Breaks.of(Trouble.of(SPLIT_BRAIN));
            case TopologyEvent.Healed it -> Mends.of(Trouble.of(SPLIT_BRAIN));
            case TopologyEvent.QuorumLost it -> Breaks.of(Trouble.of(QUORUM_LOST));
            case TopologyEvent.QuorumRestored it -> Mends.of(Trouble.of(QUORUM_LOST));
            case TopologyEvent.SentinelsDisagree it -> Breaks.of(Trouble.of(SENTINELS_DISAGREE));
            case TopologyEvent.SentinelsAgree it -> Mends.of(Trouble.of(SENTINELS_DISAGREE));
            case TopologyEvent.ReplicaBroken it -> Breaks.of(new Trouble(REPLICA_BROKEN, on));
            case TopologyEvent.ReplicaRestored it -> Mends.of(new Trouble(REPLICA_BROKEN, on));
            case TopologyEvent.Conflict it -> Breaks.of(Trouble.conflict(it.endpoint(), it.other()));
            case TopologyEvent.ConflictEnded it -> Mends.of(Trouble.conflict(it.endpoint(), it.other()));
        };
    }

    private static Reading watch(WatchEvent event, String on) {
        Trouble limit = new Trouble(RESTART_LIMIT, on);
        return switch (event) {
            case WatchEvent.CheckFailed it -> Breaks.of(new Trouble(CHECK_FAILED, placed(on, it.rule())));
            case WatchEvent.CheckSucceeded it ->
                Mends.of(
                        new Trouble(CHECK_FAILED, placed(on, it.rule())),
                        restartFailed(on),
                        stopFailed(on),
                        execFailed(on));
            case WatchEvent.RestartRequested it -> new Touches(new Trouble(INSTANCE_DOWN, on));
            case WatchEvent.StopRequested it -> new Touches(new Trouble(INSTANCE_DOWN, on));
            case WatchEvent.ExecRequested it -> new Nothing("check.failed tells what is wrong");
            case WatchEvent.WouldHave it -> new Touches(new Trouble(INSTANCE_DOWN, on));
            case WatchEvent.LimitReached it -> Breaks.of(limit);
            // Its rules are judged no more, so their ends would never be told. The limit itself was told before.
            case WatchEvent.MonitoringStopped it -> new MendsEvery(Set.of(CHECK_FAILED), on);
            // Counted anew, by a person's word: what is still wrong shows again within a cycle.
            case WatchEvent.MonitoringStarted it ->
                new MendsEvery(Set.of(CHECK_FAILED, RESTART_LIMIT, RESTART_FAILED, STOPPED_BY_RULE), on);
            case WatchEvent.MonitStopped it -> new Nothing("somebody stopped it and knows");
            case WatchEvent.MonitStarted it -> new Nothing("it reports again");
        };
    }

    private static Reading restart(RestartEvent event, String on) {
        return switch (event) {
            case RestartEvent.Failed it -> Breaks.of(restartFailed(on));
            case RestartEvent.Performed it ->
                new Mends(List.of(restartFailed(on), stopFailed(on)), List.of(new Trouble(INSTANCE_DOWN, on)));
            case RestartEvent.Withheld it -> new Touches(new Trouble(INSTANCE_DOWN, on));
        };
    }

    /** Told here and not by its operation, which ends as failed where the gate has refused it. */
    private static Reading stop(StopEvent event, String on) {
        return switch (event) {
            case StopEvent.Failed it -> Breaks.of(stopFailed(on));
            case StopEvent.Performed it -> Breaks.of(new Trouble(STOPPED_BY_RULE, on));
            case StopEvent.Withheld it -> new Touches(new Trouble(INSTANCE_DOWN, on));
        };
    }

    private static Reading exec(ExecEvent event, String on) {
        return switch (event) {
            case ExecEvent.Failed it -> Breaks.of(execFailed(on));
            case ExecEvent.Performed it -> Mends.of(execFailed(on));
            case ExecEvent.Withheld it -> new Nothing("nothing was run, and it says why");
        };
    }

    private static Reading host(HostEvent event) {
        return switch (event) {
            case HostEvent.Unreachable it -> Breaks.of(new Trouble(HOST_UNREACHABLE, it.host()));
            case HostEvent.KeyChanged it -> Breaks.of(new Trouble(HOST_KEY_CHANGED, it.host()));
            case HostEvent.Reachable it ->
                Mends.of(new Trouble(HOST_UNREACHABLE, it.host()), new Trouble(HOST_KEY_CHANGED, it.host()));
            case HostEvent.KeyLearnt it -> new Nothing("it is believed, and stands in the audit trail to be compared");
            case HostEvent.Rebooted it -> new Touches(new Trouble(HOST_UNREACHABLE, it.host()));
        };
    }

    private static Reading fleet(FleetEvent event) {
        return switch (event) {
            case FleetEvent.Disarmed it ->
                Breaks.of(disarmed(it.label()), it.automatic() ? Severity.CRITICAL : Severity.WARNING);
            case FleetEvent.Rearmed it -> Mends.of(disarmed(it.label()));
            case FleetEvent.TiltEntered it -> Breaks.of(Trouble.of(TILT));
            case FleetEvent.TiltLeft it -> Mends.of(Trouble.of(TILT));
            case FleetEvent.BusGap it -> new Nothing("a gap has no end to wait for; the audit trail shows it");
            case FleetEvent.WatchParked it -> Breaks.of(Trouble.of(UNWATCHED));
            case FleetEvent.WatchResumed it -> Mends.of(Trouble.of(UNWATCHED));
            case FleetEvent.WatchMoved it -> new Nothing("watching goes on");
        };
    }

    /** Each label is a trouble of its own, and so is the whole fleet: none of them ends another. */
    private static Trouble disarmed(@Nullable Label label) {
        return label == null ? Trouble.of(FLEET_DISARMED) : new Trouble(LABEL_DISARMED, label.value());
    }

    private static Reading operation(OperationEvent event, String on) {
        return switch (event) {
            case OperationEvent.Failed it -> operationFailed(it.kind(), on);
            // A provision has looked at every member and found each as it should be.
            case OperationEvent.Succeeded it
            when it.kind().equals(PROVISION) -> new MendsEvery(Set.of(OPERATION_FAILED, RESTART_FAILED), "");
            case OperationEvent.Succeeded it
            when it.kind().equals(REMEDY_EXEC) -> new Nothing("a program ran; no instance is better for it");
            case OperationEvent.Succeeded it when on.isEmpty() -> Mends.of(new Trouble(OPERATION_FAILED, it.kind()));
            case OperationEvent.Succeeded it -> new MendsEvery(Set.of(OPERATION_FAILED, RESTART_FAILED), on);
            case OperationEvent.Removed it -> new EndsAll();
            case OperationEvent.MembersLeft it -> Leaves.of(it);
            case OperationEvent.Accepted it -> new Nothing("a wish, not a fault");
            case OperationEvent.Refused it -> new Nothing("whoever asked was told");
            case OperationEvent.Parked it -> Breaks.of(Trouble.of(PARKED));
            case OperationEvent.Unparked it -> Mends.of(Trouble.of(PARKED));
            // Whoever works on a cluster has read its record, also if nobody lived to say that it can be read again.
            case OperationEvent.Started it -> Mends.of(Trouble.of(PARKED));
            case OperationEvent.StepDone it -> new Nothing("work in progress");
            case OperationEvent.StepFailed it -> new Nothing("its operation tells how it ends");
            case OperationEvent.Cancelled it ->
                new Nothing("whoever cancelled it, or was turned away by a host, knows");
            case OperationEvent.Verified it -> new Nothing("its operation fails by what is broken");
            case OperationEvent.DriftFound it -> Breaks.of(Trouble.of(DRIFT));
            case OperationEvent.DriftCleared it -> Mends.of(Trouble.of(DRIFT));
            case OperationEvent.SecretRevealed it -> new Nothing("for the audit trail: whoever may see it, saw it");
            case OperationEvent.RotationStarted it -> new Nothing("a person changes a password; both are taken");
            case OperationEvent.RotationFinished it -> new Nothing("a person has changed a password");
        };
    }

    /**
     * An operation on one instance is that instance's trouble, or none: by its kind alone it would be mended by any other
     * instance, and stay with one that is well.
     */
    private static Reading operationFailed(String kind, String on) {
        return switch (kind) {
            case START, RESTART, REMEDY ->
                new Nothing("restart.failed tells what broke, and of which instance; withheld is no fault");
            case REMEDY_STOP ->
                new Nothing("stop.failed tells what broke, and of which instance; withheld is no fault");
            case REMEDY_EXEC ->
                new Nothing("exec.failed tells what broke, and for which instance; withheld is no fault");
            case STOP ->
                on.isEmpty()
                        ? new Nothing("whoever asked was told; without an instance nothing could mend it")
                        : Breaks.of(stopFailed(on));
            // A kind that a later release has brought may be about an instance too.
            default -> Breaks.of(new Trouble(OPERATION_FAILED, placed(on, kind)));
        };
    }

    private static Trouble restartFailed(String on) {
        return new Trouble(RESTART_FAILED, on);
    }

    private static Trouble stopFailed(String on) {
        return new Trouble(OPERATION_FAILED, placed(on, STOP));
    }

    private static Trouble execFailed(String on) {
        return new Trouble(OPERATION_FAILED, placed(on, EXEC));
    }

    /** What {@link Trouble#place()} takes apart again. */
    private static String placed(String on, String what) {
        return (on + " " + what).strip();
    }

    private static String place(@Nullable InstanceId instance) {
        return instance == null ? "" : instance.value();
    }
}
