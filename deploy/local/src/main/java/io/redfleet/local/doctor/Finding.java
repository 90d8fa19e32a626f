package io.redfleet.local.doctor;

/**
 * One thing that was looked at.
 *
 * @param area as {@code machine}, {@code parts}, {@code bus}
 * @param says what was seen, for a person
 * @param advice what to do; empty when there is nothing to do
 */
public record Finding(String area, String subject, State state, String says, String advice) {
    /** How it stands. */
    public enum State {
        WELL,
        WRONG,
        /** It could not be looked at: another finding, or the words, say why. */
        UNSEEN
    }

    public Finding {
        // What comes from hosts and brokers must not steer the terminal.
        says = says.replaceAll("\\p{Cntrl}+", " ");
    }

    public static Finding well(String area, String subject, String says) {
        return new Finding(area, subject, State.WELL, says, "");
    }

    public static Finding wrong(String area, String subject, String says, String advice) {
        return new Finding(area, subject, State.WRONG, says, advice);
    }

    public static Finding unseen(String area, String subject, String says) {
        return new Finding(area, subject, State.UNSEEN, says, "");
    }
}
