package io.redfleet.local.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.redfleet.cli.gateway.Answer;
import io.redfleet.cli.gateway.Gateway;
import io.redfleet.cli.verb.Shown;
import io.redfleet.contracts.access.Secret;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import redis.clients.jedis.HostAndPort;

/** The demo's cluster as the gateway tells it. */
final class Orders {
    /** Three data nodes and three Sentinels. */
    static final int INSTANCES = 6;

    private final Gateway gateway;
    private final String name;
    private final List<DemoHost> hosts;

    Orders(Gateway gateway, String name, List<DemoHost> hosts) {
        this.gateway = gateway;
        this.name = name;
        this.hosts = List.copyOf(hosts);
    }

    String name() {
        return name;
    }

    /** Whether the gateway answers that there is such a cluster, of which an instance is not up. */
    boolean standsBroken() {
        return gateway.get("/clusters/" + name, Map.of()) instanceof Answer.Done done
                && !ready(done.body()).isEmpty();
    }

    Attempt<JsonNode> ready() {
        return look("/clusters/" + name, Map.of(), body -> {
            String missing = ready(body);
            return missing.isEmpty() ? new Attempt.Done<>(body) : new Attempt.NotYet<>(missing);
        });
    }

    /** The report of the failover away from that host which was completed after that moment. */
    Attempt<JsonNode> failover(DemoHost old, Instant since) {
        return look("/failovers", Map.of("cluster", name), body -> {
            for (JsonNode item : body.path("items")) {
                boolean ours = address(item.path("oldMaster")).equals(old.address());
                if (ours && moment(item.path("completedAt")).isAfter(since)) {
                    return new Attempt.Done<>(item);
                }
            }
            return new Attempt.NotYet<>("no failover has been completed yet");
        });
    }

    /** The sentence of the newest event of that type since then, from the audit trail. */
    Attempt<String> reason(String type, Instant since) {
        Map<String, String> query = Map.of("cluster", name, "type", type, "from", since.toString());
        return look(
                "/events",
                query,
                body -> body.path("items").isEmpty()
                        ? new Attempt.NotYet<>("no " + type + " yet")
                        : new Attempt.Done<>(
                                body.path("items").get(0).path("reason").asText()));
    }

    /** Waits for one instance to be up in that role. */
    Attempt<JsonNode> back(String instance, String role) {
        return look("/clusters/" + name, Map.of(), body -> {
            JsonNode health = body.path("health").path("instances").path(instance);
            String found = health.path("liveness").asText("UNKNOWN") + " "
                    + health.path("role").asText("UNKNOWN");
            return found.equals("UP " + role)
                    ? new Attempt.Done<>(health)
                    : new Attempt.NotYet<>(instance + " is " + found + ": "
                            + health.path("reason").asText());
        });
    }

    /** Incidents of the cluster that were opened at that moment or later, if there are any. */
    Attempt<List<JsonNode>> incidents(Instant since) {
        return look("/alerts", Map.of(), body -> {
            List<JsonNode> found = new ArrayList<>();
            for (JsonNode item : body.path("items")) {
                boolean ours = item.path("cluster").asText().equals(name);
                if (ours && !moment(item.path("openedAt")).isBefore(since)) {
                    found.add(item);
                }
            }
            return found.isEmpty() ? new Attempt.NotYet<>("no incident yet") : new Attempt.Done<>(found);
        });
    }

    /**
     * How the application gets in.
     *
     * @param revealing told before a password is asked for
     */
    Attempt<Writer.Way> way(Consumer<String> revealing) {
        return look("/clusters/" + name + "/connection", Map.of(), body -> {
            List<HostAndPort> sentinels = new ArrayList<>();
            body.path("sentinels")
                    .forEach(at -> sentinels.add(new HostAndPort(
                            at.path("host").asText(), at.path("port").asInt())));
            String master = body.path("masterName").asText();
            String user = body.path("user").asText("");
            if (body.path("user").isNull()) {
                return new Attempt.Done<>(new Writer.Way(sentinels, master, "", Secret.of("")));
            }
            revealing.accept(user);
            return read(
                    gateway.post("/clusters/" + name + "/secrets/" + user + "/reveal", Shown.object()),
                    answer -> new Attempt.Done<>(new Writer.Way(
                            sentinels,
                            master,
                            user,
                            Secret.of(answer.path("password").asText()))));
        });
    }

    /** Host and port of the master that the monitor sees, and its process from the host's facts. */
    Master master(JsonNode cluster) {
        JsonNode endpoint = cluster.path("health").path("verdict").path("master");
        for (DemoHost host : hosts) {
            if (host.address().equals(address(endpoint))) {
                return new Master(host, pid(cluster, host));
            }
        }
        throw new IllegalStateException("the master " + endpoint + " is on none of the demo's hosts");
    }

    /** @param pid 0 if no host fact tells it */
    record Master(DemoHost host, long pid) {}

    private static long pid(JsonNode cluster, DemoHost host) {
        for (JsonNode facts : cluster.path("hosts")) {
            JsonNode process = facts.path("processes").path(host.redis());
            if (process.path("present").asBoolean()) {
                return process.path("pid").asLong();
            }
        }
        return 0;
    }

    /** What is missing for a cluster whose master may be killed; empty if nothing. */
    private String ready(JsonNode cluster) {
        if (!cluster.path("phase").asText().equals("READY")) {
            return "phase " + cluster.path("phase").asText() + ": "
                    + cluster.path("reason").asText();
        }
        JsonNode health = cluster.path("health");
        long up = health.path("instances")
                .valueStream()
                .filter(instance -> instance.path("liveness").asText().equals("UP"))
                .count();
        if (up < INSTANCES) {
            return up + " of " + INSTANCES + " instances are up";
        }
        JsonNode verdict = health.path("verdict");
        if (!verdict.path("diagnosis").asText().equals("HEALTHY")) {
            return verdict.path("diagnosis").asText() + ": "
                    + verdict.path("reason").asText();
        }
        return master(cluster).pid() == 0 ? "the facts of the master's host have not come yet" : "";
    }

    private static String address(JsonNode endpoint) {
        return endpoint.isObject()
                ? endpoint.path("host").asText()
                : endpoint.asText("").replaceFirst(":[0-9]+$", "");
    }

    private interface Reading<T> {
        Attempt<T> of(JsonNode body);
    }

    private <T> Attempt<T> look(String path, Map<String, String> query, Reading<T> reading) {
        return read(gateway.get(path, query), reading);
    }

    private static <T> Attempt<T> read(Answer answer, Reading<T> reading) {
        return switch (answer) {
            case Answer.Done done -> reading.of(done.body());
            case Answer.Refused refused -> new Attempt.NotYet<>(refused.title() + ": " + refused.detail());
            case Answer.Unreachable unreachable -> new Attempt.NotYet<>(unreachable.reason());
        };
    }

    private static Instant moment(JsonNode node) {
        return node.asText("").isEmpty() || node.isNull() ? Instant.EPOCH : Instant.parse(node.asText());
    }
}
