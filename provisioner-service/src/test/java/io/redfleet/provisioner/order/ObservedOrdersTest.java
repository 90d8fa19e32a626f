package io.redfleet.provisioner.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redfleet.bus.codec.Codec;
import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.access.SealedSecret;
import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.cluster.WatchMode;
import io.redfleet.contracts.event.ExecEvent;
import io.redfleet.contracts.event.OperationEvent;
import io.redfleet.contracts.event.RestartEvent;
import io.redfleet.contracts.event.StopEvent;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Position;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Request;
import io.redfleet.contracts.wire.ServiceName;
import io.redfleet.contracts.wire.Violation;
import io.redfleet.provisioner.desired.OwnSpecs;
import io.redfleet.provisioner.desired.SpecReader;
import io.redfleet.provisioner.drift.Rhythm;
import io.redfleet.provisioner.plan.Restarts;
import io.redfleet.provisioner.reach.KeyLimits;
import io.redfleet.provisioner.reach.Range;
import io.redfleet.provisioner.secret.GivenPasswords;
import io.redfleet.provisioner.secret.Locksmith;
import io.redfleet.provisioner.secret.PlainLocksmith;
import io.redfleet.provisioner.secret.Vault;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A cluster with {@code manage: observe}, while each call to a host and each lease is counted: there is never one. */
class ObservedOrdersTest extends DeskGround {
    /** About the spec itself. */
    private static final Set<Class<?>> TAKEN =
            Set.of(Request.Apply.class, Request.TakeIn.class, Request.ShowPlan.class, Request.Delete.class);

    private final List<String> touched = new ArrayList<>();

    /** By the names of their files. */
    private final Map<String, Locksmith.Opening> given = new HashMap<>();

    private KeyLimits limits = new KeyLimits.None();

    @BeforeEach
    void everyTouchIsCounted() {
        onCall = () -> touched.add("call");
        leased = (access, request) -> {
            touched.add("lease");
            return hosts.ask(access, request);
        };
        vault = new Vault(new PlainLocksmith(), Optional.empty(), new Files());
        desk = desk(ledger);
        orders = new Orders(desk);
    }

    @AfterEach
    void nothingWasTouched() {
        assertThat(touched).isEmpty();
        assertThat(hosts.changes()).isEmpty();
        assertThat(faults).isEmpty();
    }

    @Test
    void itIsReadyToBeWatchedAsSoonAsItIsAccepted() {
        OperationId applied = accepted(observed(3));
        runAll();
        assertThat(operation(applied).status()).isEqualTo(Status.SUCCEEDED);
        assertThat(operation(applied).reason()).startsWith("observed: nothing is written");
        assertThat(operation(applied).steps()).isEmpty();
        assertThat(operation(applied).verification())
                .as("nothing was looked at")
                .isNull();
        assertThat(cluster().phase()).isEqualTo(Phase.READY);
        assertThat(cluster().applied()).isEqualTo(1);
        assertThat(cluster().spec().observed()).isTrue();
        assertThat(cluster().spec().watch().mode()).isEqualTo(WatchMode.OBSERVE);
        assertThat(ledger.all(SealedSecret.class)).isEmpty();
        assertThat(ledger.events(OperationEvent.Accepted.class)).hasSize(1);
    }

    /** A kind of order that is new is missing here until somebody has said what becomes of it. */
    @Test
    void everyOrderIsAboutTheSpecOrRefused() {
        accepted(observed(3));
        runAll();
        List<Request.ToProvisioner> requests = requests();
        Set<Class<?>> kinds = new HashSet<>();
        requests.forEach(request -> kinds.add(request.getClass()));
        assertThat(kinds).isEqualTo(Set.of(Request.ToProvisioner.class.getPermittedSubclasses()));
        for (Request.ToProvisioner request : requests) {
            if (!TAKEN.contains(request.getClass())) {
                Problem problem = refused(request);
                assertThat(problem.status()).as("%s", request).isEqualTo(409);
                assertThat(problem.detail())
                        .as("%s", request)
                        .startsWith("orders is only observed (manage: observe): nothing is written to its nodes");
            }
        }
        assertThat(operations).isEmpty();
    }

