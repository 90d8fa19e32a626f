package io.redfleet.alert.incident;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.Endpoint;

/**
 * One thing that is wrong, and on what.
 *
 * @param on an instance id, a host, a kind of operation, a label, an address; empty for the cluster as a whole
 */
public record Trouble(TroubleKind kind, String on) {
    public static Trouble of(TroubleKind kind) {
        return new Trouble(kind, "");
    }

    /** An address that is another cluster's, too: each of its own, for each ends by itself. */
    static Trouble conflict(Endpoint endpoint, ClusterName other) {
        return new Trouble(TroubleKind.CONFLICT, endpoint + " " + other);
    }

    /** As it stands in {@code cause}: {@code masterDown}, {@code instanceDown r2/redis-server}. */
    public String words() {
        return on.isEmpty() ? kind.word() : kind.word() + " " + on;
    }

    /** The opposite of {@link #words()}. */
    public static Trouble ofWords(String words) {
        int space = words.indexOf(' ');
        return space < 0
                ? of(TroubleKind.ofWord(words))
                : new Trouble(TroubleKind.ofWord(words.substring(0, space)), words.substring(space + 1));
    }

    /** The instance this is about, without the rule of a check; the host for a host; empty for the cluster. */
    String place() {
        int space = on.indexOf(' ');
        return space < 0 ? on : on.substring(0, space);
    }

    /** The host this is about, if it is about one. */
    String host() {
        int slash = place().indexOf('/');
        return slash < 0 ? place() : place().substring(0, slash);
    }

    @Override
    public String toString() {
        return words();
    }
}
