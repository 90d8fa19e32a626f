package io.redfleet.gateway.board;

import java.util.List;

/** How many instances are in which state, as {@code monit report} counts them. */
public record Report(int up, int down, int initialising, int unmonitored, int total) {
    public static Report of(List<StatusLine> lines) {
        int up = 0;
        int initialising = 0;
        int unmonitored = 0;
        for (StatusLine line : lines) {
            switch (line.status()) {
                // As Monit counts what has no error.
                case StatusLine.OK, StatusLine.WAITING -> up++;
                case StatusLine.INITIALIZING -> initialising++;
                case StatusLine.NOT_MONITORED -> unmonitored++;
                default -> {
                    // Whatever else it says is what failed.
                }
            }
        }
        int down = lines.size() - up - initialising - unmonitored;
        return new Report(up, down, initialising, unmonitored, lines.size());
    }
}
