package io.redfleet.contracts.event;

import java.time.Instant;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An event in its envelope.
 *
 * @param id the same for the same fact, whoever tells it and however often: for one id the first record counts
 * @param at the moment of the fact, as well as its writer knows it
 */
public record Fact(String id, Instant at, About about, Event event) {

    /**
     * An id made of what identifies the fact: never of a clock or of chance.
     *
     * @param parts as uid, subject, flip counter or epoch, kind; none may be blank or hold a colon run of its own
     */
    public static String id(Object... parts) {
        return Stream.of(parts).map(String::valueOf).collect(Collectors.joining(":"));
    }
}
