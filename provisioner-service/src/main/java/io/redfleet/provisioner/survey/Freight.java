package io.redfleet.provisioner.survey;

import java.util.Optional;

/**
 * Brings the provisioner's artefacts to hosts, and home what a build host made: files that are too large to be held in memory.
 * Calls block until the reply or the
 * deadline, whichever is first, and never throw for what can go wrong on the way. Safe for concurrent use.
 */
public interface Freight {
    /** Where nobody has artefacts. */
    Freight NONE = new Freight() {
        @Override
        public Weight weigh(String artefact) {
            return new Missing("there are no artefacts here, so no " + artefact);
        }

        @Override
        public Reply send(HostAccess access, Script script, Load load) {
            throw new IllegalStateException("nothing was weighed");
        }
    };

    /** The largest that is sent: several times what Redis has, and some minutes of a slow line. */
    long MOST_BYTES = 200L * 1024 * 1024;

    /** What there is under a name. */
    sealed interface Weight {}

    /**
     * An artefact.
     *
     * @param sha256 of the whole of it as it is now, in hex
     */
    record Load(String artefact, long bytes, String sha256) implements Weight {}

    /** None that could be sent, with the reason for a person. */
    record Missing(String reason) implements Weight {}

    /** Reads the whole of it, or knows what that came to, of one that has not been touched since; of a plain name only. */
    Weight weigh(String artefact);

    /** Runs a script whose standard input is the artefact, which comes in pieces as the script takes it. */
    Reply send(HostAccess access, Script script, Load load);

    /**
     * The archive that was fetched last under a name that begins so, and is still what it was then, by its weight.
     *
     * @param from the place that it has to have come from ({@link HostAccess#place()})
     */
    default Optional<Load> kept(String prefix, String from) {
        return Optional.empty();
    }

    /**
     * Runs a script whose standard output becomes an artefact: all of it, with that size and digest, or nothing. A
     * {@link Reply.Done} that is ok says that it lies there.
     */
    default Reply fetch(HostAccess access, Script script, Load wanted) {
        throw new IllegalStateException("nobody keeps artefacts here, so no " + wanted.artefact());
    }
}
