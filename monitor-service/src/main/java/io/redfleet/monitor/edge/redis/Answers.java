package io.redfleet.monitor.edge.redis;

import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.monitor.probe.Standing;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the shapes of Redis's answers; what does not fit is read as absent. */
final class Answers {
    private Answers() {}

    static Standing role(Said role) {
        List<Said> said = role.list();
        if (said.isEmpty()) {
            return Standing.UNKNOWN;
        }
        return switch (said.getFirst().string()) {
            case "master" ->
                said.size() < 3
                        ? Standing.UNKNOWN
                        : Standing.master(
                                said.get(1).number(), said.get(2).list().size());
            case "slave" -> said.size() < 5 ? Standing.UNKNOWN : replica(said);
            case "sentinel" -> Standing.SENTINEL;
            default -> Standing.UNKNOWN;
        };
    }

    private static Standing replica(List<Said> said) {
        Endpoint master =
                new Endpoint(Said.cut(said.get(1).string()), (int) said.get(2).number());
        return Standing.replica(
                master, Said.cut(said.get(3).string()), said.get(4).number());
    }

    /** A flat list of names and values. */
    static Map<String, String> fields(Said flat) {
        List<Said> said = flat.list();
        Map<String, String> fields = new LinkedHashMap<>();
        for (int i = 0; i + 1 < said.size(); i += 2) {
            fields.put(Said.cut(said.get(i).string()), Said.cut(said.get(i + 1).string()));
        }
        return fields;
    }

    static List<Map<String, String>> entries(Said list) {
        return list.list().stream().map(Answers::fields).toList();
    }
}
