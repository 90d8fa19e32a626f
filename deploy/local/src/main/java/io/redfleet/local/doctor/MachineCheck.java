package io.redfleet.local.doctor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Judges the machine and the home on it. */
public final class MachineCheck {
    private static final String AREA = "machine";
    private static final int OLDEST_JDK = 21;
    /** What {@code up} asks for; Kafka stops at a full disk and needs room to start again. */
    private static final long LEAST_FREE = 1024L * 1024 * 1024;

    private static final long MIB = 1024L * 1024;
    /** Sentinel and the monitor lose their trust in time at jumps of 2 s. */
    private static final Duration JUMP = Duration.ofSeconds(2);

    private MachineCheck() {}

    public static Finding jdk(int version) {
        return version >= OLDEST_JDK
                ? Finding.well(AREA, "jdk", "version " + version)
                : Finding.wrong(
                        AREA,
                        "jdk",
                        "version " + version + " is older than " + OLDEST_JDK,
                        "install a JDK of version " + OLDEST_JDK + " or newer and let JAVA_HOME name it");
    }

    public static Finding disk(String home, long freeBytes) {
        String says = freeBytes / MIB + " MiB are free at " + home;
        return freeBytes >= LEAST_FREE
                ? Finding.well(AREA, "disk", says)
                : Finding.wrong(
                        AREA,
                        "disk",
                        says + ", and " + LEAST_FREE / MIB + " are needed",
                        "make room there; when Kafka has run into a full disk: ./redfleet down, make room, ./redfleet"
                                + " up");
    }

    /**
     * A file or directory of the home.
     *
     * @param mode as {@code rw-------}
     * @param owner the user that owns it
     */
    public record SeenFile(String path, boolean directory, String mode, String owner) {
        boolean open() {
            return !mode.endsWith("------");
        }
    }

    /** @param user who is asking, and should own all of it */
    public static List<Finding> files(List<SeenFile> files, String user) {
        List<Finding> found = new ArrayList<>();
        for (SeenFile file : files) {
            if (file.open()) {
                found.add(Finding.wrong(
                        AREA,
                        file.path(),
                        "others may use it: mode " + file.mode(),
                        "chmod " + (file.directory() ? "700 " : "600 ") + file.path()
                                + ", and take what is in it for known to every user of this machine"));
            }
            if (!file.owner().equals(user)) {
                found.add(Finding.wrong(
                        AREA,
                        file.path(),
                        "belongs to " + file.owner() + ", not to " + user,
                        "run the stack as one user only; chown " + user + " " + file.path()));
            }
        }
        if (found.isEmpty()) {
            found.add(Finding.well(AREA, "files", files.size() + " files and directories are their owner's alone"));
        }
        return found;
    }

    /** @param path of a file that has to be there, with what it is for */
    public record NeededFile(String path, String purpose, boolean there, String advice) {}

    public static List<Finding> needed(List<NeededFile> files) {
        List<Finding> found = new ArrayList<>();
        for (NeededFile file : files) {
            found.add(
                    file.there()
                            ? Finding.well(AREA, file.path(), file.purpose())
                            : Finding.wrong(AREA, file.path(), "is missing: " + file.purpose(), file.advice()));
        }
        return found;
    }

    /**
     * A port of the stack.
     *
     * @param ours whether the part that belongs there runs
     * @param stranger who else listens there
     */
    public record SeenPort(String part, int port, boolean ours, Optional<String> stranger) {}

    public static Optional<Finding> port(SeenPort seen) {
        if (seen.ours() || seen.stranger().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(Finding.wrong(
                AREA,
                "port " + seen.port(),
                "for " + seen.part() + " is taken by " + seen.stranger().get(),
                "end that, or move Redfleet with ./redfleet up --port-offset N"));
    }

    /**
     * How far the wall clock has moved against the kernel's own since a part was started: what passed on the one, less
     * what passed on the other.
     *
     * @param part whose start was the first mark
     */
    public static Finding clock(String part, Duration moved) {
        String says = "moved by " + moved.toMillis() + " ms against the kernel's since " + part + " was started";
        return moved.abs().compareTo(JUMP) <= 0
                ? Finding.well(AREA, "clock", says)
                : Finding.wrong(
                        AREA,
                        "clock",
                        says,
                        "let an NTP service slew it; after a jump the monitor raises nothing for 30 s, and times in"
                                + " events before it are off");
    }

    /** @param synchronised empty: this machine does not tell */
    public static Finding ntp(Optional<Boolean> synchronised) {
        if (synchronised.isEmpty()) {
            return Finding.unseen(AREA, "ntp", "no time service shows its state here");
        }
        return synchronised.get()
                ? Finding.well(AREA, "ntp", "the clock is synchronised")
                : Finding.wrong(
                        AREA,
                        "ntp",
                        "the time service runs and has not synchronised the clock",
                        "see timedatectl timesync-status; the times of failovers are told by this clock");
    }
}
