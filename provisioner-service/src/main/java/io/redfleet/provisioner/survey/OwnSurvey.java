package io.redfleet.provisioner.survey;

/**
 * What was found of an instance that somebody else built, as long as nothing of it is marked: what its configuration and its
 * process say belongs to it.
 *
 * @param refused why it cannot be taken over, by the eyes of its host; empty: nothing is in the way there
 * @param pidfile by which it runs; empty: none was found
 * @param data the directory that its process works in; empty: no process was found
 * @param log its log; empty: it keeps none in a file
 * @param asks whether a data node turns away who says no password: {@code yes} or {@code no}; empty: it was not tried, since the
 *     spec names no login, or nobody knows
 */
public record OwnSurvey(String refused, String pidfile, String data, String log, String asks) {
    /** Of an instance that Redfleet has built, or has adopted already. */
    public static final OwnSurvey NONE = new OwnSurvey("", "", "", "");

    /** Where nobody logs in. */
    public OwnSurvey(String refused, String pidfile, String data, String log) {
        this(refused, pidfile, data, log, "");
    }
}
