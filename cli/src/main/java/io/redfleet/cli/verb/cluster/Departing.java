package io.redfleet.cli.verb.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** Who leaves a cluster by a file that leaves it out: nobody who is not named. */
final class Departing {
    @Option(
            names = "--remove",
            split = ",",
            paramLabel = "MEMBER",
            description =
                    "A host or an instance (r3, r3/redis-server) that the file leaves out and that is to leave the"
                            + " cluster; repeatable. Its files stay.")
    private List<String> removed = new ArrayList<>();

    @Option(
            names = "--lost",
            split = ",",
            paramLabel = "HOST",
            description = "A host that the file leaves out because its machine is lost for good; repeatable. It is"
                    + " forgotten, and nothing on it touched.")
    private List<String> lost = new ArrayList<>();

    boolean anybody() {
        return !removed.isEmpty() || !lost.isEmpty();
    }

    /** These query parameters, and those that name who leaves. */
    Map<String, String> with(Map<String, String> query) {
        Map<String, String> all = new TreeMap<>(query);
        all.put("remove", String.join(",", removed));
        all.put("lost", String.join(",", lost));
        return all;
    }
}
