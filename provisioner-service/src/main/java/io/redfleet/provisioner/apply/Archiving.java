package io.redfleet.provisioner.apply;

import io.redfleet.provisioner.plan.Action;
import java.time.Duration;
import java.util.List;

/** How long data takes to be archived and removed, and what the scripts are given. */
final class Archiving {
    /**
     * A hundred gigabytes read, packed at 30 MB/s, and read twice more. The scripts give up earlier where the lease lapses: nothing
     * waits as long for a host that is gone.
     */
    static final Duration PATIENCE = Duration.ofHours(2);

    /** That archive read once, at 100 MB/s, and the files unlinked. */
    private static final Duration READ = Duration.ofMinutes(30);

    /** Unlinking some gigabytes, and twice what a busy disk may take to have the directory on it. */
    private static final Duration UNLINK = Duration.ofMinutes(1);

    private Archiving() {}

    static Duration most(Action.Erase it) {
        return it.archived() ? READ : UNLINK;
    }

    static List<String> arguments(Action.Archive it) {
        return List.of(it.directory(), it.owner(), it.shelf(), it.lived() ? "lived" : "dead");
    }

    static List<String> arguments(Action.Erase it) {
        return List.of(it.directory(), it.owner(), it.archived() ? "archived" : "plain");
    }
}
