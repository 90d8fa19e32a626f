package io.redfleet.monitrc;

/** What a check is about. */
public sealed interface Target {
    /** A process whose number stands in a file. */
    record Pidfile(String path) implements Target {}

    /** The oldest process whose command line matches, those left out whose parent matches as well. */
    record Matching(String pattern) implements Target {}

    /** An address, whatever runs there. */
    record Host(String address) implements Target {}

    /** The machine itself. */
    record Machine() implements Target {}

    /** @param path of the mount point or of a file or device in it */
    record Filesystem(String path) implements Target {}

    /** A program that is run, and whose exit status is judged. */
    record Program(Command command) implements Target {}

    default boolean isProcess() {
        return this instanceof Pidfile || this instanceof Matching;
    }

    /** As an error names it. */
    default String word() {
        return switch (this) {
            case Pidfile pidfile -> "process";
            case Matching matching -> "process";
            case Host host -> "host";
            case Machine machine -> "system";
            case Filesystem filesystem -> "filesystem";
            case Program program -> "program";
        };
    }
}