    @Test
    void itsPlanIsEmptyAndSaysWhy() {
        String id = told(new Request.Apply(observed(3).document(), null, false, true))
                .replaceFirst("(?s).*\"plan\":\"([0-9a-f]{16})\".*", "$1");
        Request.Apply planned = new Request.Apply(observed(3).document(), null, false, false, id);
        OperationId applied = asked(planned);
        runAll();
        assertThat(operation(applied).status()).isEqualTo(Status.SUCCEEDED);
        assertThat(told(new Request.ShowPlan())).contains("\"changes\":0", "observed: nothing is written");
    }

    @Test
    void aHostThatIsNamedLeavesAndNoneIsAskedForIt() {
        accepted(observed(4));
        runAll();
        Request.Apply fewer = new Request.Apply(
                observed(3).document(), null, false, false, null, List.of("r4"), null, null, null, null, null);
        assertThat(refused(observed(3)).detail()).contains("not removed unless named");
        asked(fewer);
        runAll();
        assertThat(cluster().phase()).isEqualTo(Phase.READY);
        assertThat(cluster().leavers()).isEmpty();
        assertThat(cluster().spec().hosts()).hasSize(3);
        assertThat(ledger.events(OperationEvent.MembersLeft.class)).hasSize(1);
    }

    @Test
    void itEndsAndNothingOfItIsErased() {
        accepted(observed(3));
        runAll();
        Problem problem = refused(new Request.Delete("orders", false));
        assertThat(problem.status()).isEqualTo(422);
        assertThat(problem.errors()).extracting(Violation::field).containsExactly("keepData");

        OperationId ended = accepted(new Request.Delete("orders", true));
        runAll();
        assertThat(operation(ended).reason()).startsWith("no longer observed");
        assertThat(ledger.all(ClusterName.class)).containsExactly(ORDERS);
        assertThat(ledger.events(OperationEvent.Removed.class)).hasSize(1);
    }

    /** The hosts are asked for it, and nothing is written: nobody has built anything there. */
    @Test
    void itIsTakenOverByTheWordAloneAndNotUnlessAllOfItRuns() {
        accepted(own("observe", false));
        runAll();
        assertThat(refused(own("full", false)).errors())
                .singleElement()
                .satisfies(broken -> assertThat(broken.field()).isEqualTo("spec.manage"));
        assertThat(touched).as("nor is a host asked").isEmpty();

        orders.take(order(own("full", true)), () -> done++);
        operations.removeLast().run();
        Problem problem = ((Outcome.Refused) ledger.last(Outcome.class).result()).problem();
        assertThat(problem.status()).isEqualTo(409);
        assertThat(problem.detail())
                .startsWith("nothing is taken over, and the spec is not accepted: r1: redis-server: ")
                .contains("r3: redis-sentinel: is not taken over");
        assertThat(cluster().spec().observed()).as("it stays as it was").isTrue();
        assertThat(touched).containsOnly("call");
        touched.clear();
    }

    /** Once for each apply: somebody may have changed it. */
    @Test
    void thePasswordOfItsProbesIsSealedForTheMonitorBeforeItsRecordIsWritten() {
        given.put("orders-probe", new Locksmith.Opened(Secret.of("geheim")));
        accepted(guarded());
        runAll();
        SealedSecret sealed = ledger.last(SealedSecret.class);
        assertThat(sealed.purpose()).isEqualTo(Purpose.PROBE);
        assertThat(sealed.uid()).isEqualTo(cluster().uid());
        assertThat(sealed.copies()).containsOnlyKeys(ServiceName.PROVISIONER, ServiceName.MONITOR);
        List<Object> records = ledger.all(Object.class);
        assertThat(records.indexOf(sealed))
                .isLessThan(records.indexOf(ledger.all(ClusterState.class).getFirst()));

        given.put("orders-probe", new Locksmith.Opened(Secret.of("geheimer")));
        accepted(guarded());
        runAll();
        assertThat(ledger.all(SealedSecret.class)).hasSize(2);
        accepted(new Request.Delete("orders", true));
        runAll();
        assertThat(ledger.all(Purpose.class)).as("it ends").containsExactly(Purpose.PROBE);
    }

