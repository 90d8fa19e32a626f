package io.redfleet.alert.incident;

/** What an event or a person did to a case. */
public sealed interface Change {
    /** A change that there is a case to. */
    sealed interface OfCase extends Change {
        /** The case as it is now. */
        Case now();
    }

    record Opened(Case now) implements OfCase {}

    /** Something broke or was mended in it, and it stays open. */
    record Updated(Case now) implements OfCase {}

    /** Its story is longer by one event; nothing else changed. */
    record Touched(Case now) implements OfCase {}

    record Acknowledged(Case now) implements OfCase {}

    record Resolved(Case now) implements OfCase {}

    /** No case is another than before. */
    record Ignored(String because) implements Change {}
}
