package io.redfleet.provisioner.survey;

/**
 * What the hands can do on a host. Calls block until the reply or the deadline, whichever is first, and never throw for
 * what can go wrong on the way: that is a {@link Reply.Failed}. Safe for concurrent use, also for the same host.
 */
public interface Hosts extends KeyBook {

    /** Runs a script. Its end is a {@link Reply.Done}, whatever its exit status. */
    Reply run(HostAccess access, Script script);

    /**
     * As {@link #run}, by a connection that is opened for it and kept no longer: it tells whether a new one can be. Where none is
     * kept from one call to the next, it is the same.
     */
    default Reply anew(HostAccess access, Script script) {
        return run(access, script);
    }

    /** Writes a whole file or nothing: beside the target first, then renamed over it. */
    Reply put(HostAccess access, RemoteFile file);

    /** The fingerprint of the host key that is pinned for this host, or empty before the first contact. */
    String fingerprint(HostAccess access);
}
