package io.redfleet.gateway.access;

import io.redfleet.contracts.event.Fact;

/** Where access events go. */
public interface Audit {
    /** Takes it along; never waits. Must not fail the request that it is about. */
    void tell(Fact fact);
}
