package io.redfleet.monitor.edge.redis;

import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.monitor.probe.Standing;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the shapes of Redis's answers; what does not fit is read as absent. */
final class Answers {
    private Answers() {}

    static Standing role(Response role) {
        if (role.type() != ResponseType.MULTI || role.size() == 0) {
            return Standing.UNKNOWN;
        }
        return switch (role.get(0).toString()) {
            case "master" ->
                role.size() < 3
                        ? Standing.UNKNOWN
                        : Standing.master(role.get(1).toLong(), role.get(2).size());
            case "slave" ->
                role.size() < 5
                        ? Standing.UNKNOWN
                        : Standing.replica(
                                new Endpoint(role.get(1).toString(), role.get(2).toInteger()),
                                role.get(3).toString(),
                                role.get(4).toLong());
            case "sentinel" -> Standing.SENTINEL;
            default -> Standing.UNKNOWN;
        };
    }

    /** A flat list of names and values. */
    static Map<String, String> fields(Response flat) {
        Map<String, String> fields = new LinkedHashMap<>();
        if (flat.type() == ResponseType.MULTI) {
            for (int i = 0; i + 1 < flat.size(); i += 2) {
                fields.put(flat.get(i).toString(), flat.get(i + 1).toString());
            }
        }
        return fields;
    }

    static List<Map<String, String>> entries(Response list) {
        List<Map<String, String>> entries = new ArrayList<>();
        if (list.type() == ResponseType.MULTI) {
            for (int i = 0; i < list.size(); i++) {
                entries.add(fields(list.get(i)));
            }
        }
        return entries;
    }
}
