package io.redfleet.gateway.collector;

/** Not a posting of Monit, or not one that is read; the message says where and why. */
public final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed(String message) {
        super(message);
    }
}
