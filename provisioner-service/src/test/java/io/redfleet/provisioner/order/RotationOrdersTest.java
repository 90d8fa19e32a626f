package io.redfleet.provisioner.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.bus.codec.Codec;
import io.redfleet.contracts.access.NextSecret;
import io.redfleet.contracts.access.NextSecret.Stage;
import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.access.Revealed;
import io.redfleet.contracts.access.SealedSecret;
import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.event.OperationEvent;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.contracts.operation.StepState;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Request;
import io.redfleet.provisioner.apply.ScriptedHosts.Cut;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The application's password becomes another: what is on the bus, on the hosts and shown, at each point of the way. */
class RotationOrdersTest extends DeskGround {
    private static final Request BEGIN = new Request.RotateSecret("application", false);
    private static final Request FINISH = new Request.RotateSecret("application", true);
    private static final String R1 = "/base/r1/orders/redis-server";
    private static final String R2 = "/base/r2/orders/redis-server";

    @Test
    void bothAreTakenUntilItIsFinishedAndThenTheNewOneAlone() throws Exception {
        provisioned();
        Secret old = vault.accounts(cluster()).of(Purpose.APPLICATION);

        succeeded(asked(BEGIN));
        Secret fresh = vault.accounts(cluster()).of(Purpose.APPLICATION);
        assertThat(fresh).isNotEqualTo(old);
        everywhere(Set.of(old.hash(), fresh.hash()));
        assertThat(shown()).isEqualTo(fresh.reveal());
        assertThat(ledger.events(OperationEvent.RotationStarted.class)).hasSize(1);
        assertThat(ledger.events(OperationEvent.RotationFinished.class)).isEmpty();
        assertThat(refused(BEGIN).detail()).contains("both are taken");

        succeeded(asked(FINISH));
        everywhere(Set.of(fresh.hash()));
        assertThat(shown()).isEqualTo(fresh.reveal());
        assertThat(ledger.last(SealedSecret.class).next()).isNull();
        assertThat(vault.accounts(cluster()).seconds()).isEmpty();
        assertThat(ledger.events(OperationEvent.RotationFinished.class)).hasSize(1);
        assertThat(refused(FINISH).detail()).contains("there is nothing to finish");
        assertThat(hosts.harm()).isEmpty();
        assertThat(hosts.starts()).isEqualTo(6);
    }

    @Test
    void nothingIsAskedOfAHostBeforeBothAreOnTheBus() {
        provisioned();
        Secret old = vault.accounts(cluster()).of(Purpose.APPLICATION);
        asked(BEGIN);
        SealedSecret record = ledger.last(SealedSecret.class);
        NextSecret next = Objects.requireNonNull(record.next());
        assertThat(next.stage()).isEqualTo(Stage.ADDING);
        assertThat(record.copies()).isNotEqualTo(next.copies());
        everywhere(Set.of(old.hash()));
        assertThat(vault.accounts(cluster()).of(Purpose.APPLICATION))
                .as("what is shown is good everywhere")
                .isEqualTo(old);
        List<Object> records = ledger.all(Object.class);
        assertThat(records.indexOf(record)).isLessThan(records.indexOf(ledger.last(OperationState.class)));
    }

    @Test
    void noPasswordAndNoHashIsInAJournalAnEventOrAPlan() {
        provisioned();
        Secret old = vault.accounts(cluster()).of(Purpose.APPLICATION);
        int before = ledger.all(Object.class).size();
        succeeded(asked(BEGIN));
        succeeded(asked(FINISH));
        Secret fresh = vault.accounts(cluster()).of(Purpose.APPLICATION);
        List<String> told = ledger.all(Object.class).stream()
                .skip(before)
                .filter(record -> !(record instanceof SealedSecret))
                .map(record -> new String(Codec.bytes(record), StandardCharsets.UTF_8))
                .toList();
        assertThat(told).hasSizeGreaterThan(40);
        for (Secret secret : List.of(old, fresh)) {
            assertThat(told).noneMatch(text -> text.contains(secret.reveal()) || text.contains(secret.hash()));
        }
    }

