package io.redfleet.contracts.wire;

import java.time.Instant;

/**
 * The record of the {@code deadletters} topic: something lies at this position that its reader could not read. The content
 * itself is not repeated; it may hold what must not be copied, and it still lies where it was.
 *
 * @param reader the service instance that passed it over
 */
public record DeadLetter(Position position, String key, String reader, String reason, Instant at) {
    /** The key on the topic: the same for the same record and reader, so that a repeat replaces itself. */
    public String topicKey() {
        return position.topic() + "/" + position.partition() + "/" + position.offset() + "/" + reader;
    }
}
