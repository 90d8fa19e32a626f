package io.redfleet.provisioner.desired;

import java.util.regex.Pattern;

/**
 * The programs that rules may have run. Each host has its own list, which only its root can write: the files of one directory. A
 * rule names the path of one of them, as Monit wants it, and nothing beside; whether the file may be trusted is seen on the host,
 * each time.
 */
public final class AllowList {
    /** The same on every host, so that no spec and no setting here can point anywhere else. */
    public static final String DIRECTORY = "/etc/redfleet/exec.d";

    /** In words, for whoever named something else. */
    public static final String RULE = "must be " + DIRECTORY
            + "/NAME, a program that the host's root has put there, without arguments; NAME is 1 to"
            + " 64 letters, digits, dots, dashes and underscores, and begins with a letter or a digit";

    private static final Pattern ENTRY = Pattern.compile(Pattern.quote(DIRECTORY) + "/[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private AllowList() {}

    /** Whether it is the path of what can be an entry. */
    public static boolean names(String program) {
        return ENTRY.matcher(program).matches();
    }
}
