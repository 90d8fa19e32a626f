package io.redfleet.adopt;

/**
 * Something that whoever takes the cluster in has to know.
 *
 * @param subject an address, or the master's name
 * @param text one sentence for a person
 */
public record Finding(Severity severity, String subject, String text) {
    /** How much it speaks against taking the cluster in as it is; the gravest first. */
    public enum Severity {
        /** Data or a failover is at risk now. */
        CRITICAL,
        /** It is not what the Sentinels were told, or not all could be seen. */
        WARNING,
        /** To know, not to mend. */
        NOTE
    }

    static Finding critical(Object subject, String text) {
        return new Finding(Severity.CRITICAL, subject.toString(), text);
    }

    static Finding warning(Object subject, String text) {
        return new Finding(Severity.WARNING, subject.toString(), text);
    }

    static Finding note(Object subject, String text) {
        return new Finding(Severity.NOTE, subject.toString(), text);
    }
}
