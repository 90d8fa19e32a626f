package io.redfleet.cli.verb.cluster;

import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** Whether a cluster that is only observed comes to be managed by a file: not unless somebody says so. */
final class TakingOver {
    @Option(
            names = "--adopt",
            description = "Take over a cluster that is observed, which the file says is managed: where it lies, and"
                    + " without a restart.")
    private boolean adopt;

    boolean said() {
        return adopt;
    }

    /** These query parameters, and whether it is taken over. */
    Map<String, String> with(Map<String, String> query) {
        Map<String, String> all = new TreeMap<>(query);
        if (adopt) {
            all.put("adopt", "true");
        }
        return all;
    }
}
