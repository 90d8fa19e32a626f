package io.redfleet.adopt;

import io.redfleet.contracts.cluster.Endpoint;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Goes from one Sentinel to all that it names, and to all that those name, and writes down what runs.
 *
 * <p>It asks one node after the other, each once, and no more of them than the bounds allow: whom it asks is up to what
 * strangers answer. Nobody is asked for anything but what {@link Question} has.
 */
public final class Survey {
    /** Of one master; groups have three or five. */
    static final int MOST_SENTINELS = 32;
    /** Master and replicas of one cluster. */
    static final int MOST_NODES = 128;
    /** Clusters of one survey. */
    static final int MOST_MASTERS = 64;

    private final Peers peers;

    public Survey(Peers peers) {
        this.peers = peers;
    }

    /** What a survey came to. */
    public sealed interface Result {}

    /** A draft for each master that was meant. */
    public record Seen(List<Draft> drafts) implements Result {
        public Seen {
            drafts = List.copyOf(drafts);
        }
    }

    /** The first Sentinel answered, and there is nothing to draft; why, as a sentence. */
    public record Refused(String why) implements Result {}

    /** The first Sentinel did not answer. */
    public record Unreachable(String why) implements Result {}

    public Result look(Endpoint first, Choice choice) {
        return switch (peers.ask(first, Peers.Kind.SENTINEL, List.of(Question.MASTERS))) {
            case Peers.Away away -> new Unreachable(first + " " + away.why());
            case Peers.Said said -> chosen(first, said.answers().getFirst(), choice);
        };
    }

    private Result chosen(Endpoint first, Answer masters, Choice choice) {
        if (!masters.refused().isEmpty()) {
            return new Refused(refusal(first, Reading.plain(masters.refused())));
        }
        List<String> names = Reading.names(masters);
        if (names.isEmpty()) {
            return new Refused(first + " is a Sentinel that monitors no master");
        }
        String monitors = first + " monitors " + String.join(", ", names.subList(0, Math.min(names.size(), 20)));
        return switch (choice) {
            case Choice.TheOnlyOne one ->
                names.size() == 1
                        ? drafts(first, names)
                        : new Refused(monitors + ": name one of these " + names.size() + " masters, or ask for all");
            case Choice.Named(String wanted) ->
                names.contains(wanted)
                        ? drafts(first, List.of(wanted))
                        : new Refused(monitors + ", and no master called " + Reading.plain(wanted));
            case Choice.All all ->
                names.size() <= MOST_MASTERS
                        ? drafts(first, names)
                        : new Refused(first + " monitors " + names.size() + " masters, more than the " + MOST_MASTERS
                                + " of one survey: name one of them");
        };
    }

    private static String refusal(Endpoint first, String words) {
        if (words.startsWith("NOAUTH") || words.startsWith("WRONGPASS") || words.startsWith("NOPERM")) {
            return first + " lets us not in: " + words;
        }
        return words.contains("unknown command")
                ? first + " is no Sentinel: " + words
                : first + " refuses to be asked: " + words;
    }

    private Result drafts(Endpoint first, List<String> masters) {
        return new Seen(masters.stream()
                .map(master -> {
                    Group group = group(first, master);
                    return new Outline(group).draft(Doubts.about(group));
                })
                .toList());
    }

    private Group group(Endpoint first, String master) {
        List<Finding> early = new ArrayList<>();
        List<SentinelSeen> sentinels = distinct(sentinels(first, master, early), early);
        List<Endpoint> named = sentinels.stream()
                .flatMap(sentinel -> sentinel.names(master).stream())
                .toList();
        Set<Endpoint> addresses = new LinkedHashSet<>();
        Group.most(named).ifPresent(addresses::add);
        sentinels.forEach(sentinel -> addresses.addAll(sentinel.nodes(master)));
        if (addresses.size() > MOST_NODES) {
            early.add(Finding.warning(
                    master, "has " + addresses.size() + " data nodes; the first " + MOST_NODES + " were asked"));
        }
        List<NodeSeen> nodes = addresses.stream()
                .limit(MOST_NODES)
                .map(at -> NodeSeen.of(at, peers.ask(at, Peers.Kind.REDIS, NodeSeen.QUESTIONS)))
                .toList();
        return new Group(master, sentinels, nodes, early);
    }

    /** The first, whom it names, whom those name; in the order in which they were heard of. */
    private List<SentinelSeen> sentinels(Endpoint first, String master, List<Finding> early) {
        Map<Endpoint, SentinelSeen> asked = new LinkedHashMap<>();
        Deque<Endpoint> next = new ArrayDeque<>(List.of(first));
        while (!next.isEmpty() && asked.size() < MOST_SENTINELS) {
            Endpoint at = next.remove();
            if (!asked.containsKey(at)) {
                Peers.Heard heard = peers.ask(at, Peers.Kind.SENTINEL, SentinelSeen.questions(master));
                SentinelSeen seen = SentinelSeen.of(at, master, heard);
                asked.put(at, seen);
                next.addAll(seen.others());
            }
        }
        next.removeAll(asked.keySet());
        if (!next.isEmpty()) {
            early.add(Finding.warning(master, "has more Sentinels than the " + MOST_SENTINELS + " that were asked"));
        }
        return List.copyOf(asked.values());
    }

    /** A Sentinel that has several addresses is taken once, by the last of them: the first is what somebody typed. */
    private static List<SentinelSeen> distinct(List<SentinelSeen> asked, List<Finding> early) {
        Map<String, SentinelSeen> processes = new LinkedHashMap<>();
        for (SentinelSeen seen : asked) {
            SentinelSeen before = processes.put(seen.process(), seen);
            if (before != null) {
                early.add(Finding.note(
                        before.at(), "is known to the other Sentinels as " + seen.at() + ", which is taken"));
            }
        }
        return List.copyOf(processes.values());
    }
}
