package io.redfleet.contracts.cluster;

import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where an instance lies that somebody else built. Its pidfile, log and data are where its configuration says.
 *
 * @param config its configuration file, by the absolute path that it was started with
 * @param unit the service of systemd by which its builder runs it; null: none does, as in records of before
 */
public record OwnPlace(String config, @Nullable String unit) {
    /** What a path has to be, for a person. */
    public static final String RULE =
            "must be an absolute path of letters, digits, dots, dashes and underscores, without . and .. as parts, at"
                    + " most 255 characters";

    /** What the name of a unit has to be, for a person. */
    public static final String UNIT_RULE =
            "must be the name of a service of systemd that ends in .service: letters, digits, dots, dashes, underscores"
                    + " and colons, a letter or digit first, an instance after one @ (not the template alone), at most 250"
                    + " characters, and none of Redfleet's own (redfleet-)";

    private static final Pattern PLAIN = Pattern.compile("(/[A-Za-z0-9._-]+){1,30}");
    private static final int MOST = 255;

    /**
     * systemd takes a backslash too, where a character is escaped, and other characters first: a dash is an option to most, and an
     * underscore is another one in the name of a cgroup.
     */
    private static final Pattern UNIT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9:_.-]*(@[A-Za-z0-9:_.-]+)?\\.service");

    /** systemd takes 255, and the directory of its drop-ins, which is a name of a file, has two more. */
    private static final int MOST_OF_UNIT = 250;

    private static final String OURS = "redfleet-";

    /** Of one that is no unit's. */
    public OwnPlace(String config) {
        this(config, null);
    }

    /** Whether a path can be told to everybody who has to know it, without a character that means something more. */
    public static boolean plain(String path) {
        return path.length() <= MOST
                && PLAIN.matcher(path).matches()
                && Arrays.stream(path.split("/", -1)).noneMatch(part -> part.equals(".") || part.equals(".."));
    }

    /** Whether it is the name of a service that somebody else may have, by systemd's rules and by what names a file. */
    public static boolean isUnit(String name) {
        return name.length() <= MOST_OF_UNIT && UNIT.matcher(name).matches() && !name.startsWith(OURS);
    }
}
