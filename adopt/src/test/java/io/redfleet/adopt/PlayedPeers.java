package io.redfleet.adopt;

import io.redfleet.contracts.cluster.Endpoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Nodes that answer what they were given to say; one that is not there refuses connections. */
final class PlayedPeers implements Peers {
    final Map<String, PlayedSentinel> sentinels = new LinkedHashMap<>();
    final Map<String, PlayedNode> nodes = new LinkedHashMap<>();
    /** Each as {@code node question}, in the order in which they were asked. */
    final List<String> asked = new ArrayList<>();

    boolean guarded;

    static final class PlayedSentinel {
        String id;
        final Map<String, String> server = new LinkedHashMap<>();
        final List<Map<String, String>> masters = new ArrayList<>();
        final List<Map<String, String>> replicas = new ArrayList<>();
        final List<Map<String, String>> others = new ArrayList<>();
        String refusal = "";

        PlayedSentinel(String id) {
            this.id = id;
        }

        Map<String, String> master() {
            return masters.getFirst();
        }
    }

    static final class PlayedNode {
        final Map<String, String> server = new LinkedHashMap<>();
        final Map<String, String> replication = new LinkedHashMap<>();
        String refusal = "";
    }

    /** Three hosts, 10.0.0.11 to 13, each with a data node and a Sentinel; the first leads. */
    static PlayedPeers healthy() {
        PlayedPeers peers = new PlayedPeers();
        for (int i = 1; i <= 3; i++) {
            PlayedSentinel sentinel = new PlayedSentinel("id" + i);
            sentinel.server.put("redis_version", "7.0.15");
            sentinel.server.put("run_id", "sentinel-run-" + i);
            sentinel.server.put("tcp_port", "26379");
            sentinel.masters.add(settings("orders", "10.0.0.11", "6379"));
            sentinel.replicas.add(entry("10.0.0.12", "6379", "slave"));
            sentinel.replicas.add(entry("10.0.0.13", "6379", "slave"));
            for (int other = 1; other <= 3; other++) {
                if (other != i) {
                    sentinel.others.add(entry("10.0.0.1" + other, "26379", "sentinel"));
                }
            }
            peers.sentinels.put("10.0.0.1" + i + ":26379", sentinel);

            PlayedNode node = new PlayedNode();
            node.server.put("redis_version", "7.0.15");
            node.server.put("run_id", "run-" + i);
            node.server.put("tcp_port", "6379");
            if (i == 1) {
                node.replication.put("role", "master");
                node.replication.put("slave0", "ip=10.0.0.12,port=6379,state=online,offset=5,lag=0");
                node.replication.put("slave1", "ip=10.0.0.13,port=6379,state=online,offset=5,lag=0");
            } else {
                node.replication.put("role", "slave");
                node.replication.put("master_host", "10.0.0.11");
                node.replication.put("master_port", "6379");
                node.replication.put("master_link_status", "up");
                node.replication.put("slave_priority", "100");
            }
            peers.nodes.put("10.0.0.1" + i + ":6379", node);
        }
        return peers;
    }

    static Map<String, String> settings(String name, String ip, String port) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("name", name);
        settings.put("ip", ip);
        settings.put("port", port);
        settings.put("flags", "master");
        settings.put("quorum", "2");
        settings.put("down-after-milliseconds", "5000");
        settings.put("failover-timeout", "60000");
        settings.put("parallel-syncs", "1");
        return settings;
    }

    static Map<String, String> entry(String ip, String port, String flags) {
        Map<String, String> entry = new LinkedHashMap<>();
        entry.put("ip", ip);
        entry.put("port", port);
        entry.put("flags", flags);
        return entry;
    }

    PlayedSentinel sentinel(int number) {
        return Objects.requireNonNull(sentinels.get("10.0.0.1" + number + ":26379"));
    }

    PlayedNode node(int number) {
        return Objects.requireNonNull(nodes.get("10.0.0.1" + number + ":6379"));
    }

    /** All that there is to say of the one cluster. */
    Draft draft() {
        Survey.Result result = new Survey(this).look(new Endpoint("10.0.0.11", 26379), new Choice.Named("orders"));
        if (result instanceof Survey.Seen seen) {
            return seen.drafts().getFirst();
        }
        throw new AssertionError("no draft: " + result);
    }

    @Override
    public Heard ask(Endpoint node, Kind kind, List<Question> questions) {
        questions.forEach(question -> asked.add(node + " " + question));
        PlayedSentinel sentinel = sentinels.get(node.toString());
        if (kind == Kind.SENTINEL && sentinel != null) {
            return said(sentinel, questions);
        }
        PlayedNode data = nodes.get(node.toString());
        return kind == Kind.REDIS && data != null ? said(data, questions) : new Away("refuses connections");
    }

    private Heard said(PlayedSentinel sentinel, List<Question> questions) {
        return new Said(
                guarded,
                questions.stream().map(question -> says(sentinel, question)).toList());
    }

    private Heard said(PlayedNode node, List<Question> questions) {
        return new Said(
                guarded,
                questions.stream().map(question -> says(node, question)).toList());
    }

    private static Answer says(PlayedSentinel sentinel, Question question) {
        if (!sentinel.refusal.isEmpty()) {
            return new Answer.Refusal(sentinel.refusal);
        }
        String words = question.toString();
        if (words.equals("SENTINEL MYID")) {
            return new Answer.Text(sentinel.id);
        }
        if (words.equals("INFO server")) {
            return info(sentinel.server);
        }
        if (words.equals("SENTINEL MASTERS")) {
            return list(sentinel.masters);
        }
        return list(words.startsWith("SENTINEL REPLICAS ") ? sentinel.replicas : sentinel.others);
    }

    private static Answer says(PlayedNode node, Question question) {
        if (!node.refusal.isEmpty()) {
            return new Answer.Refusal(node.refusal);
        }
        return info(question.toString().equals("INFO server") ? node.server : node.replication);
    }

    private static Answer info(Map<String, String> fields) {
        StringBuilder text = new StringBuilder("# Section\r\n");
        fields.forEach(
                (name, value) -> text.append(name).append(':').append(value).append("\r\n"));
        return new Answer.Text(text.toString());
    }

    private static Answer list(List<Map<String, String>> entries) {
        List<Answer> all = new ArrayList<>();
        for (Map<String, String> entry : entries) {
            List<Answer> flat = new ArrayList<>();
            entry.forEach((name, value) -> {
                flat.add(new Answer.Text(name));
                flat.add(new Answer.Text(value));
            });
            all.add(new Answer.Many(flat));
        }
        return new Answer.Many(all);
    }
}
