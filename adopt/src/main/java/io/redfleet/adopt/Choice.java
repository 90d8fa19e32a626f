package io.redfleet.adopt;

/** Which of a Sentinel's masters are meant. */
public sealed interface Choice {
    /** The one that it has; a Sentinel with several is asked to be told which. */
    record TheOnlyOne() implements Choice {}

    record Named(String master) implements Choice {}

    record All() implements Choice {}
}
