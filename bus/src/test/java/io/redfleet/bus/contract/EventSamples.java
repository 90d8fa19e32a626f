package io.redfleet.bus.contract;

import static io.redfleet.bus.contract.Samples.ANN;
import static io.redfleet.bus.contract.Samples.AT;
import static io.redfleet.bus.contract.Samples.MASTER;
import static io.redfleet.bus.contract.Samples.ORDERS;
import static io.redfleet.bus.contract.Samples.R1;
import static io.redfleet.bus.contract.Samples.REPLICA;
import static io.redfleet.bus.contract.Samples.SPEC;
import static io.redfleet.bus.contract.Samples.UID;

import io.redfleet.contracts.access.Role;
import io.redfleet.contracts.alert.IncidentId;
import io.redfleet.contracts.alert.Severity;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.event.About;
import io.redfleet.contracts.event.AccessEvent;
import io.redfleet.contracts.event.AlertEvent;
import io.redfleet.contracts.event.Event;
import io.redfleet.contracts.event.EventTypes;
import io.redfleet.contracts.event.ExecEvent;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.FailoverEvent;
import io.redfleet.contracts.event.FailoverReport;
import io.redfleet.contracts.event.FleetEvent;
import io.redfleet.contracts.event.HostEvent;
import io.redfleet.contracts.event.InstanceEvent;
import io.redfleet.contracts.event.OperationEvent;
import io.redfleet.contracts.event.RestartEvent;
import io.redfleet.contracts.event.SentinelEvent;
import io.redfleet.contracts.event.StopEvent;
import io.redfleet.contracts.event.TopologyEvent;
import io.redfleet.contracts.event.WatchEvent;
import io.redfleet.contracts.health.Liveness;
import io.redfleet.contracts.health.ReplicationRole;
import io.redfleet.contracts.wire.CommandId;
import io.redfleet.contracts.wire.Position;
import io.redfleet.contracts.wire.Violation;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** One fact of each type of event. */
final class EventSamples {
    private static final InstanceId S1 = new InstanceId("r1/redis-sentinel");
    private static final IncidentId INCIDENT = new IncidentId("inc-0a1b2c3d4e5f6071");
    private static final Position UNREAD = new Position("redfleet.clusters.v1", 7, 42);
    private static final String REMEDIATION = UID + ":orders/r1/redis-server:3:restart";
    private static final String STOP = UID + ":orders/r1/redis-server:1:stop";
    private static final String EXEC = UID + ":orders/r1/redis-server:1:exec";
    private static final String PROGRAM = "/etc/redfleet/exec.d/page";
    private static final String RUN = "0123456789abcdef0123456789abcdef01234567";
    private static final String NEXT_RUN = "89abcdef0123456789abcdef0123456789abcdef";

    private EventSamples() {}

    /** By the short name of the type. */
    static Map<String, Fact> facts() {
        Map<String, Fact> all = new TreeMap<>();
        Stream.of(monitors(), provisioners(), others()).flatMap(List::stream).forEach(event -> {
            String name = EventTypes.shortName(event.getClass());
            all.put(name, new Fact(Fact.id(UID, "orders", 3, name), AT, about(event), event));
        });
        return all;
    }

    private static About about(Event event) {
        boolean ofAnInstance = event instanceof InstanceEvent
                || event instanceof RestartEvent
                || event instanceof StopEvent
                || event instanceof ExecEvent;
        boolean caused = event instanceof OperationEvent || event instanceof AccessEvent;
        return new About(
                ORDERS,
                UID,
                ofAnInstance ? R1 : null,
                "one sentence that a person can read",
                ofAnInstance ? REMEDIATION : "",
                caused ? ANN : null);
    }

    private static List<Event> monitors() {
        return List.of(
                new InstanceEvent.Down(Liveness.DOWN, ReplicationRole.MASTER, RUN),
                new InstanceEvent.Up(RUN, 1200),
                new InstanceEvent.Hung(ReplicationRole.REPLICA, RUN, 3000),
                new InstanceEvent.Responding(RUN, 4500),
                new InstanceEvent.Loading(12),
                new InstanceEvent.Ready(11_000),
                new InstanceEvent.Restarted(RUN, NEXT_RUN, 1),
                new InstanceEvent.RoleChanged(ReplicationRole.REPLICA, ReplicationRole.MASTER),
                new WatchEvent.CheckFailed("connection", 1, 1),
                new WatchEvent.CheckSucceeded("connection"),
                new WatchEvent.RestartRequested(REMEDIATION, 1),
                new WatchEvent.StopRequested(STOP),
                new WatchEvent.ExecRequested(EXEC, PROGRAM),
                new WatchEvent.LimitReached(5, 5),
                new WatchEvent.MonitoringStopped(true),
                new WatchEvent.MonitoringStarted(),
                new WatchEvent.MonitStopped("r1"),
                new WatchEvent.MonitStarted("r1"),
                new WatchEvent.WouldHave("restart", "the fleet is disarmed"),
                new SentinelEvent.Published(
                        "+switch-master",
                        "orders 10.0.0.11 6379 10.0.0.12 6379",
                        S1,
                        Map.of("master", "orders", "newPort", "6379")),
                new FailoverEvent.Started(5, MASTER),
                new FailoverEvent.LeaderElected(5, S1),
                new FailoverEvent.ReplicaSelected(5, REPLICA),
                new FailoverEvent.Promoted(5, REPLICA),
                new FailoverEvent.Switched(5, MASTER, REPLICA, false),
                new FailoverEvent.Completed(report()),
                new FailoverEvent.Aborted(5, "no good replica"),
                new TopologyEvent.SplitBrain(List.of(R1, new InstanceId("r2/redis-server"))),
                new TopologyEvent.Healed(R1),
                new TopologyEvent.QuorumLost(1, 2, 3),
                new TopologyEvent.QuorumRestored(3, 2, 3),
                new TopologyEvent.SentinelsDisagree(Map.of(S1, "10.0.0.12:6379")),
                new TopologyEvent.SentinelsAgree(REPLICA),
                new TopologyEvent.ReplicaBroken("down"),
                new TopologyEvent.ReplicaRestored(8000),
                new TopologyEvent.Conflict(REPLICA, new ClusterName("payments"), List.of(S1)),
                new TopologyEvent.ConflictEnded(REPLICA, new ClusterName("payments"), 90_000),
                new FleetEvent.TiltEntered("the clock went back"),
                new FleetEvent.TiltLeft(31_000),
                new FleetEvent.BusGap(17),
                new FleetEvent.WatchMoved("monitor-0", "monitor-1"),
                new FleetEvent.WatchParked(UNREAD, "schema 2 is newer than this release's 1"),
                new FleetEvent.WatchResumed(90_000),
                new FleetEvent.Disarmed(false, Samples.CHECKOUT),
                new FleetEvent.Rearmed(Samples.CHECKOUT));
    }

