package io.redfleet.gateway.access;

import io.redfleet.contracts.event.Fact;

/** Where refusals go. Nothing is done after one, so none waits for the bus; what is done goes by {@link WriteAhead}. */
public interface Audit {
    /** Takes it along; never waits. Must not fail the request that it is about. */
    void tell(Fact fact);
}
