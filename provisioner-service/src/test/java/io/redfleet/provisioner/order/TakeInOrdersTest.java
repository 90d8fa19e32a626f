package io.redfleet.provisioner.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.adopt.Blank;
import io.redfleet.adopt.Choice;
import io.redfleet.adopt.Draft;
import io.redfleet.adopt.Finding;
import io.redfleet.adopt.Survey;
import io.redfleet.contracts.access.SealedSecret;
import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.Label;
import io.redfleet.contracts.cluster.ProbeSpec;
import io.redfleet.contracts.event.OperationEvent;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.contracts.wire.CommandId;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Request;
import io.redfleet.contracts.wire.Violation;
import io.redfleet.provisioner.reach.KeyLimits;
import io.redfleet.provisioner.reach.Range;
import io.redfleet.provisioner.secret.GivenPasswords;
import io.redfleet.provisioner.secret.Locksmith;
import io.redfleet.provisioner.secret.PlainLocksmith;
import io.redfleet.provisioner.secret.Vault;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Orders that take a cluster in, with surveys that say what the test lets them. */
class TakeInOrdersTest extends DeskGround {
    private static final String PROBE = "spec.security.probe.credential";
    private static final Blank LOCKED = new Blank(PROBE, "the name of a file with the password");

    private final List<Surveys.Wish> wishes = new ArrayList<>();
    private final Map<String, Locksmith.Opening> given = new HashMap<>();
    private final List<String> touched = new ArrayList<>();
    private KeyLimits passwordLimits = new KeyLimits.None();
    private Surveys.Came came = seen(draft("orders"));

    @BeforeEach
    void surveyed() {
        surveys = wish -> {
            wishes.add(wish);
            return came;
        };
        onCall = () -> touched.add("call");
        vault = new Vault(new PlainLocksmith(), Optional.empty(), new Files());
        desk = desk(ledger);
        orders = new Orders(desk);
    }

    @Test
    void aDryRunAnswersWithTheDraftAndChangesNothing() {
        String body = body(answer(order(takeIn(true))));
        assertThat(body)
                .contains(
                        "\"sentinel\":\"10.0.0.11:26379\"",
                        "\"masterName\":\"orders\"",
                        "\"manage\":\"observe\"",
                        "\"labels\":{\"team\":\"checkout\"}",
                        "\"errors\":[]",
                        "refuses connections");
        assertThat(ledger.all(ClusterState.class)).isEmpty();
        assertThat(ledger.events(OperationEvent.Refused.class)).isEmpty();
    }

    @Test
    void itBecomesAClusterThatIsObservedAndNoHostIsTouched() {
        Outcome.Accepted accepted = (Outcome.Accepted) answer(order(takeIn(false)));
        assertThat(cluster().name()).isEqualTo(ORDERS);
        assertThat(cluster().spec().observed()).isTrue();
        assertThat(cluster().spec().labels()).containsExactly(Map.entry("team", "checkout"));
        runAll();
        assertThat(operation(accepted.operation()).status()).isEqualTo(Status.SUCCEEDED);
        assertThat(touched).isEmpty();
        assertThat(wishes).singleElement().satisfies(wish -> {
            assertThat(wish.sentinel()).isEqualTo(new Endpoint("10.0.0.11", 26_379));
            assertThat(wish.choice()).isEqualTo(new Choice.TheOnlyOne());
            assertThat(wish.password()).isEqualTo(Secret.of(""));
        });
    }

    @Test
    void theSameOrderTwiceIsOneAndAnotherFindsThatItStands() {
        Order order = order(takeIn(false));
        Outcome.Result first = answer(order);
        runAll();
        assertThat(answer(order)).isEqualTo(first);
        assertThat(wishes).hasSize(1);
        Problem problem = refused(order(takeIn(false)));
        assertThat(problem.status()).isEqualTo(409);
        assertThat(problem.detail()).startsWith("cluster orders stands already: nothing was taken in");
        assertThat(wishes).as("nobody is asked for it").hasSize(1);
    }

    @Test
    void twoThatSurveyAtOnceMakeOneCluster() {
        orders.take(order(takeIn(false)), () -> done++);
        orders.take(order(takeIn(false)), () -> done++);
        runAll();
        assertThat(done).isEqualTo(2);
        assertThat(ledger.all(Outcome.class))
                .extracting(Outcome::result)
                .satisfiesExactly(
                        first -> assertThat(first).isInstanceOf(Outcome.Accepted.class),
                        second -> assertThat(
                                        ((Outcome.Refused) second).problem().status())
                                .isEqualTo(409));
    }