    @Test
    void theOldOneGoesFromNobodyBeforeAllHaveLetSomebodyInByTheNewOne() {
        provisioned();
        succeeded(asked(BEGIN));
        OperationId finish = asked(FINISH);
        runAll();
        List<String> steps =
                operation(finish).steps().stream().map(StepState::id).toList();
        assertThat(steps).hasSize(18);
        assertThat(steps.subList(0, 6)).allMatch(id -> id.endsWith("/password-add"));
        assertThat(steps.subList(6, 12)).allMatch(id -> id.endsWith("/password-login"));
        assertThat(steps.subList(12, 18)).allMatch(id -> id.endsWith("/password-only"));
    }

    @Test
    void cutAtAnyCallTheSameOrderEndsIt() {
        for (Request wish : List.of(BEGIN, FINISH)) {
            int deaths = 0;
            for (int call = 0; call < 200; call++) {
                RotationOrdersTest fresh = new RotationOrdersTest();
                if (!fresh.endsAfterACutAt(wish, call)) {
                    break;
                }
                deaths++;
            }
            assertThat(deaths).isBetween(10, 199);
        }
    }

    /** Whether the cut came before the end. */
    private boolean endsAfterACutAt(Request wish, int call) {
        provisioned();
        if (wish.equals(FINISH)) {
            succeeded(asked(BEGIN));
        }
        OperationId id = asked(wish);
        Set<Secret> known = new HashSet<>(vault.accounts(cluster()).all(Purpose.APPLICATION));
        hosts.cutAt(call, Cut.AFTER);
        runAll();
        if (!hosts.wasCut()) {
            return false;
        }
        hosts.mend();
        assertThat(operation(id).status()).as("cut at %s", call).isEqualTo(Status.FAILED);
        assertThat(new HashSet<>(vault.accounts(cluster()).all(Purpose.APPLICATION)))
                .as("what may be on a host is on the bus")
                .isEqualTo(known);
        for (Set<String> taken : hosts.passwords("application").values()) {
            assertThat(taken)
                    .contains(vault.accounts(cluster()).of(Purpose.APPLICATION).hash());
        }
        succeeded(asked(wish));
        Set<String> wanted = new HashSet<>();
        vault.accounts(cluster()).all(Purpose.APPLICATION).forEach(secret -> wanted.add(secret.hash()));
        assertThat(wanted).hasSize(wish.equals(BEGIN) ? 2 : 1);
        everywhere(wanted);
        assertThat(hosts.harm()).isEmpty();
        return true;
    }

    @Test
    void whereAnInstanceIsNotThereNothingBegins() {
        provisioned();
        hosts.kill("/base/r3/orders/redis-server");
        int before = ledger.all(SealedSecret.class).size();
        Problem problem = refused(BEGIN);
        assertThat(problem.status()).isEqualTo(409);
        assertThat(problem.detail()).startsWith("no password is changed: ").contains("r3/redis-server");
        assertThat(ledger.all(SealedSecret.class)).hasSize(before);
        assertThat(ledger.events(OperationEvent.RotationStarted.class)).isEmpty();
    }

    /** A spec from an old backup does not know all members: they would keep the old password, and be shut off by it. */
    @Test
    void whereTheHostsKnowOfANewerRevisionNothingBegins() {
        provisioned();
        hosts.note(R1, cluster().uid() + " 99");
        int before = ledger.all(SealedSecret.class).size();
        Problem problem = refused(BEGIN);
        assertThat(problem.status()).isEqualTo(409);
        assertThat(problem.detail()).contains("revision 99");
        assertThat(ledger.all(SealedSecret.class)).hasSize(before);
    }

    @Test
    void whereThatIsSeenOnlyUnderTheLeaseNothingIsChanged() {
        provisioned();
        Secret old = vault.accounts(cluster()).of(Purpose.APPLICATION);
        OperationId begin = asked(BEGIN);
        String newer = cluster().uid() + " 99";
        onCall = () -> {
            if (!hosts.holders().isEmpty()) {
                hosts.note(R1, newer);
            }
        };
        runAll();
        assertThat(operation(begin).status()).isEqualTo(Status.FAILED);
        assertThat(operation(begin).reason()).contains("revision 99", "the old password is good everywhere");
        everywhere(Set.of(old.hash()));
    }

    /** What somebody has made of the user on one data node. */
    @ParameterizedTest
    @CsvSource({
        "off",
        "on nopass",
        "''",
        "on #0000000000000000000000000000000000000000000000000000000000000000",
    })
    void whereAUserIsNotAsItShouldBeNothingBegins(String rules) {
        provisioned();
        hosts.user(R2, "application", rules);
        int before = ledger.all(SealedSecret.class).size();
        Problem problem = refused(BEGIN);
        assertThat(problem.status()).isEqualTo(409);
        assertThat(problem.detail())
                .contains("r2/redis-server: its users are not as they should be: apply first")
                .doesNotContain("r3");
        assertThat(ledger.all(SealedSecret.class)).hasSize(before);

        accepted(apply("a"));
        runAll();
        succeeded(asked(BEGIN));
    }

