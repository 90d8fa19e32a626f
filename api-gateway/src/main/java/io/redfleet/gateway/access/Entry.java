package io.redfleet.gateway.access;

/** What the door says to a request. */
public sealed interface Entry {
    /** Come in. */
    record Granted(Caller caller) implements Entry {}

    /** 401: no token, or none that is known and live; the reason never says which of the two. */
    record Unknown(String reason, boolean offered) implements Entry {}

    /** 403: known, but the role does not reach. */
    record Forbidden(Caller caller, String reason) implements Entry {}
}
