package io.redfleet.bus.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redfleet.contracts.cluster.BuildHost;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Durability;
import io.redfleet.contracts.cluster.FirewallSpec;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.InstanceSpec;
import io.redfleet.contracts.cluster.Label;
import io.redfleet.contracts.cluster.Manage;
import io.redfleet.contracts.cluster.MonitSpec;
import io.redfleet.contracts.cluster.OwnPlace;
import io.redfleet.contracts.cluster.RedisSpec;
import io.redfleet.contracts.cluster.SecuritySpec;
import io.redfleet.contracts.cluster.SourceSpec;
import io.redfleet.contracts.cluster.SshSpec;
import io.redfleet.contracts.cluster.TlsSpec;
import io.redfleet.contracts.cluster.TuningSpec;
import io.redfleet.contracts.cluster.WatchSpec;
import io.redfleet.contracts.health.CheckHealth;
import io.redfleet.contracts.health.FleetBrake;
import io.redfleet.contracts.health.InstanceHealth;
import io.redfleet.contracts.health.LabelBrake;
import io.redfleet.contracts.health.LabelBrakes;
import io.redfleet.contracts.health.Liveness;
import io.redfleet.contracts.health.Remediation;
import io.redfleet.contracts.health.ReplicationRole;
import io.redfleet.contracts.operation.HostFacts;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.ProcessFacts;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.contracts.wire.CommandId;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Position;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Request;
import io.redfleet.contracts.wire.Violation;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CodecTest {
    private static final Instant AT = Instant.parse("2026-11-01T10:00:00.123Z");
    private static final ClusterName ORDERS = new ClusterName("orders");
    private static final InstanceId R1 = InstanceId.of(new HostName("r1"), "redis-server");

    @Test
    void aSourceComesBackWithItsBuildHost() throws Unreadable {
        BuildHost host = new BuildHost("10.9.9.9", new SshSpec("builder", 22, "build-key", null), "redfleet-build");
        RedisSpec redis = new RedisSpec(
                "redis",
                "8.0.2",
                RedisSpec.SOURCE,
                Map.of(),
                null,
                new SourceSpec("redis_8.0.2.orig.tar.gz", "0123456789abcdef".repeat(4), host));
        assertThat(Codec.read(Codec.bytes(redis), RedisSpec.class)).isEqualTo(redis);
    }

    @Test
    void anOrderComesBackAsItWent() throws Unreadable {
        Order order = new Order(
                new CommandId("c-1"),
                ORDERS,
                new Actor("ann", "t-1"),
                AT,
                AT.plusSeconds(10),
                new Request.Run(R1, Request.Verb.RESTART, ""));

        assertThat(Codec.read(Codec.bytes(order), Order.class)).isEqualTo(order);
        assertThat(new String(Codec.bytes(order), UTF_8))
                .contains("\"cluster\":\"orders\"")
                .contains("\"type\":\"run\"")
                .contains("\"instance\":\"r1/redis-server\"")
                .contains("\"sentAt\":\"2026-11-01T10:00:00.123Z\"");
    }

    /** Of a gateway of before: it is refused where it would have waited. */
    @Test
    void anOrderWaitsOnlyIfItSaysSo() throws Unreadable {
        String before = """
                {"id":"c-1","cluster":"orders","actor":{"name":"ann","tokenId":"t-1"},"sentAt":"2026-11-01T10:00:00Z",
                "notAfter":"2026-11-01T10:00:10Z","request":{"type":"showPlan"}}""";
        Order read = Codec.read(before.getBytes(UTF_8), Order.class);
        assertThat(read.waits()).isNull();
        assertThat(read.mayWait()).isFalse();
        Order waiting = new Order(
                read.id(), read.cluster(), read.actor(), read.sentAt(), read.notAfter(), read.request(), true);
        assertThat(Codec.read(Codec.bytes(waiting), Order.class)).isEqualTo(waiting);
        assertThat(waiting.mayWait()).isTrue();
        Order no = new Order(
                read.id(), read.cluster(), read.actor(), read.sentAt(), read.notAfter(), read.request(), false);
        assertThat(no).isEqualTo(read);
    }

    /** With what releases before wrote, and with what is written now. */
    @Test
    void aRemediationOfAReleaseThatRunsNothingNamesNoProgram() throws Unreadable {
        String before = """
                {"id":"x","cluster":"orders","uid":"u","instance":"r1/redis-server","action":"STOP","reason":"memory is 5 GB",
                "evidence":{"liveness":"UP","runId":"","role":"REPLICA","configEpoch":5,"master":null,"sentinelsSeeingDown":-1},
                "askedAt":"2026-01-01T00:00:00Z","notAfter":"2026-01-01T00:00:30Z"}""";
        Remediation read = Codec.read(before.getBytes(UTF_8), Remediation.class);
        assertThat(read.exec()).isNull();
        Remediation now = read.running(new Remediation.Exec("/etc/redfleet/exec.d/page", "Exists", "it is there"));
        assertThat(Codec.read(Codec.bytes(now), Remediation.class)).isEqualTo(now);
    }

    /** Of a monitor that did not look for the process. */
    @Test
    void evidenceWithoutAProcessIsRead() throws Unreadable {
        String before = """
                {"liveness":"DOWN","runId":"f00d","role":"REPLICA","configEpoch":5,"master":null,"sentinelsSeeingDown":3}""";
        Remediation.Evidence evidence =
                new Remediation.Evidence(Liveness.DOWN, "f00d", ReplicationRole.REPLICA, 5, null, 3);

        assertThat(Codec.read(before.getBytes(UTF_8), Remediation.Evidence.class))
                .isEqualTo(evidence);
        assertThat(evidence.pid()).isNull();
        assertThat(evidence.startTicks()).isNull();
        Remediation.Evidence now =
                new Remediation.Evidence(Liveness.DOWN, "f00d", ReplicationRole.REPLICA, 5, null, 3, 4711L, 90_210L);
        assertThat(Codec.read(Codec.bytes(now), Remediation.Evidence.class)).isEqualTo(now);
    }

    @Test
    void everyRequestSaysItsTypeAndComesBack() throws Unreadable {
        List<Request> requests = List.of(
                new Request.Apply("{}", null, true, false),
                new Request.Apply("{}", 3L, false, true),
                new Request.Apply("{}", 3L, false, false, "0f1e2d3c4b5a6978"),
                new Request.Apply(
                        "{}",
                        3L,
                        false,
                        false,
                        null,
                        List.of("r3/redis-server"),
                        List.of("r2"),
                        null,
                        null,
                        null,
                        null),
                new Request.Apply("{}", 3L, false, false, null, null, null, true, "r1/redis-server", null, null),
                new Request.Apply("{}", 3L, false, false, null, null, null, null, null, true, null),
                new Request.Apply("{}", 3L, false, false, null, null, null, null, null, null, true),
                new Request.RotateSecret("application", false),
                new Request.RotateSecret("application", true),
                new Request.Roll(null),
                new Request.Roll("r1/redis-server"),
                new Request.ShowPlan(),
                new Request.ShowSudoers(),
                new Request.ShowVerification(),
                new Request.Delete("orders", true),
                new Request.DeleteArchived("orders"),
                new Request.ShowRemoval(false, true),
                new Request.TakeIn("10.0.0.11", 26_379, null, null, null, null, null, true),
                new Request.TakeIn(
                        "sentinel-1",
                        26_379,
                        "orders",
                        List.of(new Label("team=checkout"), new Label("env=prod")),
                        "ops-key",
                        "orders-probe",
                        "watcher",
                        false),
                new Request.Delete("orders", true, List.of("r2")),
                new Request.DeleteArchived("orders", List.of("r2", "r3")),
                new Request.ShowRemoval(true, false, List.of("r2")),
                new Request.SwitchOver(null),
                new Request.SwitchOver(R1),
                new Request.CancelOperation(new OperationId("op-1")),
                new Request.Monitor(null),
                new Request.Unmonitor(R1),
                new Request.ShowInfo("replication"),
                new Request.Disarm("night work"),
                new Request.DisarmLabel(new Label("team=checkout"), "night work"),
                new Request.RearmLabel(new Label("team=checkout"), "done"));
        for (Request request : requests) {
            Order order = new Order(new CommandId("c"), ORDERS, Actor.self(request.to()), AT, AT, request);
            assertThat(Codec.read(Codec.bytes(order), Order.class).request()).isEqualTo(request);
        }
    }

    @Test
    void anOutcomeComesBackAsItWent() throws Unreadable {
        Outcome refused = new Outcome(
                new CommandId("c-1"),
                ORDERS,
                AT,
                new Outcome.Refused(Problem.invalid(List.of(new Violation("spec.hosts", "[]", "at least one host")))),
                List.of(new Position("redfleet.clusters.v1", 3, 17)));

        assertThat(Codec.read(Codec.bytes(refused), Outcome.class)).isEqualTo(refused);
    }

    @Test
    void namesAreMapKeysToo() throws Unreadable {
        HostFacts facts = new HostFacts(
                1,
                ORDERS,
                new HostName("r1"),
                AT,
                true,
                "",
                "boot",
                0.5,
                1,
                1,
                1,
                1,
                -2,
                Map.of(R1, new ProcessFacts(true, 41, 99, 1, 1, false, 1, 0, 0, 0)),
                null);

        assertThat(Codec.read(Codec.bytes(facts), HostFacts.class)).isEqualTo(facts);
    }

    @Test
    void aClusterOfBeforeAccessControlIsAnOpenOne() throws Exception {
        String spec = """
                {"name":"orders","labels":{},
                 "redis":{"engine":"redis","version":"7.0","install":"present","config":{}},
                 "durability":{"minReplicasToWrite":1,"maxLag":"PT10S"},
                 "sentinel":{"masterName":"orders","quorum":2,"downAfter":"PT5S","failoverTimeout":"PT1M","parallelSyncs":1},
                 "hosts":[],"bootstrapMaster":"r1","service":"process",
                 "watch":{"mode":"AUTO","probe":"PT1S","cycle":"PT5S"}}""";

        assertThat(Codec.read(spec.getBytes(UTF_8), ClusterSpec.class).security())
                .isEqualTo(SecuritySpec.OFF);
        String closed = spec.replace("\"service\"", "\"security\":{\"acl\":\"GENERATED\"},\"service\"");
        SecuritySpec before =
                Codec.read(closed.getBytes(UTF_8), ClusterSpec.class).security();
        assertThat(before.generated()).isTrue();
        assertThat(before.tls()).as("of before TLS").isEqualTo(TlsSpec.OFF);
        assertThat(Codec.read(spec.getBytes(UTF_8), ClusterSpec.class).monit()).isEqualTo(MonitSpec.OFF);
        assertThat(Codec.read(spec.getBytes(UTF_8), ClusterSpec.class).tuning()).isEqualTo(TuningSpec.NONE);
        assertThat(Codec.read(spec.getBytes(UTF_8), ClusterSpec.class).manage()).isEqualTo(Manage.FULL);
        assertThat(Codec.read(spec.getBytes(UTF_8), ClusterSpec.class).firewall())
                .isEqualTo(FirewallSpec.NONE);
        assertThat(Codec.read(spec.getBytes(UTF_8), ClusterSpec.class).redis().archive())
                .as("of before archives")
                .isNull();
        assertThat(Codec.read(spec.getBytes(UTF_8), ClusterSpec.class).redis().source())
                .as("of before builds")
                .isNull();
        assertThat(Codec.read(spec.getBytes(UTF_8), ClusterSpec.class)
                        .sentinel()
                        .group())
                .as("of before groups of Sentinels")
                .isNull();
        String state = "{\"schema\":1,\"uid\":\"u\",\"revision\":1,\"phase\":\"READY\",\"reason\":\"\","
                + "\"since\":\"2026-11-01T10:00:00Z\",\"spec\":" + spec + "}";
        assertThat(Codec.read(state.getBytes(UTF_8), ClusterState.class).agents())
                .as("of before Monit ran on hosts")
                .isNull();
        assertThat(Codec.read(state.getBytes(UTF_8), ClusterState.class).drift())
                .as("of before hosts were looked at")
                .isNull();
        assertThat(Codec.read(state.getBytes(UTF_8), ClusterState.class).looks())
                .as("of before looks were noted")
                .isNull();
        assertThat(Codec.read(state.getBytes(UTF_8), ClusterState.class).leavers())
                .as("of before members left")
                .isEmpty();
    }

    @Test
    void aHostOfBeforeJumpHostsHasNone() throws Exception {
        String ssh = "{\"user\":\"ops\",\"port\":22,\"credential\":\"ops\",\"hostKey\":null}";
        String facts = """
                {"schema":1,"cluster":"orders","host":"r1","at":"2026-11-01T10:00:00Z","reachable":false,"reason":"no route",
                 "bootId":"","load1":0.0,"memoryTotalBytes":0,"memoryAvailableBytes":0,"diskTotalBytes":0,
                 "diskAvailableBytes":0,"clockOffsetMillis":0,"processes":{},"machine":null}""";

        assertThat(Codec.read(ssh.getBytes(UTF_8), SshSpec.class)).isEqualTo(new SshSpec("ops", 22, "ops", null));
        HostFacts read = Codec.read(facts.getBytes(UTF_8), HostFacts.class);
        assertThat(read.jump()).isEmpty();
        HostFacts behind = read.behind("ops@10.0.0.9:22");
        assertThat(Codec.read(Codec.bytes(behind), HostFacts.class)).isEqualTo(behind);
        assertThat(behind.unreachable(AT, "gone").jump()).as("its own fault").isEmpty();
    }

    @Test
    void whoIsLetInOfBeforeSomebodyElsesLoginsNamesNone() throws Unreadable {
        assertThat(Codec.read("{\"acl\":\"OFF\"}".getBytes(UTF_8), SecuritySpec.class))
                .isEqualTo(SecuritySpec.OFF);
    }

    @Test
    void anInstanceOfBeforeClustersWereAdoptedIsWhereRedfleetPutIt() throws Unreadable {
        String before = """
                {"name":"redis-server","role":"REDIS","port":6379,"replicaPriority":100,
                 "announce":{"host":"10.0.0.11","port":6379}}""";
        InstanceSpec instance = Codec.read(before.getBytes(UTF_8), InstanceSpec.class);
        assertThat(instance.at()).isNull();
        InstanceSpec own = new InstanceSpec(
                "redis-server", InstanceRole.REDIS, 6379, 100, instance.announce(), new OwnPlace("/srv/redis.conf"));
        assertThat(Codec.read(Codec.bytes(own), InstanceSpec.class)).isEqualTo(own);
    }

    @Test
    void whereAnInstanceLiesOfBeforeUnitsWereTakenOverNamesNone() throws Unreadable {
        OwnPlace before = Codec.read("{\"config\":\"/srv/redis.conf\"}".getBytes(UTF_8), OwnPlace.class);
        assertThat(before).isEqualTo(new OwnPlace("/srv/redis.conf"));
        assertThat(before.unit()).isNull();
        OwnPlace under = new OwnPlace("/etc/redis/redis.conf", "redis-server@6380.service");
        assertThat(Codec.read(Codec.bytes(under), OwnPlace.class)).isEqualTo(under);
    }

    @Test
    void anOrderAndAnOperationOfBeforePlansHadIdsNameNone() throws Unreadable {
        String order = """
                {"id":"c","cluster":"orders","actor":{"name":"ann","tokenId":"tok-1"},
                 "sentAt":"2026-11-01T10:00:00Z","notAfter":"2026-11-01T10:01:00Z",
                 "request":{"type":"apply","document":"{}","expectedRevision":null,"create":true,"dryRun":false}}""";
        String operation = """
                {"schema":1,"id":"op-1","cluster":"orders","uid":"u","kind":"provision","instance":null,
                 "actor":{"name":"ann","tokenId":"tok-1"},"status":"WAITING","reason":"accepted",
                 "acceptedAt":"2026-11-01T10:00:00Z","finishedAt":null,"steps":[],"expectsDown":[]}""";

        assertThat(Codec.read(order.getBytes(UTF_8), Order.class).request())
                .isEqualTo(new Request.Apply("{}", null, true, false));
        assertThat(Codec.read(operation.getBytes(UTF_8), OperationState.class).plan())
                .isNull();
        assertThat(Codec.read(operation.getBytes(UTF_8), OperationState.class).verification())
                .as("nor had they been verified")
                .isNull();
        assertThat(Codec.read(operation.getBytes(UTF_8), OperationState.class).rolling())
                .as("nor had anybody agreed to restarts")
                .isNull();
        assertThat(Codec.read(operation.getBytes(UTF_8), OperationState.class).untilMaster())
                .as("nor to some of them")
                .isNull();
        String removal = order.replaceFirst(
                "\"request\":.*", "\"request\":{\"type\":\"delete\",\"confirm\":\"orders\",\"keepData\":true}}");
        assertThat(Codec.read(removal.getBytes(UTF_8), Order.class).request())
                .as("nor had anybody given up a machine at the end")
                .isEqualTo(new Request.Delete("orders", true));
    }

    @Test
    void aBrakeOfBeforeLabelsHoldsNone() throws Unreadable {
        String before = """
                {"schema":1,"disarmed":true,"reason":"night work","actor":{"name":"ann","tokenId":"tok-1"},
                 "since":"2026-11-01T10:00:00Z","count":4}""";

        FleetBrake read = Codec.read(before.getBytes(UTF_8), FleetBrake.class);

        assertThat(read.labelled()).isEqualTo(LabelBrakes.NONE);
        assertThat(read.disarmed()).isTrue();
        assertThat(read.count()).isEqualTo(4);
    }

    @Test
    void aBrakeWithLabelsComesBackAsItWent() throws Unreadable {
        LabelBrake checkout = new LabelBrake(new Label("team=checkout"), "rack 4", new Actor("ann", "t-1"), AT);
        FleetBrake brake =
                new FleetBrake(1, false, "", new Actor("ann", "t-1"), AT, 4, new LabelBrakes(7, List.of(checkout)));

        assertThat(Codec.read(Codec.bytes(brake), FleetBrake.class)).isEqualTo(brake);
        assertThat(new String(Codec.bytes(brake), UTF_8)).contains("\"label\":\"team=checkout\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"team", "team=check out", "team=a\\nb", "=a", ""})
    void aBrakeOfWhatIsNoLabelIsUnreadable(String label) {
        String brake = """
                {"schema":1,"disarmed":false,"reason":"","actor":{"name":"ann","tokenId":"tok-1"},
                 "since":"2026-11-01T10:00:00Z","count":4,"labelled":{"count":1,"brakes":[
                 {"label":"LABEL","reason":"x","actor":{"name":"ann","tokenId":"t"},"since":"2026-11-01T10:00:00Z"}]}}""";

        assertThat(readable(brake.replace("LABEL", "team=a"), FleetBrake.class)).isTrue();
        assertThat(readable(brake.replace("LABEL", label), FleetBrake.class)).isFalse();
    }

    @Test
    void aFieldOfALaterReleaseIsPassedOver() throws Unreadable {
        byte[] later = "{\"name\":\"ann\",\"tokenId\":\"t\",\"mood\":\"fine\"}".getBytes(UTF_8);

        assertThat(Codec.read(later, Actor.class)).isEqualTo(new Actor("ann", "t"));
    }

    @Test
    void whatIsNoRecordSaysWhyAndQuotesNothing() {
        assertThatThrownBy(() -> Codec.read("{\"secret\":".getBytes(UTF_8), Actor.class))
                .isInstanceOf(Unreadable.class)
                .hasMessageContaining("no Actor")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> Codec.read("null".getBytes(UTF_8), Actor.class))
                .isInstanceOf(Unreadable.class);
        assertThatThrownBy(() -> Codec.read("{\"value\":\"\"}".getBytes(UTF_8), ClusterName.class))
                .isInstanceOf(Unreadable.class);
    }

    @ParameterizedTest
    @CsvSource({
        "9999-12-31T23:59:59.999999999Z,  true",
        "+10000-01-01T00:00:00Z,          false",
        "+1000000000-12-31T23:59:59Z,     false",
        "0001-01-01T00:00:00Z,            true",
        "0000-12-31T23:59:59Z,            false",
    })
    void aTimeHasAYearOfFourDigits(String time, boolean read) {
        String order = new String(Codec.bytes(order()), UTF_8);
        String other = order.replace(AT.toString(), time);
        assertThat(other).isNotEqualTo(order);

        assertThat(readable(other, Order.class)).isEqualTo(read);
    }

    @ParameterizedTest
    @CsvSource({
        "PT876000H,                 true",
        "PT876000H0.000000001S,     false",
        "PT-876000H,                true",
        "PT2562047788015215H30M7S,  false",
        "PT-2562047788015215H-30M-8S, false",
    })
    void aDurationIsLessThanACentury(String duration, boolean read) {
        String durability = "{\"minReplicasToWrite\":1,\"maxLag\":\"" + duration + "\"}";

        assertThat(readable(durability, Durability.class)).isEqualTo(read);
    }

    private static boolean readable(String text, Class<?> type) {
        try {
            Codec.read(text.getBytes(UTF_8), type);
            return true;
        } catch (Unreadable e) {
            return false;
        }
    }

    private static Order order() {
        return new Order(
                new CommandId("c-1"), ORDERS, new Actor("ann", "t-1"), AT, AT.plusSeconds(10), new Request.ShowPlan());
    }

    @Test
    void aStateRecordOfALaterSchemaIsRefusedWhateverElseItSays() {
        byte[] later = "{\"schema\":2,\"uid\":{\"form\":\"another\"}}".getBytes(UTF_8);

        assertThatThrownBy(() -> Codec.read(later, ClusterState.class))
                .isInstanceOfSatisfying(
                        Unreadable.class,
                        unreadable -> assertThat(unreadable.newer()).isTrue())
                .hasMessage("schema 2 is newer than this release's 1");
        assertThatThrownBy(() -> Codec.read("{\"schema\":1}".getBytes(UTF_8), ClusterState.class))
                .isInstanceOfSatisfying(
                        Unreadable.class,
                        unreadable -> assertThat(unreadable.newer()).isFalse());
    }

    /** As a release that knows no stop reads one: it is nobody's to carry out. */
    @Test
    void anActionOfALaterReleaseIsUnreadableAndSoIsNotTakenForAnother() {
        assertThatThrownBy(
                        () -> Codec.read("{\"id\":\"x\",\"action\":\"HIBERNATE\"}".getBytes(UTF_8), Remediation.class))
                .isInstanceOf(Unreadable.class)
                .hasMessageContaining("Action");
    }

    @Test
    void theHealthOfAReleaseWithoutDependenceWaitsForNothingAndItsWindowTumbles() throws Unreadable {
        String before =
                "{\"liveness\":\"UP\",\"since\":\"2026-01-01T00:00:00Z\",\"reason\":\"answers\",\"role\":\"MASTER\","
                        + "\"runId\":\"\",\"monitored\":true,\"flips\":1,\"restarts\":0,\"windowCycles\":0}";
        InstanceHealth read = Codec.read(before.getBytes(UTF_8), InstanceHealth.class);
        assertThat(read.waiting()).isEmpty();
        assertThat(read.attempts()).isZero();
        String watch = "{\"mode\":\"AUTO\",\"probe\":\"PT1S\",\"cycle\":\"PT5S\"}";
        assertThat(Codec.read(watch.getBytes(UTF_8), WatchSpec.class).restartWindow())
                .isEqualTo(WatchSpec.RestartWindow.TUMBLING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'skipped':1,'pid':0,'rules':{}}", "{'skipped':1,'pid':0,'rules':{},'unfailed':null}"})
    void aCheckOfBeforeSaysNothingOfWhichRulesWereJudged(String text) throws Unreadable {
        CheckHealth check = Codec.read(text.replace('\'', '"').getBytes(UTF_8), CheckHealth.class);
        assertThat(check.unfailed()).isEmpty();
        assertThat(check).isEqualTo(new CheckHealth(1, 0, Map.of()));
    }
}
