package io.redfleet.contracts.access;

import java.util.Arrays;
import java.util.Optional;

/** What a generated password is for. The word is the user's name in Redis and Sentinel, and the end of the record's key. */
public enum Purpose {
    /** Reads and writes data, asks Sentinels who is master; administers nothing. */
    APPLICATION("application"),
    /** A replica to its master. */
    REPLICATION("replication"),
    /** Sentinel to Redis. */
    SENTINEL("sentinel"),
    /** Sentinel to Sentinel. */
    PEER("peer"),
    /** The monitor to Redis and Sentinel: looks, and changes nothing. */
    PROBE("probe"),
    /** Owns the one key that shows whether writes work. */
    CANARY("canary"),
    /** The provisioner: administers, and cannot touch a key. */
    ADMIN("admin");

    private final String word;

    Purpose(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }

    public static Optional<Purpose> of(String word) {
        return Arrays.stream(values())
                .filter(purpose -> purpose.word.equals(word))
                .findFirst();
    }
}
