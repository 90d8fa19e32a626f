package io.redfleet.provisioner.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.OperationEvent;
import io.redfleet.contracts.event.RestartEvent;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Request;
import io.redfleet.provisioner.reach.KeyLimits;
import io.redfleet.provisioner.reach.LimitsText;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What admins say of keys, on the way of an order; and that a spec which is not taken is told of. */
class ReachOrdersTest extends DeskGround {
    @Test
    void aSpecBeyondTheReachOfItsKeyIsRefusedAndToldOf() {
        keyLimits = limits("10.0.0.11, 10.0.0.12");
        Problem problem = refused(apply("a"));
        assertThat(problem.status()).isEqualTo(422);
        assertThat(problem.errors()).singleElement().satisfies(violation -> {
            assertThat(violation.field()).isEqualTo("spec.hosts[2].address");
            assertThat(violation.value()).isEqualTo("10.0.0.13");
            assertThat(violation.rule()).contains("key default reaches: 10.0.0.11, 10.0.0.12");
        });
        Fact told = ledger.last(Fact.class);
        assertThat(told.event())
                .isInstanceOfSatisfying(
                        OperationEvent.Refused.class,
                        event -> assertThat(event.errors()).isEqualTo(problem.errors()));
        assertThat(told.about().actor()).hasFieldOrPropertyWithValue("name", "alice");
        assertThat(operations).isEmpty();
        keyLimits = limits("10.0.0.8/29");
        accepted(apply("a"));
    }

    @Test
    void whatAnAdminNarrowsHoldsForWorkThatWaitsAndForWhatIsAskedLater() {
        OperationId waiting = accepted(apply("a"));
        keyLimits = limits("10.0.0.11");
        boolean[] touched = {false};
        onCall = () -> touched[0] = true;
        runAll();
        assertThat(operation(waiting).status()).isEqualTo(Status.FAILED);
        assertThat(operation(waiting).reason()).contains("10.0.0.12 is outside of what key default reaches");
        Problem problem = refused(new Request.Run(REPLICA, Request.Verb.RESTART, ""));
        assertThat(problem.status()).isEqualTo(409);
        assertThat(touched[0]).isFalse();
    }

    @Test
    void aRemediationIsWithheld() {
        accepted(apply("a"));
        runAll();
        keyLimits = limits("10.0.0.11");
        new Remedies(desk).take(remediation("m1"), () -> {});
        runAll();
        assertThat(ledger.all(Fact.class))
                .filteredOn(fact -> fact.event() instanceof RestartEvent.Withheld)
                .singleElement()
                .satisfies(fact -> assertThat(fact.event()).isEqualTo(new RestartEvent.Withheld("m1", "authority")));
    }

    @Test
    void aSpecThatConflictsIsToldOfAndOneThatIsTriedOutIsNot() {
        accepted(apply("a"));
        runAll();
        Request.Apply second = apply("b");
        Problem conflict = refused(new Request.Apply(second.document(), null, true, false));
        assertThat(conflict.status()).isEqualTo(409);
        List<Fact> told = refusals();
        assertThat(told).hasSize(1);
        assertThat(told.getFirst().about().reason()).isEqualTo(conflict.detail());
        refused(new Request.Apply(second.document(), null, true, true));
        assertThat(refusals()).hasSize(1);
    }

    private List<Fact> refusals() {
        return ledger.all(Fact.class).stream()
                .filter(fact -> fact.event() instanceof OperationEvent.Refused)
                .toList();
    }

    private Problem refused(Request request) {
        return ((Outcome.Refused) take(request)).problem();
    }

    private static KeyLimits limits(String addresses) {
        return LimitsText.read(Map.of("addresses", addresses), "f");
    }
}
