package io.redfleet.provisioner.order;

import io.redfleet.contracts.cluster.SecuritySpec;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Request;
import io.redfleet.contracts.wire.Violation;
import io.redfleet.provisioner.desired.SpecReader;
import java.util.List;

/** The document of an order to apply: JSON, a good spec, and of the cluster that the order names. */
final class Submitted {
    private Submitted() {}

    /** @param unsaid the security of a document that says nothing about it */
    static SpecReader.Reading read(Documents documents, Order order, Request.Apply apply, SecuritySpec unsaid) {
        Object tree;
        try {
            tree = documents.parse(apply.document());
        } catch (Documents.NotJson e) {
            String said = String.valueOf(e.getMessage());
            return new SpecReader.Bad(List.of(new Violation("(document)", "", "must be JSON: " + said)));
        }
        SpecReader.Reading reading = SpecReader.read(tree, unsaid);
        if (reading instanceof SpecReader.Good good && !good.spec().name().equals(order.cluster())) {
            String rule = "must be the cluster that the request names: " + order.cluster();
            return new SpecReader.Bad(
                    List.of(new Violation("metadata.name", good.spec().name().value(), rule)));
        }
        return reading;
    }
}
