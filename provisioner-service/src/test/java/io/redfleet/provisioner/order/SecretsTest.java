package io.redfleet.provisioner.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.bus.codec.Codec;
import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.access.Revealed;
import io.redfleet.contracts.access.SealedSecret;
import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.cluster.SecuritySpec;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.OperationEvent;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Request;
import io.redfleet.contracts.wire.ServiceName;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SecretsTest extends DeskGround {
    @Test
    void everyPasswordIsOnTheBusBeforeTheClusterAndTheMonitorIsGivenWhatItProbesWith() {
        accepted(apply("a"));
        List<SealedSecret> made = ledger.all(SealedSecret.class);
        assertThat(made).extracting(SealedSecret::purpose).containsExactly(Purpose.values());
        assertThat(ledger.all(Object.class).indexOf(made.getLast()))
                .isLessThan(ledger.all(Object.class)
                        .indexOf(ledger.all(ClusterState.class).getFirst()));
        for (SealedSecret secret : made) {
            assertThat(secret.uid()).isEqualTo(cluster().uid());
            boolean watched = secret.purpose() == Purpose.PROBE || secret.purpose() == Purpose.CANARY;
            assertThat(secret.copies().keySet())
                    .as("%s", secret.purpose())
                    .isEqualTo(
                            watched
                                    ? java.util.Set.of(ServiceName.PROVISIONER, ServiceName.MONITOR)
                                    : java.util.Set.of(ServiceName.PROVISIONER));
        }
        accepted(apply("b"));
        assertThat(ledger.all(SealedSecret.class)).hasSize(Purpose.values().length);
    }

    @Test
    void noPasswordIsInAPlanAJournalOrAnEvent() {
        Request.Apply apply = apply("a");
        Outcome.Result dry = dryRun(apply);
        assertThat(((Outcome.Answered) dry).body())
                .contains("+ masterauth ***", "+ sentinel auth-pass orders ***", "user admin on #*** ");
        accepted(apply);
        runAll();
        assertThat(cluster().phase()).isEqualTo(Phase.READY);
        List<String> told = ledger.all(Object.class).stream()
                .filter(record -> !(record instanceof SealedSecret))
                .map(record -> new String(Codec.bytes(record), StandardCharsets.UTF_8))
                .toList();
        assertThat(told).hasSizeGreaterThan(40);
        for (Secret secret : vault.accounts(cluster()).passwords().values()) {
            assertThat(told).noneMatch(text -> text.contains(secret.reveal()) || text.contains(secret.hash()));
        }
    }

    @Test
    void aPasswordIsShownSealedForTheOccasionAndOnlyAfterTheAuditTrailKnows() throws Exception {
        accepted(apply("a"));
        Outcome.Result result = take(new Request.Reveal("application", "now"));
        byte[] body = ((Outcome.Answered) result).body().getBytes(StandardCharsets.UTF_8);
        Revealed revealed = Codec.read(body, Revealed.class);
        assertThat(revealed.purpose()).isEqualTo(Purpose.APPLICATION);
        assertThat(revealed.uid()).isEqualTo(cluster().uid());
        // The plain locksmith of this test puts the occasion where the nonce would be.
        assertThat(revealed.sealed().nonce()).isEqualTo("now");
        assertThat(Secret.of(revealed.sealed().text()))
                .isEqualTo(vault.accounts(cluster()).of(Purpose.APPLICATION));
        Fact fact = ledger.last(Fact.class);
        assertThat(fact.event()).isEqualTo(new OperationEvent.SecretRevealed("application"));
        assertThat(fact.about().actor()).isNotNull();
        assertThat(fact.about().reason()).contains("alice").contains("application");
        List<Object> records = ledger.all(Object.class);
        assertThat(records.indexOf(fact)).isLessThan(records.lastIndexOf(ledger.last(Outcome.class)));
    }

    @Test
    void thereIsNothingToShowOfAStrangerOrOfAClusterWithoutAccessControl() {
        accepted(apply("a"));
        assertThat(problem(new Request.Reveal("root", "now"))).isEqualTo(404);
        desk = desk(ledger);
        orders = new Orders(desk);
        Map<String, Object> open = Map.of("hosts", hosts(), "security", Map.of("acl", "off"));
        Map<String, Object> document = Map.of("metadata", Map.of("name", "orders"), "spec", open);
        int before = ledger.all(SealedSecret.class).size();
        accepted(new Request.Apply(new String(Codec.bytes(document), StandardCharsets.UTF_8), null, false, false));
        assertThat(ledger.all(SealedSecret.class)).hasSize(before);
        assertThat(problem(new Request.Reveal("application", "now"))).isEqualTo(404);

        // A document that says nothing of it changes nothing about it; one that does is refused.
        runAll();
        accepted(apply("later"));
        assertThat(cluster().spec().security()).isEqualTo(SecuritySpec.OFF);
        assertThat(ledger.all(SealedSecret.class)).hasSize(before);
        runAll();
        Map<String, Object> closed = Map.of("hosts", hosts(), "security", Map.of("acl", "generated"));
        Map<String, Object> wish = Map.of("metadata", Map.of("name", "orders"), "spec", closed);
        String text = new String(Codec.bytes(wish), StandardCharsets.UTF_8);
        assertThat(problem(new Request.Apply(text, null, false, false))).isEqualTo(422);
    }

    @Test
    void aRemovedClusterLeavesNoPassword() {
        accepted(apply("a"));
        runAll();
        accepted(new Request.Delete("orders", true));
        runAll();
        assertThat(ledger.all(Purpose.class)).containsExactly(Purpose.values());
    }

    private int problem(Request request) {
        return ((Outcome.Refused) take(request)).problem().status();
    }

    private Outcome.Result dryRun(Request.Apply apply) {
        orders.take(order(new Request.Apply(apply.document(), null, false, true)), () -> done++);
        runAll();
        return ledger.last(Outcome.class).result();
    }

    private static List<Map<String, String>> hosts() {
        return List.of(
                Map.of("name", "r1", "address", "10.0.0.11"),
                Map.of("name", "r2", "address", "10.0.0.12"),
                Map.of("name", "r3", "address", "10.0.0.13"));
    }
}
