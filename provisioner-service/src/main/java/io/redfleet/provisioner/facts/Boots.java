package io.redfleet.provisioner.facts;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Which boots of one host are told. A boot shows an id that was not shown before: two machines behind one address boot no more
 * often than one. Of a host that shows another id more than {@link #MOST} times within an hour that is told, once, and then nothing
 * until it does so less often. Forgotten with the process: whoever follows the host next counts anew.
 */
final class Boots {
    /** A machine that is mended is rebooted now and then. */
    static final int MOST = 4;

    static final Duration WITHIN = Duration.ofHours(1);

    /** Of those that were shown before; a host that shows more has reached the limit. */
    private static final int KNOWN = 2 * MOST;

    /** What is told of another id. */
    enum Telling {
        BOOT,
        /** That no more are told. */
        END,
        NOTHING
    }

    /** When it showed another id, told or not: the last ones, one more than may be told. */
    private final Deque<Instant> changes = new ArrayDeque<>();

    private final Deque<String> shown = new ArrayDeque<>();
    private boolean silent;

    /** Whether another id is worth nothing by itself. */
    boolean silent() {
        return silent;
    }

    Telling changed(String before, String now, Instant at) {
        boolean first = !shown.contains(now);
        show(before);
        show(now);
        changes.addLast(at);
        if (changes.size() > MOST + 1) {
            changes.removeFirst();
        }
        boolean often = changes.size() > MOST
                && Duration.between(changes.getFirst(), at).compareTo(WITHIN) <= 0;
        boolean ends = often && !silent;
        silent = often;
        if (ends) {
            return Telling.END;
        }
        return first && !often ? Telling.BOOT : Telling.NOTHING;
    }

    private void show(String id) {
        shown.remove(id);
        shown.addLast(id);
        if (shown.size() > KNOWN) {
            shown.removeFirst();
        }
    }
}
