package io.redfleet.bench.apply;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a side has put on each host what both were asked for. No word of it has a blank or a quote.
 *
 * @param redisUsers the file that a data node reads its users from
 * @param sentinelUsers the same of a Sentinel
 * @param sysctl the file of kernel settings
 * @param hugePages the unit that sets the mode of huge pages at boot
 * @param limits the file of limits of who logs in
 * @param rotation files of logrotate
 * @param logs what those are to rotate
 * @param closed directories that are redis's and nobody else's, with all that is in them
 */
record Footing(
        String redisUnit,
        String sentinelUnit,
        String redisUsers,
        String sentinelUsers,
        String sysctl,
        String hugePages,
        String limits,
        List<String> rotation,
        List<String> logs,
        List<String> closed) {
    Footing {
        rotation = List.copyOf(rotation);
        logs = List.copyOf(logs);
        closed = List.copyOf(closed);
    }

    List<String> units() {
        return List.of(redisUnit, sentinelUnit);
    }

    /** Files of the machine's: root writes them, everybody may read them. */
    List<String> machineFiles() {
        List<String> files = new ArrayList<>(List.of(sysctl, limits));
        files.addAll(rotation);
        return List.copyOf(files);
    }
}
