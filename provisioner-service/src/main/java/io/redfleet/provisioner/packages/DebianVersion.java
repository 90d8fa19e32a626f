package io.redfleet.provisioner.packages;

import java.util.regex.Pattern;

/** A version as Debian writes it, {@code 5:7.0.15-1~deb12u5}: an epoch, Redis's own version, Debian's revision of it. */
final class DebianVersion {
    private static final Pattern FORM = Pattern.compile("[0-9][A-Za-z0-9.+~:-]{0,127}");

    private DebianVersion() {}

    /** Whether it is one, and so no more than one word of a command. */
    static boolean allowed(String text) {
        return FORM.matcher(text).matches();
    }

    /** Redis's own version, {@code 7.0.15}; empty: there is none in it. */
    static String release(String text) {
        String rest = text.substring(text.indexOf(':') + 1);
        int end = 0;
        while (end < rest.length() && "0123456789.".indexOf(rest.charAt(end)) >= 0) {
            end++;
        }
        return rest.substring(0, end);
    }
}
