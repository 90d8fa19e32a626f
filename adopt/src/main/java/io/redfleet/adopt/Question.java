package io.redfleet.adopt;

import java.util.List;

/**
 * All that a survey ever sends to a node beside its password. Each of them only reads: there is no way to make another
 * one. {@code CONFIG GET} is not among them, since it gives passwords away.
 */
public final class Question {
    /** Which masters a Sentinel monitors, and with what settings. */
    public static final Question MASTERS = new Question("SENTINEL", "MASTERS");

    /** A Sentinel's own id; refused before Redis 6.2. */
    public static final Question ID = new Question("SENTINEL", "MYID");

    public static final Question SERVER = new Question("INFO", "server");
    public static final Question REPLICATION = new Question("INFO", "replication");

    private final List<String> words;

    private Question(String... words) {
        this.words = List.of(words);
    }

    public static Question replicas(String master) {
        return new Question("SENTINEL", "REPLICAS", master);
    }

    /** The other Sentinels of a master, as one of them knows them. */
    public static Question sentinels(String master) {
        return new Question("SENTINEL", "SENTINELS", master);
    }

    /** As Redis is to read them. */
    public List<String> words() {
        return words;
    }

    @Override
    public String toString() {
        return String.join(" ", words);
    }
}
