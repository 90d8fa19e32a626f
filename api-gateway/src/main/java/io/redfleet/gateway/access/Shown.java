package io.redfleet.gateway.access;

/** What a caller sent, fit to be shown back: short, on one line. */
public final class Shown {
    private static final int MOST = 80;

    private Shown() {}

    public static String of(String value) {
        String line = value.replaceAll("\\p{Cntrl}", "?");
        return line.length() <= MOST ? line : line.substring(0, MOST) + "...";
    }
}
