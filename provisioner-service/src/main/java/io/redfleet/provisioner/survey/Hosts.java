package io.redfleet.provisioner.survey;

import java.util.ArrayList;
import java.util.List;

/**
 * What the hands can do on a host. Calls block until the reply or the deadline, whichever is first, and never throw for
 * what can go wrong on the way: that is a {@link Reply.Failed}. Safe for concurrent use, also for the same host.
 */
public interface Hosts extends KeyBook {

    /** Runs a script. Its end is a {@link Reply.Done}, whatever its exit status. */
    Reply run(HostAccess access, Script script);

    /**
     * Runs scripts as one and the same user, one after the other, each only where the one before has ended with status 0; where
     * the way to the host allows it, in one session. None of them may read standard input.
     *
     * @param scripts at least one
     * @return their replies in order, the last of which may be one that is not of status 0: what has no reply was not run. Where
     *     the way was lost and nobody knows how far they came, that is the reply of each that was not heard of by then
     */
    default List<Reply> runAll(HostAccess access, List<Script> scripts) {
        List<Reply> replies = new ArrayList<>();
        for (Script script : scripts) {
            Reply reply = run(access, script);
            replies.add(reply);
            if (!(reply instanceof Reply.Done done && done.ok())) {
                break;
            }
        }
        return replies;
    }

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