    @Test
    void whereUsersAreNotSaidNothingBegins() {
        provisioned();
        hosts.closed("r2", true);
        int before = ledger.all(SealedSecret.class).size();
        assertThat(refused(BEGIN).detail()).contains("r2/redis-sentinel: its users were not compared");
        assertThat(ledger.all(SealedSecret.class)).hasSize(before);
        hosts.closed("r2", false);
        succeeded(asked(BEGIN));
    }

    /** With both passwords, and what was begun goes on. */
    @Test
    void aUserThatIsChangedBetweenTheTwoIsMendedByAnApply() {
        provisioned();
        Secret old = vault.accounts(cluster()).of(Purpose.APPLICATION);
        succeeded(asked(BEGIN));
        Secret fresh = vault.accounts(cluster()).of(Purpose.APPLICATION);
        assertThat(planned()).doesNotContain("users-set");
        hosts.user(R2, "application", "off");
        assertThat(planned()).contains("r2/redis-server/users-set", "and both are taken");
        accepted(apply("a"));
        runAll();
        everywhere(Set.of(old.hash(), fresh.hash()));
        assertThat(planned()).doesNotContain("users-set");

        hosts.user(R2, "canary", "off");
        succeeded(asked(FINISH));
        everywhere(Set.of(fresh.hash()));
        assertThat(planned()).contains("r2/redis-server/users-set");
        assertThat(hosts.harm()).isEmpty();
    }

    @Test
    void aUserThatIsChangedAfterTheOrderIsSeenUnderTheLease() {
        provisioned();
        OperationId begin = asked(BEGIN);
        hosts.user(R2, "application", "on nopass");
        runAll();
        assertThat(operation(begin).status()).isEqualTo(Status.FAILED);
        assertThat(operation(begin).reason()).contains("apply first", "the same order goes on");
        accepted(apply("a"));
        runAll();
        succeeded(asked(BEGIN));
        everywhere(vault.accounts(cluster()).all(Purpose.APPLICATION).stream()
                .map(Secret::hash)
                .collect(Collectors.toSet()));
    }

    /** Redfleet, replicas and Sentinels log in by them: each by the new one before the old one goes. */
    @ParameterizedTest
    @EnumSource(Purpose.class)
    void whoeverLogsInByItIsGivenTheNewOneBeforeTheOldOneGoes(Purpose purpose) {
        provisioned();
        Secret old = vault.accounts(cluster()).of(purpose);
        succeeded(asked(new Request.RotateSecret(purpose.word(), false)));
        Secret fresh = vault.accounts(cluster()).of(purpose);
        int has = purpose == Purpose.APPLICATION || purpose == Purpose.PROBE || purpose == Purpose.ADMIN ? 6 : 3;
        assertThat(hosts.passwords(purpose.word())).hasSize(has);
        assertThat(hosts.passwords(purpose.word()).values()).containsOnly(Set.of(old.hash(), fresh.hash()));

        succeeded(asked(new Request.RotateSecret(purpose.word(), true)));
        assertThat(hosts.passwords(purpose.word())).hasSize(has);
        assertThat(hosts.passwords(purpose.word()).values()).containsOnly(Set.of(fresh.hash()));
        for (Purpose other : Purpose.values()) {
            Secret stays = vault.accounts(cluster()).of(other);
            assertThat(hosts.passwords(other.word()).values()).containsOnly(Set.of(stays.hash()));
        }
        assertThat(hosts.harm()).isEmpty();
        assertThat(hosts.starts()).isEqualTo(6);
    }

    @Test
    void sentinelsConnectAnewOneByOne() {
        provisioned();
        succeeded(asked(new Request.RotateSecret("sentinel", false)));
        OperationId finish = asked(new Request.RotateSecret("sentinel", true));
        succeeded(finish);
        assertThat(operation(finish).steps().stream().map(StepState::id).filter(id -> !id.contains("/password-add")))
                .containsExactly(
                        "r1/redis-server/password-login",
                        "r2/redis-server/password-login",
                        "r3/redis-server/password-login",
                        "r1/redis-sentinel/password-use",
                        "r1/redis-sentinel/quorum",
                        "r2/redis-sentinel/password-use",
                        "r2/redis-sentinel/quorum",
                        "r3/redis-sentinel/password-use",
                        "r3/redis-sentinel/quorum",
                        "r1/redis-server/password-only",
                        "r2/redis-server/password-only",
                        "r3/redis-server/password-only");
    }

