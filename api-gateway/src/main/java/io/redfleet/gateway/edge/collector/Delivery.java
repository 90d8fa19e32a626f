package io.redfleet.gateway.edge.collector;

import io.redfleet.bus.BusProducer;
import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.report.HostReport;
import java.util.concurrent.CompletionStage;

/** Where reports go. */
@FunctionalInterface
public interface Delivery {
    /** Completes once the report is where it is not lost any more; exceptionally if nobody can say that it is. */
    CompletionStage<?> deliver(HostReport report);

    static Delivery over(BusProducer producer) {
        return report -> producer.send(BusMessage.of(Topic.REPORTS, report.key(), report));
    }
}
