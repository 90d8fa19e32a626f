package io.redfleet.alert.audit;

/** Answers questions about the past. */
public interface AuditTrail {
    AuditPage find(AuditQuery query);
}
