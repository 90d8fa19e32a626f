package io.redfleet.provisioner.recipe;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.provisioner.recipe.FileDrift.Difference;
import io.redfleet.provisioner.survey.InstanceSurvey;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where the file of a Sentinel that runs says another thing of the master than the Sentinel does. It writes its file anew from
 * what it knows whenever it learns something, and at SENTINEL FLUSHCONFIG.
 */
public final class SentinelFile {
    private static final String MONITOR = "monitor";
    private static final String QUORUM = "quorum";

    /** What a Sentinel has where its file says nothing, since its first version. */
    private static final Map<String, String> DEFAULTS = Map.of(
            "down-after-milliseconds", "30000",
            "failover-timeout", "180000",
            "parallel-syncs", "1");

    private SentinelFile() {}

    /** By option, {@code monitor} being the master's address; empty where either side is not known. */
    public static Map<String, Difference> drift(ClusterSpec spec, InstanceSurvey live) {
        Map<String, Difference> drift = new TreeMap<>();
        Map<String, String> runs = new HashMap<>(live.master());
        if (!live.file().known() || !runs.containsKey("ip")) {
            return drift;
        }
        // While it works on a failover its file names the one that is to lead already.
        boolean moves = runs.getOrDefault("flags", "").contains("failover_in_progress");
        runs.put(MONITOR, runs.getOrDefault("ip", "") + " " + runs.getOrDefault("port", ""));
        Map<String, String> said = said(spec.sentinel().masterName(), live);
        for (String option :
                List.of(MONITOR, QUORUM, "down-after-milliseconds", "failover-timeout", "parallel-syncs")) {
            String has = runs.getOrDefault(option, "");
            String there = said.getOrDefault(option, DEFAULTS.getOrDefault(option, ""));
            if (!has.isEmpty() && !has.equals(there) && !(moves && option.equals(MONITOR))) {
                drift.put(option, new Difference(said.getOrDefault(option, ""), said.containsKey(option), has));
            }
        }
        return drift;
    }

    private static Map<String, String> said(String master, InstanceSurvey live) {
        Map<String, String> said = new HashMap<>();
        for (String line : live.file().lines()) {
            ConfLine read = ConfLine.of(line);
            List<String> words = read.words();
            if (!read.name().equals("sentinel")
                    || words.size() < 3
                    || !words.get(1).equals(master)) {
                continue;
            }
            if (!words.getFirst().equalsIgnoreCase(MONITOR)) {
                said.put(words.getFirst().toLowerCase(Locale.ROOT), words.get(2));
            } else if (words.size() == 5) {
                said.put(MONITOR, words.get(2) + " " + words.get(3));
                said.put(QUORUM, words.get(4));
            }
        }
        return said;
    }
}
