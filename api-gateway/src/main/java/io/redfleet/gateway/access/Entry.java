package io.redfleet.gateway.access;

/** What the door says to a request. */
public sealed interface Entry {
    /** Come in. */
    record Granted(Caller caller) implements Entry {}

    /** 401: no token, or none that is known and live; the reason never says which of the two. */
    record Unknown(String reason, Offer offer) implements Entry {}

    /** What a stranger came with. */
    enum Offer {
        NOTHING,
        /** A text that opens nothing and never did. */
        GUESS,
        /** A token that did open, until it was revoked or its time was over: forgotten somewhere, but no guess. */
        ENDED
    }

    /** 403: known, but the role does not reach. */
    record Forbidden(Caller caller, String reason) implements Entry {}
}
