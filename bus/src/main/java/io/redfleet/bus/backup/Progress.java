package io.redfleet.bus.backup;

/** Hears how far the work has come, in lines for a person. */
@FunctionalInterface
public interface Progress {
    void said(String line);
}
