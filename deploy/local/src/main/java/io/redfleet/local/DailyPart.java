package io.redfleet.local;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The part that makes the daily backups: a shell that sleeps, so that a day costs a megabyte and not a JVM, and every hour
 * starts a program that looks whether one is due.
 */
final class DailyPart {
    static final String NAME = "backup";
    static final Duration EVERY = Duration.ofHours(1);
    private static final Duration READY_WITHIN = Duration.ofSeconds(5);

    /** $1 is the nap in seconds, the rest the program. Told to end, it takes what it waits for along. */
    private static final String LOOP = """
        nap=$1; shift
        trap 'kill "$child" 2>/dev/null; exit 0' TERM
        while :; do
          sleep "$nap" & child=$!
          wait "$child"
          "$@" & child=$!
          wait "$child"
        done
        """;

    private DailyPart() {}

    static Part of(Home home, Ports ports, Built built, Duration every) throws IOException, StartRefused {
        Path target = built.checkout().resolve("deploy/local/target");
        List<String> command = new ArrayList<>(List.of("sh", "-c", LOOP, NAME, Long.toString(every.toSeconds())));
        command.addAll(List.of(
                Built.java(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "-cp",
                target.resolve("classes") + File.pathSeparator + target.resolve("lib") + File.separator + "*",
                "io.redfleet.local.backup.DailyBackup",
                "--port-offset",
                Integer.toString(ports.offset())));
        return new Part(
                NAME,
                0,
                "TERM",
                Built.stamp(target.resolve("classes")),
                READY_WITHIN,
                () -> new Part.Launch(
                        command, Map.of("REDFLEET_HOME", home.root().toString())),
                Life::goesOn);
    }
}
