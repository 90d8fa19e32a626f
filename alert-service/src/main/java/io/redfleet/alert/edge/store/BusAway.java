package io.redfleet.alert.edge.store;

/** The broker did not answer in time, or is not set up; what was to be sent may or may not be there. Try again. */
public final class BusAway extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BusAway(String reason) {
        super(reason);
    }

    public BusAway(String reason, Throwable cause) {
        super(reason, cause);
    }
}
