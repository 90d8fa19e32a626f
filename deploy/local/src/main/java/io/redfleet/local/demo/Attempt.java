package io.redfleet.local.demo;

/** One look at something that is waited for. */
sealed interface Attempt<T> {
    /** It is there. */
    record Done<T>(T value) implements Attempt<T> {}

    /** Not there; {@code why} is shown to the person who waits. */
    record NotYet<T>(String why) implements Attempt<T> {}
}
