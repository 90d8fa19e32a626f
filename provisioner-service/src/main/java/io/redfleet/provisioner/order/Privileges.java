package io.redfleet.provisioner.order;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.provisioner.recipe.Sudoers;
import java.util.List;
import java.util.Optional;

/** What Redfleet has to be allowed on hosts, told to whoever allows it. */
final class Privileges {
    private Privileges() {}

    static void show(Desk desk, Order order, ClusterState cluster) {
        Sudoers sudoers = Sudoers.of(cluster.spec());
        Optional<String> refusal = sudoers.refusal();
        if (refusal.isPresent()) {
            desk.refuse(order, Problem.conflict(refusal.get()));
        } else {
            String shown = desk.parts().documents().write(sudoers.shown());
            desk.answer(order, new Outcome.Answered(shown), List.of());
        }
    }
}
