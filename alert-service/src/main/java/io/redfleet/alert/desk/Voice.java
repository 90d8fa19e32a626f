package io.redfleet.alert.desk;

import io.redfleet.contracts.alert.Incident;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Problem;

/** What will be said on the bus once the unit of work lasts; in the order of the calls. */
public interface Voice {
    void say(Fact fact);

    /** The incident's state as it is now. */
    void state(Incident incident, String becauseOfEvent);

    void answer(Order order, Reply reply);

    /** What became of an order. */
    sealed interface Reply {
        record Done(Incident incident) implements Reply {}

        record Refused(Problem problem) implements Reply {}
    }
}
