package io.redfleet.alert.delivery;

import java.time.Duration;

/** What a receiver said to one attempt. */
public sealed interface Answer {
    record Taken() implements Answer {}

    /**
     * It may work another time.
     *
     * @param notBefore how long the receiver asked to be left alone; zero if it did not say
     */
    record Again(String reason, Duration notBefore) implements Answer {
        public static Again because(String reason) {
            return new Again(reason, Duration.ZERO);
        }
    }

    /** It will not work, however often it is tried. */
    record Never(String reason) implements Answer {}
}