    private static FailoverReport report() {
        return new FailoverReport(
                "failover-5",
                5,
                MASTER,
                REPLICA,
                false,
                AT,
                AT.plusMillis(2300),
                1400,
                2200,
                512,
                List.of(
                        new FailoverReport.Moment(0, "monitor", "r1/redis-server refuses connections"),
                        new FailoverReport.Moment(1010, "r1/redis-sentinel", "+sdown")));
    }

    private static List<Event> provisioners() {
        return List.of(
                new RestartEvent.Performed(REMEDIATION, 0, 4711, 850),
                new RestartEvent.Failed(REMEDIATION, "no answer to PING within 10 s"),
                new RestartEvent.Withheld(REMEDIATION, "evidence"),
                new StopEvent.Performed(STOP, 4711, 1200),
                new StopEvent.Failed(STOP, "it did not end within 5 min"),
                new StopEvent.Withheld(STOP, "master"),
                new ExecEvent.Performed(EXEC, PROGRAM, "paged", 120),
                new ExecEvent.Failed(EXEC, PROGRAM, 3, "no route", "it ended with status 3"),
                new ExecEvent.Withheld(EXEC, "busy"),
                new HostEvent.Unreachable("r1"),
                new HostEvent.Reachable("r1"),
                new HostEvent.KeyChanged("r1", "SHA256:aaaa", "SHA256:bbbb"),
                new HostEvent.KeyLearnt("r1", "10.0.0.11:22", "ssh-ed25519", "SHA256:aaaa"),
                new HostEvent.Rebooted("r1", "boot-1", "boot-2"),
                new OperationEvent.Accepted(3),
                new OperationEvent.Refused(List.of(new Violation("spec.hosts", "[]", "at least one host"))),
                new OperationEvent.Removed(3, SPEC),
                new OperationEvent.MembersLeft(4, List.of(new InstanceId("r3/redis-server")), List.of("r3")),
                new OperationEvent.Parked(UNREAD, "schema 2 is newer than this release's 1"),
                new OperationEvent.Unparked(),
                new OperationEvent.Started("provision", 4),
                new OperationEvent.StepDone("r1/redis-server/config", "r1", "write redis.conf", true),
                new OperationEvent.StepFailed("r1/redis-server/config", "r1", "write redis.conf", "disk full"),
                new OperationEvent.Succeeded("provision", 9000, 4),
                new OperationEvent.Failed("provision", 9000, "r1: disk full"),
                new OperationEvent.Cancelled("provision"),
                new OperationEvent.Verified(false, 31, 1, 0, 0, List.of("r1/redis-server .: modes: has mode 755")),
                new OperationEvent.DriftFound(
                        "0f1e2d3c4b5a6978", 3, 2, 1, 1, 0, List.of("set [maxmemory]", "start r2/redis-server")),
                new OperationEvent.DriftCleared(600_000),
                new OperationEvent.SecretRevealed("application"),
                new OperationEvent.RotationStarted("application"),
                new OperationEvent.RotationFinished("application"));
    }

    private static List<Event> others() {
        return List.of(
                new AlertEvent.Opened(INCIDENT, "masterDown", Severity.CRITICAL),
                new AlertEvent.Updated(INCIDENT, Severity.CRITICAL, "a failover is under way"),
                new AlertEvent.Acknowledged(INCIDENT),
                new AlertEvent.Resolved(INCIDENT, 20_000),
                new AlertEvent.Sent(INCIDENT, "pager", 1, 3),
                new AlertEvent.NotificationFailed(INCIDENT, "pager", "HTTP 503", false, 3),
                new AlertEvent.Withheld(INCIDENT, "no route", "pager", 3),
                new AccessEvent.CommandSent(new CommandId("cmd-1"), "run"),
                new AccessEvent.CommandRefused(403, "POST", "/api/v1/clusters"),
                new AccessEvent.TokenCreated("tok-2", "bob", Role.VIEWER),
                new AccessEvent.TokenRevoked("tok-2", "bob"),
                new AccessEvent.LoginFailed("127.0.0.1", 5));
    }
}