    @Test
    void whatNoNodeSaysIsRefusedByItsFieldUnlessTheOrderSaysIt() {
        came = seen(draft("orders", LOCKED));
        Problem problem = refused(order(takeIn(false)));
        assertThat(problem.status()).isEqualTo(422);
        assertThat(problem.errors())
                .containsExactly(
                        new Violation(PROBE, "?", "give probe.credential: the name of a file with the password"));
        assertThat(ledger.all(ClusterState.class)).isEmpty();

        given.put("orders-probe", new Locksmith.Opened(Secret.of("geheim")));
        assertThat(answer(order(locked("orders-probe", "watcher")))).isInstanceOf(Outcome.Accepted.class);
        assertThat(cluster().spec().security().probe()).isEqualTo(new ProbeSpec("watcher", "orders-probe"));
        assertThat(wishes.getLast())
                .returns("watcher", Surveys.Wish::user)
                .returns(Secret.of("geheim"), Surveys.Wish::password);
        assertThat(wishes.getLast().toString()).doesNotContain("geheim");
        assertThat(ledger.all(SealedSecret.class)).isNotEmpty();
    }

    @Test
    void aPasswordThatCannotBeReadOrHasNoLimitsAsksNobody() {
        Problem unread = refused(order(locked("orders-probe", null)));
        assertThat(unread.status()).isEqualTo(409);
        assertThat(unread.detail()).contains("nobody could log in", "there is none");
        passwordLimits = new KeyLimits.Unusable("needs limits");
        given.put("orders-probe", new Locksmith.Opened(Secret.of("geheim")));
        assertThat(refused(order(locked("orders-probe", null))).errors())
                .extracting(Violation::field)
                .containsExactly("probe.credential");
        assertThat(wishes).isEmpty();
    }

    @Test
    void aSentinelBeyondTheKeysLimitsIsNotAsked() {
        keyLimits = limited("10.9.0.0/16");
        assertThat(refused(order(takeIn(false))).errors()).singleElement().satisfies(broken -> {
            assertThat(broken.field()).isEqualTo("sentinel");
            assertThat(broken.rule()).contains("is outside of what key default reaches: 10.9.0.0/16");
        });
        assertThat(wishes).isEmpty();
    }

    /** They were not connected to; the spec would have them probed. */
    @Test
    void aClusterThatIsPartlyBeyondTheLimitsIsRefusedByItsAddresses() {
        keyLimits = limited("10.0.0.10/31");
        Problem problem = refused(order(takeIn(false)));
        assertThat(problem.status()).isEqualTo(422);
        assertThat(problem.errors())
                .extracting(Violation::field)
                .containsExactly("spec.hosts[1].address", "spec.hosts[2].address");
        assertThat(ledger.events(OperationEvent.Refused.class)).hasSize(1);
        assertThat(body(answer(order(takeIn(true))))).contains("spec.hosts[2].address");
    }

    @Test
    void aNodeThatIsAnotherClustersIsNotTakenInTwice() {
        assertThat(answer(named("carts", takeIn(false)))).isInstanceOf(Outcome.Accepted.class);
        runAll();
        Problem problem = refused(order(takeIn(false)));
        assertThat(problem.status()).isEqualTo(409);
        assertThat(problem.detail()).isEqualTo("10.0.0.11:6379 is in cluster carts already: nothing was taken in");
    }

    /** Whoever may not see it is not told what it is called. */
    @Test
    void ofAnotherTeamsClusterTheNameIsNotSaid() {
        assertThat(answer(named("carts", takeIn(false)))).isInstanceOf(Outcome.Accepted.class);
        runAll();
        Request.TakeIn other = new Request.TakeIn(
                "10.0.0.11", 26_379, null, List.of(new Label("team=search")), null, null, null, false);
        assertThat(refused(order(other)).detail())
                .isEqualTo("10.0.0.11:6379 is in another cluster already: nothing was taken in");
    }

    @Test
    void whatASurveyComesToOtherwiseIsSaid() {
        came = new Surveys.Full("as many as there may be");
        assertThat(refused(order(takeIn(true))))
                .returns(503, Problem::status)
                .returns("as many as there may be", Problem::detail);
        came = new Surveys.Looked(new Survey.Unreachable("10.0.0.11:26379 refuses connections"));
        assertThat(refused(order(takeIn(true))))
                .returns(409, Problem::status)
                .returns("10.0.0.11:26379 refuses connections: nothing was taken in", Problem::detail);
        came = new Surveys.Looked(new Survey.Refused("10.0.0.11:26379 monitors a, b: name one"));
        assertThat(refused(order(takeIn(false)))).returns(409, Problem::status);
        assertThat(ledger.all(ClusterState.class)).isEmpty();
    }

