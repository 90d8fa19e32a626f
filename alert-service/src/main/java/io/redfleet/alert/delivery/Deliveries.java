package io.redfleet.alert.delivery;

import io.redfleet.alert.notice.Notice;
import io.redfleet.alert.route.ReceiverName;
import io.redfleet.contracts.alert.IncidentId;
import java.util.List;
import java.util.Set;

/** Deliveries still to be made and made, within one unit of work. */
public interface Deliveries {
    /**
     * Queues one; a repeat of the same notice for the same receiver changes nothing.
     *
     * @param eventIds the events whose story the notice tells
     */
    void queue(Notice notice, ReceiverName receiver, List<String> eventIds);

    /** Who was sent, or is to be sent, a notice of this incident. */
    Set<ReceiverName> receiversOf(IncidentId incident);

    /** Whether a notice of this incident is still to be taken by it. */
    boolean onItsWay(IncidentId incident, ReceiverName receiver);

    void settle(Delivery delivery, Outlook outlook);
}
