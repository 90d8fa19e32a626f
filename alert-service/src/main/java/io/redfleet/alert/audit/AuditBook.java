package io.redfleet.alert.audit;

/** Where entries are added, within one unit of work. */
public interface AuditBook {
    /** False, and nothing is added, if an entry of the same source and id is there: for one id the first record counts. */
    boolean recordOnce(AuditEntry entry);
}
