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
 */
public record Memory(long rssMib, long pssMib) {

    /** Now. */
    public static Memory of(ProcessHandle process) {
        return new Memory(mib(process, "Rss:"), mib(process, "Pss:"));
    }

    @Override
    public String toString() {
        return "RSS " + rssMib + " MiB, PSS " + pssMib + " MiB";
    }

    private static long mib(ProcessHandle process, String field) {
        return Stream.concat(Stream.of(process), process.descendants())
                        .mapToLong(each -> kib(each, field))
                        .sum()
                / 1024;
    }

    private static long kib(ProcessHandle process, String field) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + process.pid() + "/smaps_rollup"))) {
            return lines.filter(line -> line.startsWith(field))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .sum();
        } catch (IOException e) {
            return 0;
        }
    }
}
