package io.redfleet.contracts.cluster;

import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * Where an instance lies that somebody else built. Its pidfile, log and data are where its configuration says.
 *
 * @param config its configuration file, by the absolute path that it was started with
 */
public record OwnPlace(String config) {
    /** What a path has to be, for a person. */
    public static final String RULE =
            "must be an absolute path of letters, digits, dots, dashes and underscores, without . and .. as parts, at"
                    + " most 255 characters";

    private static final Pattern PLAIN = Pattern.compile("(/[A-Za-z0-9._-]+){1,30}");
    private static final int MOST = 255;

    /** Whether a path can be told to everybody who has to know it, without a character that means something more. */
    public static boolean plain(String path) {
        return path.length() <= MOST
                && PLAIN.matcher(path).matches()
                && Arrays.stream(path.split("/", -1)).noneMatch(part -> part.equals(".") || part.equals(".."));
    }
}
