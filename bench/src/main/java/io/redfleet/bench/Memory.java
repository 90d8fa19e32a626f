package io.redfleet.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What a process and all below it hold of the machine's memory now, in MiB.
 *
 * @param rssMib resident; what they share is counted for each
 * @param pssMib proportional: what is shared with others is divided among those who share it
 * @param peakMib the most that was ever resident ({@code VmHWM}), which each may have reached at another time
 */
public record Memory(long rssMib, long pssMib, long peakMib) {

    /** Now. */
    public static Memory of(ProcessHandle process) {
        return new Memory(
                mib(process, "smaps_rollup", "Rss:"),
                mib(process, "smaps_rollup", "Pss:"),
                mib(process, "status", "VmHWM:"));
    }

    @Override
    public String toString() {
        return "RSS " + rssMib + " MiB, PSS " + pssMib + " MiB, at most " + peakMib + " MiB";
    }

    private static long mib(ProcessHandle process, String file, String field) {
        return Stream.concat(Stream.of(process), process.descendants())
                        .mapToLong(each -> kib(each, file, field))
                        .sum()
                / 1024;
    }

    private static long kib(ProcessHandle process, String file, String field) {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(process.pid()), file))) {
            return lines.filter(line -> line.startsWith(field))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .sum();
        } catch (IOException e) {
            return 0;
        }
    }
}
