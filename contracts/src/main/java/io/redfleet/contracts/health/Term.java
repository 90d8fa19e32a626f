package io.redfleet.contracts.health;

import java.util.Comparator;
import java.util.Optional;

/**
 * Whose word on a cluster counts. Each monitor that takes a cluster over begins the next term and signs what it says with
 * it; of two records the one of the higher term is true, whichever came last. Terms of one number are told apart by name.
 *
 * @param number 0 before anybody has watched the cluster
 * @param monitor the lasting name of the process whose term it is
 */
public record Term(long number, String monitor) implements Comparable<Term> {
    /** Of a record that nobody signed: written before there were terms. */
    public static final Term NONE = new Term(0, "");

    /** The header that says in whose term an event was told, as {@link #toString()} writes it; readers outside may ignore it. */
    public static final String HEADER = "redfleet-term";

    private static final Comparator<Term> ORDER =
            Comparator.comparingLong(Term::number).thenComparing(Term::monitor);

    public Term next(String successor) {
        return new Term(number + 1, successor);
    }

    /** What nobody signed is taken as it comes: it is of a release without terms. */
    public boolean outranks(Term other) {
        return !other.equals(NONE) && compareTo(other) > 0;
    }

    /** What {@link #toString()} wrote; empty for anything else. */
    public static Optional<Term> parse(String text) {
        int slash = text.indexOf('/');
        return slash > 0 && text.substring(0, slash).matches("\\d{1,18}")
                ? Optional.of(new Term(Long.parseLong(text.substring(0, slash)), text.substring(slash + 1)))
                : Optional.empty();
    }

    @Override
    public int compareTo(Term other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return number + "/" + monitor;
    }
}
