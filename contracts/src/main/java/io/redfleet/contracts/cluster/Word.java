package io.redfleet.contracts.cluster;

/** A value that is one string on the wire: names, ids. Implementations are records of that one component. */
public interface Word {
    String value();
}
