package io.redfleet.adopt;

import io.redfleet.contracts.cluster.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One Sentinel, as it answered for one master.
 *
 * @param trouble why nothing is known of it, as the end of a sentence; empty: it answered
 * @param id its own; empty where it tells none
 * @param masters those that it monitors, with their settings: the first {@link Reading#MOST_ENTRIES}, and the one master
 * @param replicas of the one master
 * @param sentinels the others of the one master
 */
record SentinelSeen(
        Endpoint at,
        String trouble,
        boolean guarded,
        String id,
        Map<String, String> server,
        List<Map<String, String>> masters,
        List<Map<String, String>> replicas,
        List<Map<String, String>> sentinels) {
    SentinelSeen {
        server = Map.copyOf(server);
        masters = List.copyOf(masters);
        replicas = List.copyOf(replicas);
        sentinels = List.copyOf(sentinels);
    }

    static List<Question> questions(String master) {
        return List.of(
                Question.MASTERS, Question.ID, Question.SERVER, Question.replicas(master), Question.sentinels(master));
    }

    /** @param heard the answers to {@link #questions} of that master */
    static SentinelSeen of(Endpoint at, String master, Peers.Heard heard) {
        return switch (heard) {
            case Peers.Away away -> silent(at, away.why());
            case Peers.Said said -> {
                List<Answer> answers = said.answers();
                String refused = answers.get(0).refused();
                yield refused.isEmpty()
                        ? new SentinelSeen(
                                at,
                                "",
                                said.guarded(),
                                Reading.plain(answers.get(1).string()),
                                Reading.info(answers.get(2)),
                                Reading.masters(answers.get(0), master),
                                Reading.entries(answers.get(3)),
                                Reading.entries(answers.get(4)))
                        : silent(at, "refuses to be asked: " + Reading.plain(refused));
            }
        };
    }

    private static SentinelSeen silent(Endpoint at, String trouble) {
        return new SentinelSeen(at, trouble, false, "", Map.of(), List.of(), List.of(), List.of());
    }

    boolean answered() {
        return trouble.isEmpty();
    }

    /** Its settings of that master; empty where it does not monitor it. */
    Optional<Map<String, String>> master(String name) {
        return masters.stream().filter(one -> name.equals(one.get("name"))).findFirst();
    }

    /** Whom it names as that master. */
    Optional<Endpoint> names(String name) {
        return master(name).flatMap(fields -> Reading.endpoint(fields, "ip", "port"));
    }

    /** The master and its replicas, as far as it knows them. */
    List<Endpoint> nodes(String name) {
        List<Endpoint> nodes = new ArrayList<>(names(name).stream().toList());
        replicas.forEach(entry -> Reading.endpoint(entry, "ip", "port").ifPresent(nodes::add));
        return nodes;
    }

    List<Endpoint> others() {
        return sentinels.stream()
                .flatMap(entry -> Reading.endpoint(entry, "ip", "port").stream())
                .toList();
    }

    /** What is the same for two addresses of one process, and for nothing else. */
    String process() {
        String run = server.getOrDefault("run_id", "");
        return run.isEmpty() ? at.toString() : run;
    }
}
