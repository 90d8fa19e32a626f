package io.redfleet.alert.notice;

import io.redfleet.contracts.alert.Incident;
import io.redfleet.contracts.alert.IncidentId;
import java.time.Instant;

/** What was told, and what has to be decided again later, within one unit of work. */
public interface NoticeLog {
    Told told(IncidentId id);

    void keep(IncidentId id, Told told, Instant at);

    /** How many other incidents of the same cluster and cause people were told of since then. */
    int toldOfSameSince(Incident incident, Instant since);

    /** To be decided again then; replaces an earlier time. */
    void decideAt(IncidentId id, Instant when);

    /** Nothing left to decide until something happens. */
    void decided(IncidentId id);
}
