package io.redfleet.bus.contract;

import io.redfleet.contracts.access.NextSecret;
import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.access.Reporter;
import io.redfleet.contracts.access.Role;
import io.redfleet.contracts.access.Sealed;
import io.redfleet.contracts.access.SealedSecret;
import io.redfleet.contracts.access.TokenRecord;
import io.redfleet.contracts.alert.Incident;
import io.redfleet.contracts.alert.IncidentId;
import io.redfleet.contracts.alert.Severity;
import io.redfleet.contracts.cluster.ArchiveSpec;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.Drift;
import io.redfleet.contracts.cluster.Durability;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.FirewallSpec;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.InstanceSpec;
import io.redfleet.contracts.cluster.Label;
import io.redfleet.contracts.cluster.Leaving;
import io.redfleet.contracts.cluster.Looks;
import io.redfleet.contracts.cluster.Manage;
import io.redfleet.contracts.cluster.MonitAgents;
import io.redfleet.contracts.cluster.MonitSpec;
import io.redfleet.contracts.cluster.OwnPlace;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.cluster.ProbeSpec;
import io.redfleet.contracts.cluster.RedisSpec;
import io.redfleet.contracts.cluster.SecuritySpec;
import io.redfleet.contracts.cluster.SentinelSpec;
import io.redfleet.contracts.cluster.SshSpec;
import io.redfleet.contracts.cluster.TlsSpec;
import io.redfleet.contracts.cluster.TuningSpec;
import io.redfleet.contracts.cluster.WatchMode;
import io.redfleet.contracts.cluster.WatchSpec;
import io.redfleet.contracts.health.BegunFailover;
import io.redfleet.contracts.health.CheckHealth;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.health.FleetBrake;
import io.redfleet.contracts.health.InstanceHealth;
import io.redfleet.contracts.health.LabelBrake;
import io.redfleet.contracts.health.LabelBrakes;
import io.redfleet.contracts.health.Liveness;
import io.redfleet.contracts.health.Remediation;
import io.redfleet.contracts.health.ReplicationRole;
import io.redfleet.contracts.health.Term;
import io.redfleet.contracts.health.Verdict;
import io.redfleet.contracts.operation.HostFacts;
import io.redfleet.contracts.operation.MachineFacts;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.ProcessFacts;
import io.redfleet.contracts.operation.StepState;
import io.redfleet.contracts.operation.Verification;
import io.redfleet.contracts.report.HostReport;
import io.redfleet.contracts.report.MonitEvent;
import io.redfleet.contracts.report.ReportedEvent;
import io.redfleet.contracts.report.ServiceReport;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.contracts.wire.CommandId;
import io.redfleet.contracts.wire.DeadLetter;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Position;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Request;
import io.redfleet.contracts.wire.ServiceName;
import io.redfleet.contracts.wire.Violation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** One record of each kind and case, with a value in every field. Events: {@link EventSamples}. */
final class Samples {
    static final Instant AT = Instant.parse("2026-11-01T10:00:00.123456Z");
    static final ClusterName ORDERS = new ClusterName("orders");
    static final ClusterUid UID = new ClusterUid("3f1c9a52-6f0e-4b8e-9a6e-0c5d1e2f3a4b");
    static final InstanceId R1 = new InstanceId("r1/redis-server");
    static final Endpoint MASTER = new Endpoint("10.0.0.11", 6379);
    static final Endpoint REPLICA = new Endpoint("10.0.0.12", 6379);
    static final Actor ANN = new Actor("ann", "tok-1");
    static final Label CHECKOUT = new Label("team=checkout");
    static final ClusterSpec SPEC = spec();
    private static final OperationId OPERATION = new OperationId("0mhgq8v40-1f2e3d4c5b");

    private Samples() {}

