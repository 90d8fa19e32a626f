package io.redfleet.alert.edge.store;

/** The database cannot be asked now; nothing of the transaction lasts, or whether it lasts is not known. Try again. */
public final class StoreAway extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoreAway(String reason, Throwable cause) {
        super(reason, cause);
    }
}