    @Test
    void aStartGuardAsksByTheNewOne() {
        OperationId made = accepted(systemd());
        succeeded(made);
        Secret old = vault.accounts(cluster()).of(Purpose.PROBE);
        assertThat(hosts.guards().values()).hasSize(3).allMatch(guard -> guard.startsWith(old.reveal() + "\n"));
        succeeded(asked(new Request.RotateSecret("probe", false)));
        Secret fresh = vault.accounts(cluster()).of(Purpose.PROBE);
        succeeded(asked(new Request.RotateSecret("probe", true)));
        assertThat(hosts.guards().values()).hasSize(3).allMatch(guard -> guard.startsWith(fresh.reveal() + "\n"));
        assertThat(hosts.harm()).isEmpty();
    }

    @Test
    void aUserWhomThereIsNotIsNotFoundAndNoHostIsAsked() {
        provisioned();
        Outcome.Result result = take(new Request.RotateSecret("root", false));
        assertThat(((Outcome.Refused) result).problem().status()).isEqualTo(404);
        assertThat(operations).isEmpty();
    }

    @Test
    void aPlanSaysHowFarItHasCome() {
        provisioned();
        assertThat(planned()).doesNotContain("is being changed");
        succeeded(asked(BEGIN));
        hosts.user(R2, "mallory", "on +ping");
        assertThat(planned())
                .contains("and both are taken: secret rotate --finish ends the old one")
                .contains("that are not Redfleet's, and are left: [mallory]");
        succeeded(asked(FINISH));
        assertThat(planned()).doesNotContain("is being changed");
    }

    @Test
    void theNextOwnerKnowsItByItsKind() {
        provisioned();
        OperationId begin = asked(BEGIN);
        assertThat(Task.after(operation(begin))).hasValue(new Task.Rotate(Purpose.APPLICATION, false));
        runAll();
        OperationId finish = asked(FINISH);
        assertThat(operation(finish).kind()).isEqualTo("rotate-application-finish");
        assertThat(Task.after(operation(finish))).hasValue(new Task.Rotate(Purpose.APPLICATION, true));
    }

    private static Request.Apply systemd() {
        List<Map<String, String>> three = IntStream.rangeClosed(1, 3)
                .mapToObj(i -> Map.of("name", "r" + i, "address", "10.0.0.1" + i, "directory", "/base/r" + i))
                .toList();
        Map<String, Object> spec = Map.of("hosts", three, "service", "systemd");
        Map<String, Object> document = Map.of("metadata", Map.of("name", "orders"), "spec", spec);
        return new Request.Apply(new String(Codec.bytes(document), StandardCharsets.UTF_8), null, false, false);
    }

    private void provisioned() {
        OperationId made = accepted(apply("a"));
        runAll();
        assertThat(operation(made).status()).as(operation(made).reason()).isEqualTo(Status.SUCCEEDED);
    }

    private void succeeded(OperationId id) {
        runAll();
        assertThat(operation(id).status()).as(operation(id).reason()).isEqualTo(Status.SUCCEEDED);
    }

    private Problem refused(Request request) {
        orders.take(order(request), () -> done++);
        runAll();
        return ((Outcome.Refused) ledger.last(Outcome.class).result()).problem();
    }

    private void everywhere(Set<String> hashes) {
        Map<String, Set<String>> passwords = hosts.passwords("application");
        assertThat(passwords).hasSize(6);
        assertThat(passwords.values()).containsOnly(hashes);
    }

    private String shown() throws Exception {
        Outcome.Result result = take(new Request.Reveal("application", "now"));
        byte[] body = ((Outcome.Answered) result).body().getBytes(StandardCharsets.UTF_8);
        // The plain locksmith of this test seals nothing.
        return Codec.read(body, Revealed.class).sealed().text();
    }

    private String planned() {
        orders.take(order(new Request.ShowPlan()), () -> done++);
        runAll();
        return ((Outcome.Answered) ledger.last(Outcome.class).result()).body();
    }
}
