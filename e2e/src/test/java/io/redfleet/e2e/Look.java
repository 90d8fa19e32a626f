package io.redfleet.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import io.redfleet.testkit.Await;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** What a scenario asks of the API about the one cluster it has, {@code orders}. */
final class Look {
    private Look() {}

    static String status(Api api, String operation) {
        return api.get("/operations/" + operation).body().path("status").asText();
    }

    static String diagnosis(Api api) {
        return cluster(api).path("health").path("verdict").path("diagnosis").asText();
    }

    static String role(Api api, String instance) {
        return cluster(api)
                .path("health")
                .path("instances")
                .path(instance)
                .path("role")
                .asText();
    }

    static String master(Api api) {
        JsonNode master = cluster(api).path("health").path("verdict").path("master");
        return master.path("host").asText() + ":" + master.path("port").asText();
    }

    static JsonNode cluster(Api api) {
        return api.get("/clusters/orders").body();
    }

    static boolean everyIncident(Api api, String state) {
        List<JsonNode> incidents = StreamSupport.stream(
                        api.get("/alerts").body().path("items").spliterator(), false)
                .toList();
        return !incidents.isEmpty()
                && incidents.stream()
                        .allMatch(incident -> incident.path("state").asText().equals(state));
    }

    static long pid(Api api, String instance) {
        return Await.value(
                "a pid of " + instance,
                Duration.ofSeconds(20),
                () -> StreamSupport.stream(cluster(api).path("hosts").spliterator(), false)
                        .map(host -> host.path("processes")
                                .path(instance)
                                .path("pid")
                                .asLong(0))
                        .filter(pid -> pid > 0)
                        .findFirst());
    }

    static void kill9(long pid) {
        Optional<ProcessHandle> process = ProcessHandle.of(pid);
        if (!process.map(ProcessHandle::destroyForcibly).orElse(false)) {
            throw new AssertionError("no process " + pid + " to kill");
        }
    }
}
