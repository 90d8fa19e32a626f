package io.redfleet.e2e;

import io.redfleet.testkit.RedisCall;
import io.redfleet.testkit.RedisNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Hears every command that a data node gets, by {@code MONITOR}, and by whom it was sent. */
final class Ear {
    private static final Duration WITHIN = Duration.ofSeconds(20);
    private static final Pattern MONITORED = Pattern.compile("^\\d+\\.\\d+ \\[\\d+ ([^\\]]+)\\] (.*)$");
    /** What only a Sentinel or a replica says; such a one may also connect anew. */
    private static final Pattern OF_THE_CLUSTER =
            Pattern.compile("(?i)\"REPLCONF\".*|\"PSYNC\".*|\"PUBLISH\" \"__sentinel__.*|.*\"SETNAME\" \"sentinel-.*");

    private final RedisNode node;
    private final RedisCall call;

    /** Begins to listen. */
    Ear(RedisNode node) throws IOException {
        this.node = node;
        this.call = RedisCall.open(node.host(), node.port(), WITHIN);
        if (!"OK".equals(call.call("MONITOR"))) {
            throw new AssertionError(node.address() + " lets nobody listen");
        }
    }

    /** All that was said until now by whoever belongs not to the cluster, in its order; listens no longer. */
    List<String> strangersSaid() throws IOException {
        String end = "end of " + node.port();
        node.say("ECHO", end);
        Map<String, List<String>> said = new LinkedHashMap<>();
        while (true) {
            Matcher line = MONITORED.matcher(String.valueOf(call.receive()));
            if (!line.matches()) {
                throw new AssertionError("not a line of MONITOR: " + line);
            }
            if (line.group(2).contains(end)) {
                call.close();
                return strangers(said);
            }
            said.computeIfAbsent(line.group(1), from -> new ArrayList<>()).add(line.group(2));
        }
    }

    private static List<String> strangers(Map<String, List<String>> said) {
        return said.values().stream()
                .filter(words -> words.stream()
                        .noneMatch(word -> OF_THE_CLUSTER.matcher(word).matches()))
                .flatMap(List::stream)
                .toList();
    }
}
