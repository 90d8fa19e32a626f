package io.redfleet.gateway.live;

/** What a listener is sent next. */
public sealed interface Frame {
    /** The place to come back to. */
    Vector at();

    record Event(Vector at, Happening happening) implements Frame {}

    /** Nothing has happened for a while: a sign of life, and how far the listener has come meanwhile. */
    record Heartbeat(Vector at) implements Frame {}

    /** It is over. */
    record End(Vector at, String reason) implements Frame {}
}
