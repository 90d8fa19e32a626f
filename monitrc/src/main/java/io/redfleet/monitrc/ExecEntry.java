package io.redfleet.monitrc;

import java.util.regex.Pattern;

/**
 * What a rule of a cluster may name after {@code exec}, which is less than Monit takes: an entry of the list that each host's root
 * keeps. Whoever reads control files remarks on anything else; whoever accepts rules refuses it.
 */
public final class ExecEntry {
    /** The same on every host, so that no spec and no setting here can point anywhere else. */
    public static final String DIRECTORY = "/etc/redfleet/exec.d";

    /** In words, for whoever named something else. */
    public static final String RULE = "must be " + DIRECTORY
            + "/NAME, a program that the host's root has put there, without arguments; NAME is 1 to"
            + " 64 letters, digits, dots, dashes and underscores, and begins with a letter or a digit";

    private static final Pattern PATH = Pattern.compile(Pattern.quote(DIRECTORY) + "/[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private ExecEntry() {}

    /** Whether it is the path of what can be an entry. */
    public static boolean names(String program) {
        return PATH.matcher(program).matches();
    }
}
