package io.redfleet.provisioner.desired;

import io.redfleet.contracts.cluster.ClusterSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A master, two replicas and three Sentinels that somebody else built, each below {@code /srv/orders}. */
public final class OwnSpecs {
    private OwnSpecs() {}

    /** @param manage as a spec writes it */
    public static Map<String, Object> document(String manage) {
        List<Object> hosts = new ArrayList<>();
        IntStream.rangeClosed(1, 3).forEach(number -> hosts.add(host(number)));
        Map<String, Object> security = new LinkedHashMap<>(Map.of("acl", "off"));
        Map<String, Object> spec = new LinkedHashMap<>(Map.of("manage", manage, "hosts", hosts, "security", security));
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("metadata", new LinkedHashMap<>(Map.of("name", "orders")));
        document.put("spec", spec);
        return document;
    }

    /** The same, which asks for the password in the file of that name. */
    public static Map<String, Object> document(String manage, String credential) {
        Map<String, Object> document = document(manage);
        SpecReaderTest.put(document, "spec.security.probe.credential", credential);
        return document;
    }

    public static ClusterSpec spec(String manage) {
        return SpecReaderTest.good(document(manage));
    }

    /** The same of Valkey, managed. */
    public static ClusterSpec valkey() {
        Map<String, Object> document = document("full");
        SpecReaderTest.put(document, "spec.redis.engine", "valkey");
        return SpecReaderTest.good(document);
    }

    /** The same under Debian's units, managed. */
    public static ClusterSpec underUnits() {
        return SpecReaderTest.good(unitDocument("full"));
    }

    /** The same, whose data nodes grow to that. */
    public static ClusterSpec underUnits(String maxmemory) {
        Map<String, Object> document = unitDocument("full");
        SpecReaderTest.put(document, "spec.redis.config.maxmemory", maxmemory);
        return SpecReaderTest.good(document);
    }

    /** @param manage as a spec writes it; of one that is observed nobody says how it is run */
    static Map<String, Object> unitDocument(String manage) {
        Map<String, Object> document = document(manage);
        for (int host = 0; host < 3; host++) {
            String instances = "spec.hosts." + host + ".instances.";
            SpecReaderTest.put(document, instances + "0.at.unit", "redis-server.service");
            SpecReaderTest.put(document, instances + "1.at.unit", "redis-sentinel.service");
        }
        if (manage.equals("full")) {
            SpecReaderTest.put(document, "spec.service", "systemd");
        }
        return document;
    }

    static Map<String, Object> host(int number) {
        List<Object> instances = new ArrayList<>();
        instances.add(instance("redis", "redis.conf"));
        instances.add(instance("sentinel", "sentinel.conf"));
        return new LinkedHashMap<>(
                Map.of("name", "r" + number, "address", "10.0.0.1" + number, "instances", instances));
    }

    private static Map<String, Object> instance(String role, String file) {
        Map<String, Object> at = new LinkedHashMap<>(Map.of("config", "/srv/orders/" + file));
        return new LinkedHashMap<>(Map.of("role", role, "at", at));
    }
}
