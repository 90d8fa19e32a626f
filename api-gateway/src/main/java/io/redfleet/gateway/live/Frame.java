package io.redfleet.gateway.live;

/** What a listener is sent next. */
public sealed interface Frame {
    /** @param at the place to come back to after it */
    record Event(Vector at, Happening happening) implements Frame {}

    /** Nothing has happened for a while: a sign of life, and how far the listener has come meanwhile. */
    record Heartbeat(Vector at) implements Frame {}

    /** It is over. Names no place: what was queued is dropped, so the id that was sent last is that to come back to. */
    record End(String reason) implements Frame {}
}
