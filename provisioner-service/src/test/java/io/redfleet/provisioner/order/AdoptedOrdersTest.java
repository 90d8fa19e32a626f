package io.redfleet.provisioner.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.bus.codec.Codec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Request;
import io.redfleet.contracts.wire.Violation;
import io.redfleet.provisioner.desired.OwnSpecs;
import io.redfleet.provisioner.plan.Fate;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Orders for a cluster that was adopted. */
class AdoptedOrdersTest extends DeskGround {
    @BeforeEach
    void itStands() {
        desk = desk(ledger);
        desk.replayed(new ClusterState(
                ClusterState.SCHEMA, new ClusterUid("u1"), 2, Phase.READY, "", now, OwnSpecs.spec("full"), 2L));
        desk.open();
        orders = new Orders(desk);
    }

    @Test
    void itsEndKeepsItsDataWhateverIsAsked() {
        for (Request request : List.of(new Request.Delete("orders", false), new Request.DeleteArchived("orders"))) {
            Problem problem = ((Outcome.Refused) take(request)).problem();
            assertThat(problem.status()).as("%s", request).isEqualTo(422);
            assertThat(problem.errors()).extracting(Violation::field).containsExactly("keepData");
        }
        assertThat(take(new Request.Delete("orders", true))).isInstanceOf(Outcome.Accepted.class);
    }

    @Test
    void itIsNotGivenAwayAndWhereItLiesIsForItsLife() {
        Request observe = new Request.Apply(text("observe"), null, false, false);
        assertThat(((Outcome.Refused) take(observe)).problem().errors())
                .singleElement()
                .satisfies(broken -> assertThat(broken.field()).isEqualTo("spec.manage"));
        String elsewhere = text("full").replace("/srv/orders/redis.conf", "/srv/other/redis.conf");
        assertThat(((Outcome.Refused) take(new Request.Apply(elsewhere, null, false, false)))
                        .problem()
                        .errors())
                .hasSize(3)
                .allSatisfy(broken -> assertThat(broken.field()).endsWith(".at"));
    }

    @Test
    void whatItsEndSaysIsThatItRunsOn() {
        for (Fate fate : Fate.values()) {
            assertThat(Removal.done(OwnSpecs.spec("full"), fate).reason())
                    .as("%s", fate)
                    .startsWith("let go; everything runs on");
        }
    }

    private static String text(String manage) {
        return new String(Codec.bytes(OwnSpecs.document(manage)), StandardCharsets.UTF_8);
    }
}
