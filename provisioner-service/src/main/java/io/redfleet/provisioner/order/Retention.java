package io.redfleet.provisioner.order;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.provisioner.apply.Ledger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Ends the records of operations that are over and older than the newest {@link Line#KEPT} of their cluster. */
final class Retention {
    /** One ends for each that is added; the others shorten what an earlier owner left. */
    private static final int AT_AN_END = 5;
    /** After a replay, for all clusters of the partition: at 10 ms a record, about 10 s beside the other work. */
    private static final int AT_AN_OPENING = 1_000;

    private final DeskParts parts;

    Retention(DeskParts parts) {
        this.parts = parts;
    }

    void ended(ClusterName cluster, Line line) {
        forgetAll(Map.of(cluster, line.surplus(AT_AN_END)));
    }

    /** Does not hold up the orders that wait for the replay. What is left over is found at the next one. */
    void opened(Map<ClusterName, Line> lines) {
        Map<ClusterName, List<OperationId>> surplus = new HashMap<>();
        int left = AT_AN_OPENING;
        for (Map.Entry<ClusterName, Line> line : lines.entrySet()) {
            List<OperationId> taken = line.getValue().surplus(left);
            left -= taken.size();
            if (!taken.isEmpty()) {
                surplus.put(line.getKey(), taken);
            }
        }
        if (!surplus.isEmpty()) {
            parts.operations().execute(() -> forgetAll(surplus));
        }
    }

    private void forgetAll(Map<ClusterName, List<OperationId>> surplus) {
        try {
            surplus.forEach(this::forget);
        } catch (Ledger.Lost lost) {
            // The next owner finds them.
            return;
        } catch (RuntimeException thrown) {
            parts.faults().found("ending the records of old operations", thrown);
        }
    }

    private void forget(ClusterName cluster, List<OperationId> operations) {
        operations.forEach(operation -> parts.ledger().forgetOperation(cluster, operation));
    }
}
