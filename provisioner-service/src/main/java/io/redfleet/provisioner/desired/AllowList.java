package io.redfleet.provisioner.desired;

import io.redfleet.monitrc.ExecEntry;

/**
 * The programs that rules may have run. Each host has its own list, which only its root can write: the files of one directory. A
 * rule names the path of one of them, as Monit wants it, and nothing beside; whether the file may be trusted is seen on the host,
 * each time. What a path has to look like is written beside the language, for whoever checks a control file without a gateway.
 */
public final class AllowList {
    public static final String DIRECTORY = ExecEntry.DIRECTORY;

    /** In words, for whoever named something else. */
    public static final String RULE = ExecEntry.RULE;

    private AllowList() {}

    /** Whether it is the path of what can be an entry. */
    public static boolean names(String program) {
        return ExecEntry.names(program);
    }
}