    @Test
    void oneWhoseSurveyTookTooLongIsTooLate() {
        surveys = wish -> {
            now = now.plusSeconds(61);
            return came;
        };
        assertThat(refused(order(takeIn(false)))).returns(410, Problem::status);
        assertThat(ledger.all(ClusterState.class)).isEmpty();
    }

    @Test
    void withoutANameAllMastersAreDraftedAndNoneIsTakenIn() {
        came = seen(draft("orders"), draft("stock"));
        String body = body(answer(named("", takeIn(true))));
        assertThat(body).contains("\"masterName\":\"orders\"", "\"masterName\":\"stock\"");
        assertThat(wishes.getLast().choice()).isEqualTo(new Choice.All());
        assertThat(refused(named("", takeIn(false))).errors())
                .extracting(Violation::field)
                .containsExactly("name");
    }

    private Outcome.Result answer(Order order) {
        int before = operations.size();
        orders.take(order, () -> done++);
        if (operations.size() > before) {
            operations.removeLast().run();
        }
        return ledger.last(Outcome.class).result();
    }

    private Problem refused(Order order) {
        return ((Outcome.Refused) answer(order)).problem();
    }

    private static String body(Outcome.Result result) {
        return ((Outcome.Answered) result).body();
    }

    /** @param name empty: nobody says */
    private Order named(String name, Request request) {
        ClusterName cluster = name.isEmpty() ? ClusterName.FLEET : new ClusterName(name);
        String command = "named-" + name + "-" + wishes.size() + "-" + done;
        return new Order(new CommandId(command), cluster, new Actor("alice", "t1"), now, now.plusSeconds(60), request);
    }

    private static Request.TakeIn takeIn(boolean dryRun) {
        return new Request.TakeIn(
                "10.0.0.11", 26_379, null, List.of(new Label("team=checkout")), null, null, null, dryRun);
    }

    private static Request.TakeIn locked(String probe, @Nullable String user) {
        return new Request.TakeIn("10.0.0.11", 26_379, "orders", null, null, probe, user, false);
    }

    private static KeyLimits limited(String range) {
        return new KeyLimits.Limited(List.of(Range.of(range).orElseThrow()), Set.of(), Map.of(), true);
    }

    private static Surveys.Came seen(Draft... drafts) {
        return new Surveys.Looked(new Survey.Seen(List.of(drafts)));
    }

    /** As a survey of three hosts writes it. */
    private static Draft draft(String master, Blank... blanks) {
        List<Map<String, Object>> hosts = IntStream.rangeClosed(1, 3)
                .mapToObj(i -> Map.<String, Object>of(
                        "name",
                        "ip-10-0-0-1" + i,
                        "address",
                        "10.0.0.1" + i,
                        "instances",
                        List.of(
                                Map.of("name", "redis-server", "role", "redis", "port", 6379),
                                Map.of("name", "redis-sentinel", "role", "sentinel", "port", 26_379))))
                .toList();
        Map<String, Object> security = new LinkedHashMap<>();
        security.put("acl", "off");
        if (blanks.length > 0) {
            security.put("probe", Map.of("credential", Blank.MARK));
        }
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("manage", "observe");
        spec.put("redis", Map.of("engine", "redis", "version", "7.0.15"));
        spec.put("sentinel", Map.of("masterName", master, "quorum", 2));
        spec.put("hosts", hosts);
        spec.put("bootstrapMaster", "ip-10-0-0-11");
        spec.put("security", security);
        spec.put("watch", Map.of("mode", "observe"));
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("apiVersion", "redfleet.io/v1");
        document.put("kind", "Cluster");
        document.put("metadata", Map.of("name", master));
        document.put("spec", spec);
        Finding finding = new Finding(Finding.Severity.WARNING, "10.0.0.13:6379", "refuses connections");
        return new Draft(master, document, List.of(blanks), List.of(finding));
    }

    private final class Files implements GivenPasswords {
        @Override
        public KeyLimits of(String name) {
            return passwordLimits;
        }

        @Override
        public Locksmith.Opening password(String name) {
            return given.getOrDefault(name, new Locksmith.Closed("there is none"));
        }
    }
}
