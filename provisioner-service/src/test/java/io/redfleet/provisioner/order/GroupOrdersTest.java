package io.redfleet.provisioner.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.bus.codec.Codec;
import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.event.OperationEvent;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.contracts.wire.CommandId;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Request;
import io.redfleet.provisioner.secret.Accounts;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Orders for clusters that share their Sentinels. */
class GroupOrdersTest extends DeskGround {
    private int taken;

    @Test
    void aSpecThatDoesNotGoWithAnotherMemberIsRefusedWithItsNameAndOneThatDoesIsAccepted() {
        accepted(grouped("orders", "orders"));
        Problem problem = ((Outcome.Refused) take(of("billing", grouped("billing", "orders")))).problem();
        assertThat(problem.status()).isEqualTo(422);
        assertThat(problem.errors()).singleElement().satisfies(violation -> {
            assertThat(violation.field()).isEqualTo("spec.sentinel.masterName");
            assertThat(violation.rule()).contains("cluster orders of the group ring");
        });
        assertThat(take(of("billing", grouped("billing", "billing")))).isInstanceOf(Outcome.Accepted.class);
    }

    @Test
    void noPasswordOfAMemberIsChanged() {
        accepted(grouped("orders", "orders"));
        for (String user : List.of("application", "probe", "admin", "peer")) {
            Problem problem = ((Outcome.Refused) take(new Request.RotateSecret(user, false))).problem();
            assertThat(problem.status()).isEqualTo(409);
            assertThat(problem.detail()).contains("the group ring");
        }
    }

    /** It opens the Sentinels of all; the others open the cluster's own part. */
    @Test
    void theAdminOfAMemberIsShownToNobody() {
        accepted(grouped("orders", "orders"));
        Problem problem = ((Outcome.Refused) take(new Request.Reveal("admin", "now"))).problem();
        assertThat(problem.status()).isEqualTo(409);
        assertThat(problem.detail()).contains("user admin of orders").contains("the group ring");
        assertThat(ledger.events(OperationEvent.SecretRevealed.class)).isEmpty();
        assertThat(take(new Request.Reveal("application", "now"))).isInstanceOf(Outcome.Answered.class);
    }

    @Test
    void whoeverOwnsAMemberHasTheGroupsPasswordsAndNobodyElsesClusterHas() {
        accepted(grouped("orders", "orders"));
        take(of("billing", grouped("billing", "billing")));
        List<Accounts> all = desk.clusters().stream().map(vault::accounts).toList();
        assertThat(all).hasSize(2);
        assertThat(all).extracting(each -> each.group().user()).containsOnly("group");
        assertThat(all.getFirst().group()).isEqualTo(all.getLast().group());
        assertThat(all.getFirst().of(Purpose.PEER)).isEqualTo(all.getLast().of(Purpose.PEER));
        assertThat(all.getFirst().of(Purpose.ADMIN)).isNotEqualTo(all.getLast().of(Purpose.ADMIN));
        String secret = all.getFirst().group().password().reveal();
        assertThat(all.getFirst().masked("a " + secret)).isEqualTo("a ***");
        assertThat(all.toString()).doesNotContain(secret);
    }

    private Order of(String cluster, Request.Apply apply) {
        return new Order(
                new CommandId("g" + ++taken),
                new ClusterName(cluster),
                new Actor("alice", "t1"),
                now,
                now.plusSeconds(60),
                apply);
    }

    private static Request.Apply grouped(String name, String masterName) {
        int port = name.equals("orders") ? 6379 : 6400;
        List<Map<String, String>> three = IntStream.rangeClosed(1, 3)
                .mapToObj(i -> Map.of("name", "r" + i, "address", "10.0.0.1" + i))
                .toList();
        Map<String, Object> spec = Map.of(
                "hosts", three,
                "redis", Map.of("port", port),
                "sentinel", Map.of("group", "ring", "masterName", masterName));
        Map<String, Object> document = Map.of("metadata", Map.of("name", name), "spec", spec);
        return new Request.Apply(new String(Codec.bytes(document), StandardCharsets.UTF_8), null, false, false);
    }
}
