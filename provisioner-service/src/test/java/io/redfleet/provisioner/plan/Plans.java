package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.provisioner.desired.SpecReader;
import io.redfleet.provisioner.secret.Login;
import io.redfleet.provisioner.survey.Place;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A cluster on three hosts, and steps on it that nobody has planned. */
public final class Plans {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Plans() {}

    /** @param applied 0: it has never stood */
    public static ClusterState cluster(String uid, long revision, long applied) {
        return cluster(uid, revision, applied, Map.of());
    }

    /** @param redis what the spec says of it */
    public static ClusterState cluster(String uid, long revision, long applied, Map<String, Object> redis) {
        ClusterSpec spec = spec(redis);
        return new ClusterState(
                ClusterState.SCHEMA, new ClusterUid(uid), revision, Phase.ACCEPTED, "", Instant.EPOCH, spec, applied);
    }

    /**
     * One that was accepted and never stood.
     *
     * @param hosts how many
     * @param spec what stands in it beside them
     */
    public static ClusterState cluster(int hosts, Map<String, Object> spec) {
        return new ClusterState(
                ClusterState.SCHEMA, new ClusterUid("u1"), 1, Phase.ACCEPTED, "", Instant.EPOCH, spec(hosts, spec));
    }

    public static Plan of(List<List<Step>> stages) {
        return new Plan(stages, List.of(), List.of(), false);
    }

    /** @param title what it is called; its id is made of the instance alone */
    public static Step write(String host, String title, List<String> diff, String content) {
        Action action = new Action.WriteNew(place(host), "/base/users.acl", content);
        return new Step(host + "/redis-server/users", title, diff, action);
    }

    public static Step tell(String host) {
        Action action = new Action.Tell(place(host), List.of(List.of("CONFIG", "SET", "maxmemory", "2gb")));
        return new Step(host + "/redis-server/settings", "set [maxmemory]", List.of("+ maxmemory 2gb"), action);
    }

    public static Step start(String host) {
        Action action = new Action.Start(place(host), "/base", "/base/orders/redis-server", PATIENCE);
        return new Step(host + "/redis-server/start", "start " + host, List.of(), action);
    }

    public static Step stop(String host) {
        Action action = new Action.Stop(place(host), "/base/orders/redis-server", false, false, PATIENCE);
        return new Step(host + "/redis-server/stop", "stop " + host, List.of(), action);
    }

    public static Step ready(String host) {
        Action action = new Action.Await(place(host), Action.Until.READY, "orders", 2, 3, PATIENCE);
        return new Step(host + "/redis-server/ready", "wait until " + host + " answers", List.of(), action);
    }

    private static Place place(String host) {
        return Place.of(spec(Map.of()), new InstanceId(host + "/redis-server"), Login.NONE);
    }

    private static ClusterSpec spec(Map<String, Object> redis) {
        return spec(3, Map.of("redis", redis));
    }

    private static ClusterSpec spec(int many, Map<String, Object> rest) {
        List<Map<String, String>> hosts = IntStream.rangeClosed(1, many)
                .mapToObj(i -> Map.of("name", "r" + i, "address", "10.0.0.1" + i))
                .toList();
        Map<String, Object> spec = new HashMap<>(rest);
        spec.put("hosts", hosts);
        SpecReader.Reading reading = SpecReader.read(Map.of("metadata", Map.of("name", "orders"), "spec", spec));
        return ((SpecReader.Good) reading).spec();
    }
}
