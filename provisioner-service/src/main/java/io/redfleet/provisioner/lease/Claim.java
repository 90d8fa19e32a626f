package io.redfleet.provisioner.lease;

/** What came of asking for leases. */
public sealed interface Claim {

    /** All of them are held; whoever asked closes the grant. */
    record Granted(Grant grant) implements Claim {}

    /**
     * Not in time, or not at all; nothing is held.
     *
     * @param elsewhere whether an operation of another cluster has the host, and is not waited for
     */
    record Refused(String reason, boolean elsewhere) implements Claim {
        /** One that no other operation is to blame for, as far as is known. */
        public Refused(String reason) {
            this(reason, false);
        }
    }

    /** The operation was cancelled while it waited; nothing is held. */
    record Cancelled() implements Claim {}
}
