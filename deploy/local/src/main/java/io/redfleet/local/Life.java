package io.redfleet.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/**
 * One life of a process: its pid and a mark of when it started.
 *
 * <p>On Linux the mark is the boot id and the start in clock ticks since that boot (proc(5), stat field 22): it does not
 * move when the wall clock is set, which the start time that the JDK reports does. Elsewhere it is that time.
 *
 * @param mark empty if the process was gone before it could be read
 */
record Life(long pid, String mark) {
    private static final Path PROC = Path.of("/proc");
    private static final int FIELDS_FROM_STATE_TO_START = 19;

    static Life of(long pid) {
        return new Life(pid, markOf(pid));
    }

    /** Whether this very process runs. One that has ended and is not yet reaped does not. */
    boolean goesOn() {
        return !mark.isEmpty() && mark.equals(markOf(pid));
    }

    private static String markOf(long pid) {
        if (Files.isDirectory(PROC.resolve("self"))) {
            return linuxMark(pid);
        }
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .flatMap(process -> process.info().startInstant())
                .map(Instant::toString)
                .orElse("");
    }

    private static String linuxMark(long pid) {
        try {
            String stat = Files.readString(PROC.resolve(pid + "/stat"));
            // The name in parentheses may hold spaces and parentheses of its own.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            if (fields[0].equals("Z") || fields[0].equals("X")) {
                return "";
            }
            String boot =
                    Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip();
            return boot + "/" + fields[FIELDS_FROM_STATE_TO_START];
        } catch (IOException gone) {
            return "";
        }
    }
}
