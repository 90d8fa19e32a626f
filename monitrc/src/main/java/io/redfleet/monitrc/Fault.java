package io.redfleet.monitrc;

/**
 * Why a control file is not taken.
 *
 * @param line from 1
 * @param column from 1
 * @param what names the word and the rule it breaks
 * @param instead what to write or use; empty where there is nothing to say
 */
public record Fault(int line, int column, String what, String instead) {
    /** {@code line:column: what; instead}. */
    @Override
    public String toString() {
        return line + ":" + column + ": " + what + (instead.isEmpty() ? "" : "; " + instead);
    }
}
