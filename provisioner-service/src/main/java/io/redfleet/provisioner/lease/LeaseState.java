package io.redfleet.provisioner.lease;

/** Where a lease stands. */
public sealed interface LeaseState {

    /** No answer of the host yet. */
    record Asked() implements LeaseState {}

    /**
     * Not given yet.
     *
     * @param why one sentence on who holds it, or on what is waited for
     * @param holder the line of who holds it, as {@link Holder#line} writes it; empty: nobody does any more
     */
    record Busy(String why, String holder) implements LeaseState {}

    /** The host said so for a heartbeat that is younger than the silence after which it gives the lease up. */
    record Held() implements LeaseState {}

    /** Never given, given back, or lapsed; it does not come back. */
    record Lost(String reason) implements LeaseState {}
}
