package io.redfleet.monitor.check;

import java.util.List;

/**
 * What was observed of one service for one cycle.
 *
 * @param presence of a process; unknown of anything else
 * @param results of the service's rules, by their place in {@link ServiceEntry#rules}; those of existence, of pids and of uptime
 *     are told by the presence and not looked at here
 */
public record Seen(Presence presence, List<Result> results) {
    public Seen {
        results = List.copyOf(results);
    }
}
