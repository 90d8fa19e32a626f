package io.redfleet.contracts.cluster;

/**
 * A value that is one string on the wire: names, ids. Implementations are records of that one component, with a public
 * constructor that refuses what is no such word. Ordered by their characters.
 */
public interface Word extends Comparable<Word> {
    String value();

    @Override
    default int compareTo(Word other) {
        return value().compareTo(other.value());
    }
}
