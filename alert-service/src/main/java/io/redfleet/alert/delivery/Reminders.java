package io.redfleet.alert.delivery;

import io.redfleet.alert.notice.Reminded;
import io.redfleet.alert.route.ReceiverName;
import io.redfleet.contracts.alert.IncidentId;
import java.time.Instant;
import java.util.Optional;

/**
 * Whom to remind of what, within one unit of work: a receiver that was told of an incident that is open and acknowledged by
 * nobody.
 */
public interface Reminders {
    /** Empty if there is nothing to remind it of. */
    Optional<Reminded> of(IncidentId incident, ReceiverName receiver);

    /** A period never begins earlier than it did, and numbers never go back, whoever kept them in between. */
    void keep(IncidentId incident, ReceiverName receiver, Reminded reminded);

    /** The receiver took a notice: its period begins anew, if there is one. */
    void taken(IncidentId incident, ReceiverName receiver, Instant at);

    /** Nobody is reminded of it any more. */
    void end(IncidentId incident);
}
