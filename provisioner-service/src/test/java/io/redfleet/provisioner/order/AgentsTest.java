package io.redfleet.provisioner.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.bus.codec.Codec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.MonitAgents;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Request;
import io.redfleet.provisioner.secret.PlainLocksmith;
import io.redfleet.provisioner.secret.Vault;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the collector is told of the Monits on a cluster's hosts, and when. */
class AgentsTest extends DeskGround {
    @BeforeEach
    void aCollector() {
        collector(Optional.of("http://gateway:8474"));
    }

    @Test
    void theCollectorKnowsItBeforeAHostDoesAndOnlyItsHash() {
        accepted(agent("on"));
        List<Object> records = ledger.all(Object.class);
        ClusterState first = ledger.all(ClusterState.class).getFirst();
        assertThat(records.indexOf(first))
                .isLessThan(records.indexOf(ledger.all(OperationState.class).getFirst()));
        MonitAgents agents = agents(first);
        assertThat(agents.since()).isEqualTo(1);
        assertThat(agents.verifiers()).containsExactlyElementsOf(verifiers(first));
        assertThat(hosts.changes()).isEmpty();

        runAll();
        assertThat(cluster().phase()).isEqualTo(Phase.READY);
        assertThat(hosts.agents()).hasSize(3);
        assertThat(agents(cluster())).isEqualTo(agents);
    }

    @Test
    void itKnowsItUntilItIsGoneFromTheHostsAndTheNextOneHasAnotherSecret() {
        accepted(agent("on"));
        runAll();
        MonitAgents former = agents(cluster());
        accepted(agent("off"));
        assertThat(agents(cluster())).as("it still has to say that it stops").isEqualTo(former);
        runAll();
        assertThat(hosts.agents()).isEmpty();
        assertThat(cluster().agents()).isNull();

        accepted(agent("on"));
        assertThat(agents(cluster()).since()).isEqualTo(3);
        assertThat(agents(cluster()).verifiers()).doesNotContainAnyElementsOf(former.verifiers());
    }

    @Test
    void whatCouldNotBeEndedIsStillKnown() {
        accepted(agent("on"));
        runAll();
        broken = script -> script.name().equals("unagent");
        accepted(agent("off"));
        runAll();
        assertThat(cluster().phase()).isEqualTo(Phase.FAILED);
        assertThat(cluster().agents()).isNotNull();
        broken = script -> false;
        accepted(agent("off"));
        runAll();
        assertThat(cluster().agents()).isNull();
    }

    @Test
    void aSpecThatChangesSomethingElseLeavesTheSecretAsItIs() {
        accepted(agent("on"));
        runAll();
        MonitAgents before = agents(cluster());
        accepted(document(Map.of("hosts", hosts(), "monit", Map.of("agent", "on"), "watch", Map.of("cycle", "7s"))));
        runAll();
        assertThat(cluster().revision()).isEqualTo(2);
        assertThat(agents(cluster())).isEqualTo(before);
    }

    @Test
    void aHostThatIsOnlyTriedOutIsPlannedLikeTheOthers() {
        accepted(agent("on"));
        runAll();
        List<Map<String, String>> four = new ArrayList<>(hosts());
        four.add(Map.of("name", "r4", "address", "10.0.0.14"));
        Request.Apply more = document(Map.of("hosts", four, "monit", Map.of("agent", "on")));
        orders.take(order(new Request.Apply(more.document(), null, false, true)), () -> done++);
        runAll();
        String plan = ((Outcome.Answered) ledger.last(Outcome.class).result()).body();
        assertThat(plan).contains("r4/monit/agent", "http://r4:***@gateway:8474/collector");
        assertThat(agents(cluster()).verifiers()).hasSize(3);
    }

    @Test
    void whereNobodyKnowsTheCollectorTheSpecIsRefused() {
        collector(Optional.empty());
        Problem problem = ((Outcome.Refused) take(agent("on"))).problem();
        assertThat(problem.status()).isEqualTo(422);
        assertThat(problem.errors()).singleElement().satisfies(broken -> {
            assertThat(broken.field()).isEqualTo("spec.monit.agent");
            assertThat(broken.rule()).contains("REDFLEET_COLLECTOR_URL");
        });
        assertThat(ledger.all(ClusterState.class)).isEmpty();
    }

    @Test
    void aRemovalEndsIt() {
        accepted(agent("on"));
        runAll();
        accepted(new Request.Delete("orders", true));
        runAll();
        assertThat(hosts.agents()).isEmpty();
        assertThat(desk.cluster(ORDERS)).isEmpty();
    }

    private void collector(Optional<String> known) {
        vault = new Vault(new PlainLocksmith(), known);
        desk = desk(ledger);
        orders = new Orders(desk);
    }

    private static MonitAgents agents(ClusterState cluster) {
        return Objects.requireNonNull(cluster.agents());
    }

    private List<MonitAgents.Verifier> verifiers(ClusterState cluster) {
        return IntStream.rangeClosed(1, 3)
                .mapToObj(i -> new HostName("r" + i))
                .map(host -> new MonitAgents.Verifier(
                        host, vault.accounts(cluster).agents().of(host).report().hash()))
                .toList();
    }

    private static Request.Apply agent(String word) {
        return document(Map.of("hosts", hosts(), "monit", Map.of("agent", word)));
    }

    private static Request.Apply document(Map<String, Object> spec) {
        Map<String, Object> document = Map.of("metadata", Map.of("name", "orders"), "spec", spec);
        return new Request.Apply(new String(Codec.bytes(document), StandardCharsets.UTF_8), null, false, false);
    }

    private static List<Map<String, String>> hosts() {
        return IntStream.rangeClosed(1, 3)
                .mapToObj(i -> Map.of("name", "r" + i, "address", "10.0.0.1" + i))
                .toList();
    }
}
