package io.redfleet.provisioner.lease;

/** Whether the work is still this process's to do. Thread-safe. */
public interface Standing {

    /** It is known to be another's. Answers at once. */
    boolean lost();

    /**
     * Returns once the work is known to be ours; waits while that is in doubt, as it is after this process was stopped for
     * a while.
     *
     * @throws RuntimeException if the work is another's
     */
    void certain();
}
