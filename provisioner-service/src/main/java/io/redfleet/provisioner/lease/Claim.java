package io.redfleet.provisioner.lease;

/** What came of asking for leases. */
public sealed interface Claim {

    /** All of them are held; whoever asked closes the grant. */
    record Granted(Grant grant) implements Claim {}

    /** Not in time, or not at all; nothing is held. */
    record Refused(String reason) implements Claim {}

    /** The operation was cancelled while it waited; nothing is held. */
    record Cancelled() implements Claim {}
}
