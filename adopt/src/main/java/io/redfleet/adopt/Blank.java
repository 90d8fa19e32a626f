package io.redfleet.adopt;

/**
 * What no node says of itself, so that a person has to.
 *
 * @param field its place in the spec
 * @param why what belongs there
 */
public record Blank(String field, String why) {
    /** Stands in the draft where something is missing; no spec with it is accepted. */
    public static final String MARK = "?";
}
