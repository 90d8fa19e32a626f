package io.redfleet.adopt;

import io.redfleet.contracts.cluster.Endpoint;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * One data node, as it answered.
 *
 * @param trouble why nothing is known of it, as the end of a sentence; empty: it answered
 */
record NodeSeen(
        Endpoint at, String trouble, boolean guarded, Map<String, String> server, Map<String, String> replication) {
    static final List<Question> QUESTIONS = List.of(Question.SERVER, Question.REPLICATION);

    /** INFO lists no more attached replicas than fit the survey. */
    private static final int MOST_ATTACHED = 128;

    NodeSeen {
        server = Map.copyOf(server);
        replication = Map.copyOf(replication);
    }

    /** @param heard the answers to {@link #QUESTIONS} */
    static NodeSeen of(Endpoint at, Peers.Heard heard) {
        return switch (heard) {
            case Peers.Away away -> new NodeSeen(at, away.why(), false, Map.of(), Map.of());
            case Peers.Said said -> {
                Answer replication = said.answers().get(1);
                String trouble = replication.refused().isEmpty()
                        ? ""
                        : "refuses to be asked: " + Reading.plain(replication.refused());
                yield new NodeSeen(
                        at, trouble, said.guarded(), Reading.info(said.answers().get(0)), Reading.info(replication));
            }
        };
    }

    boolean answered() {
        return trouble.isEmpty();
    }

    boolean isMaster() {
        return "master".equals(replication.get("role"));
    }

    boolean linked() {
        return "up".equals(replication.get("master_link_status"));
    }

    /** Whom a replica follows. */
    Optional<Endpoint> follows() {
        return Reading.endpoint(replication, "master_host", "master_port");
    }

    /** Who is attached to it, at the addresses that they announce. */
    List<Endpoint> attached() {
        return IntStream.range(0, MOST_ATTACHED)
                .mapToObj(i -> replication.getOrDefault("slave" + i, ""))
                .filter(line -> !line.isEmpty())
                .flatMap(line -> Reading.endpoint(part(line, "ip"), part(line, "port")).stream())
                .toList();
    }

    /** As its engine counts: Valkey says the version of a Redis beside its own, which it is compatible with. */
    String version() {
        return server.getOrDefault("valkey_version", server.getOrDefault("redis_version", ""));
    }

    /** What is the same for two addresses of one process, and for nothing else. */
    String process() {
        String run = server.getOrDefault("run_id", "");
        return run.isEmpty() ? at.toString() : run;
    }

    /** Of {@code ip=10.0.0.1,port=6379,state=online}. */
    private static String part(String line, String name) {
        for (String pair : line.split(",", -1)) {
            if (pair.startsWith(name + "=")) {
                return pair.substring(name.length() + 1);
            }
        }
        return "";
    }
}
