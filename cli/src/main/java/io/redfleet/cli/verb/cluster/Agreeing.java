package io.redfleet.cli.verb.cluster;

import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** Which restarts are agreed to by whoever applies a file: none that nobody has said. */
final class Agreeing {
    @Option(
            names = "--rolling",
            description = "Restart what runs where a difference needs it, one instance after the other.")
    private boolean rolling;

    @Option(
            names = "--outage",
            paramLabel = "INSTANCE",
            description = "With --rolling: the master, as HOST/NAME, if it may be restarted though no other can take"
                    + " its place.")
    private String outage = "";

    /** Whether something was said that only means something with more. */
    boolean incomplete() {
        return !rolling && !outage.isEmpty();
    }

    boolean anything() {
        return rolling || !outage.isEmpty();
    }

    /** These query parameters, and what is agreed to. */
    Map<String, String> with(Map<String, String> query) {
        Map<String, String> all = new TreeMap<>(query);
        if (rolling) {
            all.put("rolling", "true");
        }
        if (!outage.isEmpty()) {
            all.put("outage", outage);
        }
        return all;
    }
}
