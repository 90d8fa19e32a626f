package io.redfleet.provisioner.survey;

/** Facts that a host goes on sending over one channel. */
public interface HostFeed extends KeyBook {

    /**
     * Starts a script that does not end by itself and hands over its output line by line. Returns when the channel is
     * open or has failed; lines come on a thread of the adapter, one at a time, and {@link Listener#ended} comes last
     * and exactly once, also when opening failed.
     */
    Subscription follow(HostAccess access, Script script, Listener listener);

    /** Hears a feed. Must return quickly; it holds up the host's other channels. */
    interface Listener {
        void line(String line);

        void ended(Reply.Failed why);
    }

    /** Ends a feed; harmless when it has ended. */
    interface Subscription {
        void cancel();
    }
}
