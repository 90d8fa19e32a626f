package io.redfleet.provisioner.survey;

/** What came of one piece of work on a host. */
public sealed interface Reply {

    /**
     * The work ran to its end.
     *
     * @param out standard output, cut at the adapter's limit
     * @param err standard error, cut likewise
     */
    record Done(int exit, String out, String err) implements Reply {
        public boolean ok() {
            return exit == 0;
        }
    }

    /** The work could not be done, or nobody knows whether it was. */
    record Failed(Trouble trouble, String reason) implements Reply {}
}
