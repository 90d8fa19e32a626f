package io.redfleet.gateway;

import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.wire.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;

/** A bus in memory that goes wrong at one of its writes, once. */
public final class FailingBus {
    /** What goes wrong. */
    public enum Way {
        /** The record is not taken, and the writer hears so. */
        REFUSED(false),
        /** The record is taken, and the writer does not hear of it. */
        UNHEARD(true),
        /** The writer is gone before the record is taken. */
        DEAD_BEFORE(false),
        /** The writer is gone once it is. */
        DEAD_AFTER(true);

        private final boolean taken;

        Way(boolean taken) {
            this.taken = taken;
        }

        public boolean deadly() {
            return this == DEAD_BEFORE || this == DEAD_AFTER;
        }
    }

    /** The end of the process that writes. */
    public static final class Death extends Error {
        private static final long serialVersionUID = 1L;
    }

    private final List<BusMessage> log = new ArrayList<>();
    private final int failing;
    private final Way way;
    private int writes;

    /** @param failing the write that goes wrong, from 1 on */
    public FailingBus(int failing, Way way) {
        this.failing = failing;
        this.way = way;
    }

    public CompletionStage<Position> send(BusMessage message) {
        writes++;
        boolean fails = writes == failing;
        if (!fails || way.taken) {
            log.add(message);
        }
        if (!fails) {
            return CompletableFuture.completedFuture(
                    new Position(message.topic().fullName(), 0, log.size()));
        }
        return switch (way) {
            case REFUSED -> CompletableFuture.failedFuture(new TopicAuthorizationException("no"));
            case UNHEARD -> CompletableFuture.failedFuture(new TimeoutException("no answer"));
            case DEAD_BEFORE, DEAD_AFTER -> throw new Death();
        };
    }

    /** What was taken, in order. */
    public List<BusMessage> log() {
        return List.copyOf(log);
    }

    /** The ids of all events that were taken. */
    public List<String> events() {
        return log.stream()
                .filter(message -> message.topic() == Topic.EVENTS)
                .map(message -> message.headers().getOrDefault("ce_id", ""))
                .toList();
    }

    /** The topics that were written, in order. */
    public List<Topic> topics() {
        return log.stream().map(BusMessage::topic).toList();
    }
}
