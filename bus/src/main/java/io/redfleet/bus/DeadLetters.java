package io.redfleet.bus;

import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.wire.DeadLetter;
import java.time.InstantSource;

/**
 * What one reader writes about a record that it passes over. The key follows from the record's place and the reader, so that
 * the same record read again, by the next start or the next owner, replaces its letter and adds none.
 */
public final class DeadLetters {
    /**
     * A reason may quote what a record holds, and a key may be whatever somebody wrote: the beginning is enough to find it
     * by, and the letter itself is one that the broker takes.
     */
    private static final int TEXT_MAX = 500;

    private final String reader;
    private final InstantSource clock;

    /** @param reader the service instance, as {@code monitor-0} */
    public DeadLetters(String reader, InstantSource clock) {
        this.reader = reader;
        this.clock = clock;
    }

    public DeadLetter of(BusRecord record, String why) {
        return new DeadLetter(record.position(), cut(record.key()), reader, cut(why), clock.instant());
    }

    public BusMessage letter(BusRecord record, String why) {
        return message(of(record, why));
    }

    private static String cut(String text) {
        return text.length() > TEXT_MAX ? text.substring(0, TEXT_MAX) : text;
    }

    public static BusMessage message(DeadLetter letter) {
        return BusMessage.of(Topic.DEADLETTERS, letter.topicKey(), letter);
    }
}
