package io.redfleet.cli.verb.cluster;

import java.util.Map;
import java.util.Optional;
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

    @Option(
            names = "--until-master",
            description = "With --rolling: stop before the master. Another takes its place, and it is restarted, by the"
                    + " next --rolling without this.")
    private boolean untilMaster;

    /** Why what was said means nothing as it is; empty: it does. */
    Optional<String> objection() {
        if (!rolling && !outage.isEmpty()) {
            return Optional.of("--outage accepts a restart, and without --rolling nothing is restarted.");
        }
        if (!rolling && untilMaster) {
            return Optional.of("--until-master stops restarts, and without --rolling nothing is restarted.");
        }
        return untilMaster && !outage.isEmpty()
                ? Optional.of(
                        "--outage accepts the master's restart, and --until-master stops before it: leave one out.")
                : Optional.empty();
    }

    boolean anything() {
        return rolling || untilMaster || !outage.isEmpty();
    }

    /** These query parameters, and what is agreed to. */
    Map<String, String> with(Map<String, String> query) {
        Map<String, String> all = new TreeMap<>(query);
        if (rolling) {
            all.put("rolling", untilMaster ? "until-master" : "true");
        }
        if (!outage.isEmpty()) {
            all.put("outage", outage);
        }
        return all;
    }
}