    /** By the name of the golden. */
    static Map<String, Object> records() {
        Map<String, Object> all = new TreeMap<>();
        requests().forEach((word, request) -> all.put("commands." + word, order(request)));
        all.put("outcomes.accepted", outcome(new Outcome.Accepted(OPERATION)));
        Violation violation = new Violation("spec.hosts[1].ssh.port", "70000", "a port from 1 to 65535");
        all.put("outcomes.refused", outcome(new Outcome.Refused(Problem.invalid(List.of(violation)))));
        all.put("outcomes.answered", outcome(new Outcome.Answered("{\"changes\":0}")));
        String hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
        MonitAgents agents = new MonitAgents(2, List.of(new MonitAgents.Verifier(new HostName("r1"), hash)));
        String title = "set [maxmemory] while r1/redis-server runs";
        Drift drift = new Drift(5, "0f1e2d3c4b5a6978", 2, 1, 1, 0, List.of(title, "start r2/redis-server"), AT, true);
        Looks looks = new Looks(Looks.Seen.BLIND, "r2: survey (TIMED_OUT)", AT, Duration.ofMinutes(10));
        HostSpec r1 = SPEC.hosts().getFirst();
        HostSpec r4 = new HostSpec(new HostName("r4"), "10.0.0.14", "d", r1.ssh(), r1.directory(), r1.instances());
        ClusterState state =
                new ClusterState(1, UID, 3, Phase.READY, "operation 0mhgq8v40 succeeded", AT, SPEC, 3L, agents, drift);
        all.put("clusters", state.looked(looks).leftBy(List.of(new Leaving(r4, true))));
        all.put("operations", operation());
        all.put("hosts", facts());
        all.put("reports", report());
        all.put("health", health());
        LabelBrakes labelled = new LabelBrakes(7, List.of(new LabelBrake(CHECKOUT, "rack 4", ANN, AT)));
        all.put("health.fleet", new FleetBrake(1, true, "night work", ANN, AT, 4, labelled));
        all.put("remediations", remediation());
        all.put("alerts", incident());
        all.put("access", token());
        all.put("access.reporter", reporter());
        all.put("secrets", secret());
        Position position = new Position("redfleet.clusters.v1", 7, 42);
        all.put("deadletters", new DeadLetter(position, "orders", "monitor-0", "no ClusterState: null", AT));
        return all;
    }

    private static Map<String, Request> requests() {
        return Map.ofEntries(
                Map.entry(
                        "apply",
                        new Request.Apply(
                                "{\"kind\":\"Cluster\"}",
                                2L,
                                false,
                                false,
                                "0f1e2d3c4b5a6978",
                                List.of("r3/redis-server"),
                                List.of("r4"),
                                true,
                                "r1/redis-server",
                                true,
                                null)),
                Map.entry(
                        "takeIn",
                        new Request.TakeIn(
                                "10.0.0.11",
                                26_379,
                                "orders",
                                List.of(CHECKOUT),
                                "ops-key",
                                "orders-probe",
                                "watcher",
                                false)),
                Map.entry("showPlan", new Request.ShowPlan()),
                Map.entry("showSudoers", new Request.ShowSudoers()),
                Map.entry("showVerification", new Request.ShowVerification()),
                Map.entry("delete", new Request.Delete("orders", true)),
                Map.entry("deleteArchived", new Request.DeleteArchived("orders")),
                Map.entry("showRemoval", new Request.ShowRemoval(false, true)),
                Map.entry("run", new Request.Run(R1, Request.Verb.RESTART, "")),
                Map.entry("switchOver", new Request.SwitchOver(R1)),
                Map.entry("roll", new Request.Roll("r1/redis-server")),
                Map.entry("cancelOperation", new Request.CancelOperation(OPERATION)),
                Map.entry("resumeOperation", new Request.ResumeOperation(OPERATION)),
                Map.entry("rotateSecret", new Request.RotateSecret("application", true)),
                Map.entry("reveal", new Request.Reveal("application", "q1ZJ8yq7m3Xw2w5lE0dYtA")),
                Map.entry("monitor", new Request.Monitor(null)),
                Map.entry("unmonitor", new Request.Unmonitor(R1)),
                Map.entry("showInfo", new Request.ShowInfo("replication")),
                Map.entry("disarm", new Request.Disarm("night work")),
                Map.entry("rearm", new Request.Rearm("done")),
                Map.entry("disarmLabel", new Request.DisarmLabel(CHECKOUT, "rack 4")),
                Map.entry("rearmLabel", new Request.RearmLabel(CHECKOUT, "done")),
                Map.entry("acknowledge", new Request.Acknowledge(new IncidentId("inc-0a1b2c3d4e5f6071"))));
    }

    private static Order order(Request request) {
        return new Order(new CommandId("cmd-1"), ORDERS, ANN, AT, AT.plusSeconds(10), request, true);
    }

