package io.redfleet.provisioner.order;

import io.redfleet.contracts.operation.OperationId;
import java.time.Instant;

/** An operation's id follows from what asked for it; the rule itself is {@link OperationId#of}, which the monitor uses too. */
final class OperationIds {
    private OperationIds() {}

    static OperationId of(Instant asked, String cause) {
        return OperationId.of(asked, cause);
    }

    /** How every id of this cause ends, whenever it was asked. */
    static String suffix(String cause) {
        String any = OperationId.of(Instant.EPOCH, cause).value();
        return any.substring(any.indexOf('-'));
    }
}