    /** Its nodes would be managed by another one than they were looked at with. */
    @Test
    void aPasswordThatHasChangedSinceItWasSealedTakesNothingOver() {
        given.put("orders-probe", new Locksmith.Opened(Secret.of("geheim")));
        accepted(own("observe", false, "orders-probe"));
        runAll();
        ClusterState observed = cluster();
        ClusterState wanted = new ClusterState(
                ClusterState.SCHEMA, observed.uid(), 2, Phase.ACCEPTED, "", now, spec("full", "orders-probe"), 1L);
        List<Position> positions = new ArrayList<>();
        given.put("orders-probe", new Locksmith.Opened(Secret.of("geheimer")));
        assertThat(new Secrets(desk).entrusted(observed, wanted, positions)).hasValueSatisfying(problem -> {
            assertThat(problem.status()).isEqualTo(409);
            assertThat(problem.detail())
                    .contains("orders-probe has changed", "manage: observe once more")
                    .doesNotContain("geheim");
        });
        assertThat(positions).isEmpty();
        given.put("orders-probe", new Locksmith.Opened(Secret.of("geheim")));
        assertThat(new Secrets(desk).entrusted(observed, wanted, positions)).isEmpty();
        assertThat(positions).hasSize(1);
        given.put("orders-probe", new Locksmith.Opened(Secret.of("geheimer")));
        assertThat(new Secrets(desk).entrusted(wanted, wanted, positions))
                .as("once it is managed, another one is sealed")
                .isEmpty();
        assertThat(vault.accounts(wanted).admin().password()).isEqualTo(Secret.of("geheimer"));
    }

    @Test
    void withoutItsPasswordNothingIsAccepted() {
        Problem problem = refused(guarded());
        assertThat(problem.status()).isEqualTo(409);
        assertThat(problem.detail()).isEqualTo("nobody could log in to its nodes: there is none");
        assertThat(ledger.all(ClusterState.class)).isEmpty();
        assertThat(ledger.all(SealedSecret.class)).isEmpty();
    }

    @Test
    void aPasswordIsNotSentWhereItsLimitsDoNotReach() {
        given.put("orders-probe", new Locksmith.Opened(Secret.of("geheim")));
        limits = new KeyLimits.Unusable("needs limits, and there is none beside it");
        assertThat(refused(guarded()).errors())
                .singleElement()
                .satisfies(broken -> assertThat(broken.field()).isEqualTo("spec.security.probe.credential"));
        Range elsewhere = Range.of("10.0.0.12/31").orElseThrow();
        limits = new KeyLimits.Limited(List.of(elsewhere), Set.of(), Map.of(), false);
        assertThat(refused(guarded()).errors())
                .singleElement()
                .satisfies(broken -> assertThat(broken.field()).isEqualTo("spec.hosts[0].address"));
        limits = new KeyLimits.Limited(List.of(), Set.of(new ClusterName("carts")), Map.of(), false);
        assertThat(refused(guarded()).errors())
                .singleElement()
                .satisfies(broken -> assertThat(broken.rule()).contains("may not be used for this cluster"));
        assertThat(ledger.all(SealedSecret.class)).isEmpty();
    }

    /** Whatever a monitor says: one that does not know the word would ask. */
    @Test
    void whatAMonitorAsksForIsWithheld() {
        accepted(observed(3));
        runAll();
        Remedies remedies = new Remedies(desk);
        remedies.take(remediation("down-1"), () -> done++);
        remedies.take(stop("fat-1", REPLICA), () -> done++);
        remedies.take(exec("run-1", REPLICA, "/usr/local/sbin/page"), () -> done++);
        runAll();
        assertThat(ledger.events(RestartEvent.Withheld.class))
                .containsExactly(new RestartEvent.Withheld("down-1", "manage"));
        assertThat(ledger.events(StopEvent.Withheld.class)).containsExactly(new StopEvent.Withheld("fat-1", "manage"));
        assertThat(ledger.events(ExecEvent.Withheld.class)).containsExactly(new ExecEvent.Withheld("run-1", "manage"));
    }

    @Test
    void nobodyLooksForDrift() {
        accepted(observed(3));
        runAll();
        rounds.rhythm = Optional.of(new Rhythm(Duration.ofSeconds(2)));
        new Drifts(desk).open();
        for (int round = 0; round < 5; round++) {
            now = now.plusSeconds(10);
            assertThat(rounds.take()).isTrue();
        }
        assertThat(cluster().looks()).isNull();
    }

