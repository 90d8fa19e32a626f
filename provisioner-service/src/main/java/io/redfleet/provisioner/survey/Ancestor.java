package io.redfleet.provisioner.survey;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A directory above the one that a spec names.
 *
 * @param mode its permissions, in octal, as {@code stat} has them
 */
public record Ancestor(String path, String mode) {
    private static final Pattern LINE = Pattern.compile("([0-7]{1,5}) (/.*)");
    private static final int OTHERS_WRITE = 0002;
    private static final int STICKY = 01000;

    /** Empty for what is no mode and path. */
    static Optional<Ancestor> read(String line) {
        Matcher matcher = LINE.matcher(line);
        return matcher.matches() ? Optional.of(new Ancestor(matcher.group(2), matcher.group(1))) : Optional.empty();
    }

    /** Whether anybody on the host can put another directory in the place of one that lies in it. */
    public boolean letsAnybodySwap() {
        int bits = Integer.parseInt(mode, 8);
        return (bits & OTHERS_WRITE) != 0 && (bits & STICKY) == 0;
    }
}
