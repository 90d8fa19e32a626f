package io.redfleet.contracts.report;

import java.time.Instant;

/**
 * One service of a host's Monit.
 *
 * @param type Monit's number for the kind of check: 0 filesystem, 3 process, 4 host, 5 system, 7 program ...
 * @param collectedAt by the host's clock
 * @param failed the ids of what is failed, in one number; 0: all is well. See {@link MonitEvent}
 * @param monitored whether Monit judges it
 * @param pid 0 if there is none
 * @param residentBytes of the process; -1 if there is none
 * @param initializing whether Monit has not judged it since it was started or told to watch it: what it says is well may not be
 * @param changed of what is failed, what is a change that was noticed: the ids in one number
 */
public record ServiceReport(
        String name,
        int type,
        Instant collectedAt,
        long failed,
        boolean monitored,
        long pid,
        long residentBytes,
        boolean initializing,
        long changed) {}
