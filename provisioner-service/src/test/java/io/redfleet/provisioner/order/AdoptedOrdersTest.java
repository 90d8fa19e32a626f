package io.redfleet.provisioner.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.bus.codec.Codec;
import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Request;
import io.redfleet.contracts.wire.Violation;
import io.redfleet.provisioner.desired.OwnSpecs;
import io.redfleet.provisioner.desired.SpecReader;
import io.redfleet.provisioner.edge.kafka.JacksonDocuments;
import io.redfleet.provisioner.plan.Fate;
import io.redfleet.provisioner.reach.KeyLimits;
import io.redfleet.provisioner.reach.Range;
import io.redfleet.provisioner.reach.Reach;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

    /** To whom the password goes once it is managed. */
    @Test
    void whatItsInstancesAnnounceIsHeldAgainstThePasswordsLimitsToo() throws Exception {
        Range range = Range.of("10.0.0.0/24").orElseThrow();
        KeyLimits limits = new KeyLimits.Limited(List.of(range), Set.of(), Map.of(), false);
        for (String manage : List.of("observe", "full")) {
            String text = new String(Codec.bytes(OwnSpecs.document(manage, "orders-probe")), StandardCharsets.UTF_8);
            assertThat(Reach.judgeProbe(spec(text), name -> limits)).isEmpty();
            String announced = "$0,\"announce\":{\"ip\":\"10.9.0.1\",\"port\":7000}";
            String elsewhere = text.replaceFirst("\"role\":\"redis\"", announced);
            assertThat(elsewhere).isNotEqualTo(text);
            assertThat(Reach.judgeProbe(spec(elsewhere), name -> limits))
                    .as(manage)
                    .extracting(Violation::field)
                    .isEqualTo(manage.equals("full") ? List.of("spec.hosts[0].instances[0].announce") : List.of());
        }
    }

    private static ClusterSpec spec(String text) throws Documents.NotJson {
        SpecReader.Reading reading = SpecReader.read(new JacksonDocuments().parse(text));
        assertThat(reading).isInstanceOf(SpecReader.Good.class);
        return ((SpecReader.Good) reading).spec();
    }

    private static String text(String manage) {
        return new String(Codec.bytes(OwnSpecs.document(manage)), StandardCharsets.UTF_8);
    }
}