    private static Outcome outcome(Outcome.Result result) {
        return new Outcome(
                new CommandId("cmd-1"), ORDERS, AT, result, List.of(new Position("redfleet.operations.v1", 7, 12)));
    }

    private static ClusterSpec spec() {
        HostSpec host = new HostSpec(
                new HostName("r1"),
                "10.0.0.11",
                "a",
                new SshSpec("ops", 22, "ops-key", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExample"),
                "redfleet",
                List.of(
                        new InstanceSpec(
                                "redis-server",
                                InstanceRole.REDIS,
                                6379,
                                100,
                                MASTER,
                                new OwnPlace("/srv/orders/redis.conf")),
                        new InstanceSpec(
                                "redis-sentinel",
                                InstanceRole.SENTINEL,
                                26379,
                                100,
                                new Endpoint("10.0.0.11", 26379))));
        return new ClusterSpec(
                ORDERS,
                Map.of("env", "prod", "team", "checkout"),
                new RedisSpec(
                        "redis",
                        "8.0.2",
                        "archive",
                        Map.of("appendonly", "yes", "maxmemory", "512mb"),
                        new ArchiveSpec("redis-8.0.2.tar.gz", "0123456789abcdef".repeat(4))),
                new Durability(1, Duration.ofSeconds(10)),
                new SentinelSpec("orders", 2, Duration.ofMillis(5500), Duration.ofMinutes(1), 1, "ring"),
                List.of(host),
                new HostName("r1"),
                "process",
                new WatchSpec(
                        WatchMode.AUTO,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(5),
                        "check process redis-server with pidfile /run/redis.pid\n  if failed port 6379 then restart\n",
                        WatchSpec.Compat.MONIT,
                        WatchSpec.RestartWindow.TUMBLING),
                new SecuritySpec(SecuritySpec.Acl.GENERATED, TlsSpec.OFF, new ProbeSpec("default", "orders-probe")),
                new MonitSpec(MonitSpec.Agent.ON),
                new TuningSpec(TuningSpec.Profile.RECOMMENDED, Map.of("vm.swappiness", "10")),
                Manage.FULL,
                new FirewallSpec(
                        FirewallSpec.Backend.NFTABLES, List.of("10.0.9.0/24"), List.of("10.1.0.0/16", "10.2.0.7")));
    }

    private static OperationState operation() {
        StepState step = new StepState(
                "r1/redis-server/config", "r1", "write redis.conf", StepState.Status.DONE, "written", 120);
        return new OperationState(
                1,
                OPERATION,
                ORDERS,
                UID,
                "restart",
                R1,
                ANN,
                OperationState.Status.SUCCEEDED,
                "4 steps, 4 changed",
                AT,
                AT.plusSeconds(9),
                List.of(step),
                Set.of(R1),
                null,
                verification(),
                true);
    }

    private static Verification verification() {
        Verification.Finding finding = new Verification.Finding(
                "modes",
                Verification.Ruling.FAILED,
                "r1",
                "r1/redis-server .",
                "directories and files with passwords are their user's alone",
                "has mode 755 and is ops's");
        return new Verification(
                AT,
                false,
                List.of(new Verification.HostCount("r1", 31, 1, 0, 0)),
                List.of(finding),
                0,
                List.of(new Verification.ProcessLimits("r1/redis-server", 4711, "65535 65535")));
    }

    private static HostFacts facts() {
        return new HostFacts(
                1,
                ORDERS,
                new HostName("r1"),
                AT,
                true,
                "answers",
                "0b9f3a58-7d38-4a57-8d51-9b6a4c3e2f10",
                0.25,
                8_000_000_000L,
                6_000_000_000L,
                100_000_000_000L,
                60_000_000_000L,
                -2,
                Map.of(R1, new ProcessFacts(true, 4711, 123456, 9_000_000, 1500, false, 6, 1, 8_000_000, 40)),
                new MachineFacts(
                        2,
                        0.3,
                        0.4,
                        2_000_000_000,
                        1_500_000_000,
                        40_000_000_000L,
                        6_000_000,
                        5_000_000,
                        100,
                        50,
                        2,
                        800,
                        960));
    }

    private static HostReport report() {
        return new HostReport(
                1,
                ORDERS,
                UID,
                new HostName("r1"),
                AT,
                "fdd7e5d3393b3907d452e24e90a0245b",
                1_793_527_200,
                "5.33.0",
                30,
                List.of(new ServiceReport("redis-server", 3, AT, MonitEvent.NONEXIST.id(), true, 0, -1, false, 0)),
                new ReportedEvent("redis-server", MonitEvent.NONEXIST.id(), 1, AT, "process is not running"));
    }

    private static ClusterHealth health() {
        CheckHealth check = new CheckHealth(
                0, 4711, Map.of("failed port 6379", new CheckHealth.RuleHealth(CheckHealth.State.PASSED, 4, 3, AT)));
        InstanceHealth instance = new InstanceHealth(
                Liveness.UP, AT, "answers", ReplicationRole.MASTER, "f00dfeed", true, 3, 1, 2, check, "", 0L);
        return new ClusterHealth(
                1,
                ORDERS,
                UID,
                AT,
                new Verdict(Verdict.Diagnosis.DEGRADED, "r2/redis-server has no link to its master", AT, MASTER, 5),
                Map.of(R1, instance),
                Map.of("replicaBroken r2/redis-server", AT),
                Map.of("replicaBroken r2/redis-server", 1L, "completed", 2L),
                new Position("redfleet.events.v1", 7, 99),
                new Term(4, "monitor-0"),
                Map.of("r1 disk", new CheckHealth(0, 0, check.rules(), List.of("space > 80%"))),
                List.of(new BegunFailover(UID + "-failover-6", 6, MASTER, new InstanceId("r2/redis-sentinel"))));
    }

    private static Remediation remediation() {
        return new Remediation(
                UID + ":orders/r1/redis-server:3:exec",
                ORDERS,
                UID,
                R1,
                Remediation.Action.EXEC,
                "/etc/redfleet/exec.d/page is to be run by a rule of r1/redis-server: refuses connections",
                new Remediation.Evidence(
                        Liveness.DOWN, "f00dfeed", ReplicationRole.MASTER, 5, REPLICA, 3, 4711L, 90_210L),
                AT,
                AT.plusSeconds(30),
                new Term(4, "monitor-0"),
                new Remediation.Exec("/etc/redfleet/exec.d/page", "Connection failed", "refuses connections"));
    }

    private static Incident incident() {
        return new Incident(
                1,
                new IncidentId("inc-0a1b2c3d4e5f6071"),
                ORDERS,
                UID,
                "masterDown",
                Severity.CRITICAL,
                Incident.State.RESOLVED,
                "r1/redis-server answers again",
                AT,
                AT.plusSeconds(20),
                AT.plusSeconds(20),
                ANN,
                List.of(UID + ":orders/r1/redis-server:3:down"));
    }

    private static SealedSecret secret() {
        Sealed copy =
                new Sealed("provisioner-1a2b3c4d", "AAECAwQFBgcICQoL", "c2VhbGVkIGZvciBvbmUgYXVkaWVuY2UgYWxvbmU=");
        Sealed other =
                new Sealed("provisioner-1a2b3c4d", "CwoJCAcGBQQDAgEA", "dGhlIG9uZSB0aGF0IHRha2VzIGl0cyBwbGFjZQ==");
        Map<ServiceName, Sealed> others = Map.of(ServiceName.PROVISIONER, other);
        NextSecret next = new NextSecret(NextSecret.Stage.BOTH, AT.plusSeconds(3600), others);
        return new SealedSecret(ORDERS, UID, Purpose.PROBE, AT, Map.of(ServiceName.PROVISIONER, copy)).beside(next);
    }

    private static TokenRecord reporter() {
        return new TokenRecord(
                1,
                "tok-2",
                "monit on r1",
                "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
                Role.REPORTER,
                Map.of("team", "checkout"),
                AT,
                AT.plusSeconds(3600),
                AT.plusSeconds(7200),
                new Reporter(ORDERS, UID, new HostName("r1")));
    }

    private static TokenRecord token() {
        return new TokenRecord(
                1,
                "tok-1",
                "ann",
                "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                Role.OPERATOR,
                Map.of("team", "checkout"),
                AT,
                AT.plusSeconds(3600),
                AT.plusSeconds(7200));
    }
}
