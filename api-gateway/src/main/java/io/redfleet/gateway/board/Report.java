package io.redfleet.gateway.board;

import java.util.List;
import java.util.stream.Stream;

/**
 * How many instances, and checks of hosts, are in which state, as {@code monit report} counts them.
 *
 * @param initialising also what waits: nobody knows that it is up
 */
public record Report(int up, int down, int initialising, int unmonitored, int total) {
    public static Report of(Services services) {
        List<String> words = Stream.concat(
                        services.items().stream().map(StatusLine::status),
                        services.hosts().stream().map(Report::known))
                .toList();
        int up = 0;
        int initialising = 0;
        int unmonitored = 0;
        for (String word : words) {
            switch (word) {
                // As Monit counts what has no error.
                case StatusLine.OK, StatusLine.WAITING -> up++;
                case StatusLine.INITIALIZING -> initialising++;
                case StatusLine.NOT_MONITORED -> unmonitored++;
                default -> {
                    // Whatever else it says is what failed.
                }
            }
        }
        int down = words.size() - up - initialising - unmonitored;
        return new Report(up, down, initialising, unmonitored, words.size());
    }

    /** A host's check that waits is one of which nobody knows how it is now; an instance's that does answers. */
    private static String known(HostLine line) {
        return line.status().equals(StatusLine.WAITING) ? StatusLine.INITIALIZING : line.status();
    }
}
