package io.redfleet.provisioner.survey;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.HostName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks all hosts of a cluster at once, each by one script, whom they reach, before an instance is added. One that is too slow was
 * not heard.
 */
final class WaysLook {
    /** One process takes way after way for so long; where nothing is swallowed it is over in some milliseconds. */
    private static final Duration ROW = Duration.ofSeconds(3);
    /** What is left is asked alone, so many at a time. */
    private static final int AT_ONCE = 64;
    /** Two tries of a second each. */
    private static final Duration ALONE = Duration.ofSeconds(2);
    /** The way there and back, and what processes take on a slow host. */
    private static final Duration TRAVEL = Duration.ofSeconds(5);

    private static final String WAY = "way=";
    private static final String NO_TOOL = "ways.tool=none\n";
    private static final String END = "ways.end=yes\n";

    private WaysLook() {}

    /**
     * By host; nothing where no instance is to be added, or where a host that counts is silent: that has to be mended first.
     *
     * @param before what was heard a moment ago; where it tells of all ways, nobody is asked
     */
    static Map<HostName, WaysHeard> of(
            ClusterState cluster, ClusterSurvey seen, Surveyor surveyor, Map<HostName, WaysHeard> before) {
        if (seen.unreached().keySet().stream().anyMatch(host -> !cluster.lost(host))) {
            return Map.of();
        }
        Map<HostName, List<Endpoint>> wanted = new LinkedHashMap<>();
        for (Way way : Way.all(cluster, seen)) {
            wanted.computeIfAbsent(way.from().name(), host -> new ArrayList<>())
                    .add(way.to().announce());
        }
        if (wanted.isEmpty()) {
            return Map.of();
        }
        if (wanted.entrySet().stream().allMatch(way -> tells(before.get(way.getKey()), way.getValue()))) {
            return before;
        }
        Duration limit =
                limit(wanted.values().stream().mapToInt(List::size).max().orElse(0));
        Map<HostName, Reply> replies =
                surveyor.ask(cluster.spec(), limit, host -> script(wanted.getOrDefault(host.name(), List.of()), limit));
        Map<HostName, WaysHeard> heard = new HashMap<>();
        replies.forEach((host, reply) -> heard.put(host, heard(wanted.getOrDefault(host, List.of()), reply)));
        return heard;
    }

    private static boolean tells(@Nullable WaysHeard before, List<Endpoint> wanted) {
        return before instanceof WaysHeard.Told told && told.answers().keySet().containsAll(wanted);
    }

    /** @param most ways that one host is asked for */
    static Duration limit(int most) {
        int times = (most + AT_ONCE - 1) / AT_ONCE;
        return ROW.plus(ALONE.multipliedBy(times)).plus(TRAVEL);
    }

    private static Script script(List<Endpoint> wanted, Duration limit) {
        List<String> arguments = new ArrayList<>(List.of("" + ROW.toSeconds(), "" + AT_ONCE));
        for (Endpoint endpoint : wanted) {
            arguments.add(endpoint.host());
            arguments.add("" + endpoint.port());
        }
        return Scripts.of(WaysLook.class, "ways", limit, arguments);
    }

    private static WaysHeard heard(List<Endpoint> wanted, Reply reply) {
        return switch (reply) {
            case Reply.Failed failed -> new WaysHeard.Untold(failed.reason());
            case Reply.Done done
            when !done.out().endsWith(END) ->
                new WaysHeard.Untold(
                        "the look at it was cut short: " + done.err().strip());
            case Reply.Done done when done.out().startsWith(NO_TOOL) -> new WaysHeard.Unable();
            case Reply.Done done -> new WaysHeard.Told(answers(wanted, done.out()));
        };
    }

    private static Map<Endpoint, WayAnswer> answers(List<Endpoint> wanted, String out) {
        Map<String, WayAnswer> said = new HashMap<>();
        out.lines().filter(line -> line.startsWith(WAY)).forEach(line -> {
            String[] words = line.substring(WAY.length()).split(" ", 3);
            if (words.length == 3) {
                said.put(words[0] + " " + words[1], WayAnswer.read(words[2]));
            }
        });
        WayAnswer nothing = new WayAnswer(WayAnswer.Kind.FAILED, "the host says nothing of it");
        Map<Endpoint, WayAnswer> answers = new HashMap<>();
        for (Endpoint endpoint : wanted) {
            answers.put(endpoint, said.getOrDefault(endpoint.host() + " " + endpoint.port(), nothing));
        }
        return answers;
    }
}
