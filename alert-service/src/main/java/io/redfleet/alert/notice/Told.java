package io.redfleet.alert.notice;

import io.redfleet.contracts.alert.Severity;

/** What people have heard of a case so far. */
public sealed interface Told {
    /** How many notices there were. */
    int notices();

    record NotYet() implements Told {
        @Override
        public int notices() {
            return 0;
        }
    }

    /** @param severity as it was when they were told last */
    record Open(int notices, Severity severity) implements Told {}

    /** They know that it is over. */
    record Over(int notices) implements Told {}

    /** Never to be told of: the case comes from a rebuild, and was told of in an earlier life. */
    record Never(String why) implements Told {
        @Override
        public int notices() {
            return 0;
        }
    }
}
