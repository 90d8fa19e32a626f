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
                        services.hosts().stream().map(HostLine::status))
                .toList();
        int up = 0;
        int initialising = 0;
        int unmonitored = 0;
        for (String word : words) {
            switch (word) {
                case StatusLine.OK -> up++;
                case StatusLine.INITIALIZING, StatusLine.WAITING -> initialising++;
                case StatusLine.NOT_MONITORED -> unmonitored++;
                default -> {
                    // Whatever else it says is what failed.
                }
            }
        }
        int down = words.size() - up - initialising - unmonitored;
        return new Report(up, down, initialising, unmonitored, words.size());
    }
}