    @Test
    void anotherOwnerCarriesOnAndTouchesNothingEither() {
        OperationId applied = accepted(observed(3));
        operations.clear();
        OperationState cutOff = new OperationState(
                OperationState.SCHEMA,
                new OperationId("op-2"),
                ORDERS,
                cluster().uid(),
                "restart",
                REPLICA,
                new Actor("alice", "t1"),
                Status.RUNNING,
                "running",
                now,
                null,
                List.of(),
                Set.of());
        ClusterState standing = cluster();
        Desk next = desk(ledger);
        next.replayed(standing);
        next.replayed(operation(applied));
        next.replayed(cutOff);
        next.open();
        runAll();
        assertThat(operation(applied).status()).isEqualTo(Status.SUCCEEDED);
        assertThat(operation(cutOff.id()).status()).isEqualTo(Status.FAILED);
        assertThat(operation(cutOff.id()).reason()).contains("only observed");
    }

    /** The last wall, for a way to a host that nobody has thought of. */
    @Test
    void aSurveyOfItIsAFault() {
        accepted(observed(3));
        runAll();
        assertThatThrownBy(() -> desk.parts().crew().plan(cluster(), Restarts.none()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("orders is only observed");
    }

    private Problem refused(Request request) {
        return ((Outcome.Refused) take(request)).problem();
    }

    private String told(Request request) {
        orders.take(order(request), () -> done++);
        operations.removeLast().run();
        return ((Outcome.Answered) ledger.last(Outcome.class).result()).body();
    }

    private static List<Request.ToProvisioner> requests() {
        OperationId operation = new OperationId("op-1");
        return List.of(
                observed(3),
                new Request.TakeIn("10.0.0.11", 26_379, null, null, null, null, null, false),
                new Request.ShowPlan(),
                new Request.ShowSudoers(),
                new Request.ShowVerification(),
                new Request.Delete("orders", true),
                new Request.DeleteArchived("orders"),
                new Request.ShowRemoval(true, false),
                new Request.Roll(null),
                new Request.Run(REPLICA, Request.Verb.RESTART, "r3/redis-server"),
                new Request.SwitchOver(new InstanceId("r2/redis-server")),
                new Request.CancelOperation(operation),
                new Request.ResumeOperation(operation),
                new Request.Reveal("application", "q1ZJ8yq7m3Xw2w5lE0dYtA"),
                new Request.RotateSecret("application", false));
    }

    private static Request.Apply observed(int hosts) {
        return observed(hosts, Map.of("acl", "off"));
    }

    /** Its configurations named. */
    private static Request.Apply own(String manage, boolean adopt) {
        return own(OwnSpecs.document(manage), adopt);
    }

    /** The same, which asks for a password. */
    private static Request.Apply own(String manage, boolean adopt, String credential) {
        return own(OwnSpecs.document(manage, credential), adopt);
    }

    private static Request.Apply own(Map<String, Object> document, boolean adopt) {
        String text = new String(Codec.bytes(document), StandardCharsets.UTF_8);
        return new Request.Apply(text, null, false, false, null, null, null, null, null, adopt, null);
    }

    private static ClusterSpec spec(String manage, String credential) {
        return ((SpecReader.Good) SpecReader.read(OwnSpecs.document(manage, credential))).spec();
    }

    private static Request.Apply guarded() {
        return observed(3, Map.of("probe", Map.of("credential", "orders-probe")));
    }

    private static Request.Apply observed(int hosts, Map<String, Object> security) {
        List<Map<String, String>> described = IntStream.rangeClosed(1, hosts)
                .mapToObj(i -> Map.of("name", "r" + i, "address", "10.0.0.1" + i))
                .toList();
        Map<String, Object> spec = Map.of("manage", "observe", "hosts", described, "security", security);
        Map<String, Object> document = Map.of("metadata", Map.of("name", "orders"), "spec", spec);
        String text = new String(Codec.bytes(document), StandardCharsets.UTF_8);
        return new Request.Apply(text, null, false, false);
    }

    private final class Files implements GivenPasswords {
        @Override
        public KeyLimits of(String name) {
            return limits;
        }

        @Override
        public Locksmith.Opening password(String name) {
            return given.getOrDefault(name, new Locksmith.Closed("there is none"));
        }
    }
}
