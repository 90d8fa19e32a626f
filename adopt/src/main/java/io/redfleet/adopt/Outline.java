package io.redfleet.adopt;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.OwnPlace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The spec of a cluster as it runs, with {@link Blank#MARK} where nothing is known. */
final class Outline {
    private static final String REDIS = "redis";
    private static final String SENTINEL = "sentinel";
    /** With fewer a spec is taken only if it says that it knows. */
    private static final int FEWEST_SENTINELS = 3;

    private final Group group;
    private final List<Blank> blanks = new ArrayList<>();
    private final List<Finding> more = new ArrayList<>();

    Outline(Group group) {
        this.group = group;
    }

    /** One process: where it is, and what is to be said of it. */
    private record Place(String role, Endpoint at, Map<String, String> server, String priority) {
        /** The port that it has itself, which may be another than the one it is known by. */
        int port() {
            String own = server.getOrDefault("tcp_port", "");
            return own.matches("[1-9]\\d{0,4}") ? Integer.parseInt(own) : at.port();
        }
    }

    Draft draft(List<Finding> findings) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("apiVersion", "redfleet.io/v1");
        document.put("kind", "Cluster");
        document.put("metadata", Map.of("name", name()));
        document.put("spec", spec());
        more.addAll(0, findings);
        more.sort(Comparator.comparing(Finding::severity));
        return new Draft(group.masterName(), document, blanks, more);
    }

    private String name() {
        String name = group.masterName().toLowerCase(Locale.ROOT).replaceAll("[._]", "-");
        if (ClusterName.allowed(name)) {
            return name;
        }
        return blank("metadata.name", "what the cluster is to be called: the master's name is no name of a cluster");
    }

    private Map<String, Object> spec() {
        Map<String, List<Place>> places = places();
        Map<String, String> names = names(List.copyOf(places.keySet()));
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("manage", "observe");
        spec.put("redis", redis());
        spec.put("sentinel", sentinel());
        spec.put("hosts", hosts(places, names));
        group.master()
                .map(at -> names.getOrDefault(at.host(), ""))
                .ifPresent(host -> spec.put("bootstrapMaster", host));
        spec.put("security", security());
        spec.put("watch", Map.of("mode", "observe"));
        return spec;
    }

    private Map<String, Object> redis() {
        Map<String, Object> redis = new LinkedHashMap<>();
        List<String> engines = group.among(node -> node.server().getOrDefault("server_name", REDIS));
        redis.put("engine", engines.size() == 1 ? engines.getFirst() : REDIS);
        if (engines.size() > 1) {
            more.add(Finding.warning(group.masterName(), "has several engines: " + String.join(", ", engines)));
        }
        String version = common(group.among(NodeSeen::version));
        if (!version.isEmpty()) {
            redis.put("version", version);
        }
        return redis;
    }

    private Map<String, Object> sentinel() {
        Map<String, Object> sentinel = new LinkedHashMap<>();
        sentinel.put("masterName", group.masterName());
        group.setting("quorum").ifPresent(quorum -> sentinel.put("quorum", quorum));
        group.setting("down-after-milliseconds").ifPresent(millis -> sentinel.put("downAfter", span(millis)));
        group.setting("failover-timeout").ifPresent(millis -> sentinel.put("failoverTimeout", span(millis)));
        group.setting("parallel-syncs").ifPresent(syncs -> sentinel.put("parallelSyncs", syncs));
        if (group.sentinels().size() < FEWEST_SENTINELS) {
            // Found fault with, and what it is all the same.
            sentinel.put("allowWeakQuorum", true);
        }
        return sentinel;
    }

    /** By address: first that of the master, then as they were heard of. */
    private Map<String, List<Place>> places() {
        Map<String, List<Place>> places = new LinkedHashMap<>();
        group.nodes().forEach(node -> add(places, new Place(REDIS, node.at(), node.server(), priority(node))));
        group.sentinels().forEach(sentinel -> add(places, new Place(SENTINEL, sentinel.at(), sentinel.server(), "")));
        return places;
    }

    private static void add(Map<String, List<Place>> places, Place place) {
        places.computeIfAbsent(place.at().host(), host -> new ArrayList<>()).add(place);
    }

    /** A replica says its own; a master says none, so that what the next master tells of it counts. */
    private static String priority(NodeSeen node) {
        return node.replication().getOrDefault("slave_priority", "");
    }

    private static Map<String, String> names(List<String> addresses) {
        Map<String, String> names = new LinkedHashMap<>();
        for (String address : addresses) {
            String plain = address.replaceAll("[^A-Za-z0-9]+", "-").replaceAll("^-|-$", "");
            String word = plain.substring(0, Math.min(plain.length(), 50));
            String base = address.matches("[0-9.]+") || address.contains(":") ? "ip-" + word : word;
            String name = base;
            for (int next = 2; names.containsValue(name); next++) {
                name = base + "-" + next;
            }
            names.put(address, HostName.allowed(name) ? name : "host-" + (names.size() + 1));
        }
        return names;
    }

    private List<Object> hosts(Map<String, List<Place>> places, Map<String, String> names) {
        List<Object> hosts = new ArrayList<>();
        places.forEach((address, here) -> {
            Map<String, Object> host = new LinkedHashMap<>();
            host.put("name", names.getOrDefault(address, ""));
            host.put("address", address);
            host.put(
                    "instances",
                    here.stream().map(place -> instance(place, here)).toList());
            hosts.add(host);
        });
        if (places.values().stream().anyMatch(here -> count(here, REDIS) > 1)) {
            more.add(Finding.warning(group.masterName(), "has several data nodes at one address"));
        }
        return hosts;
    }

    private Map<String, Object> instance(Place place, List<Place> here) {
        Map<String, Object> instance = new LinkedHashMap<>();
        boolean alone = count(here, place.role()) == 1;
        String usual = place.role().equals(REDIS) ? "redis-server" : "redis-sentinel";
        instance.put("name", alone ? usual : place.role() + "-" + place.at().port());
        instance.put("role", place.role());
        instance.put("port", place.port());
        if (place.priority().matches("\\d{1,7}") && !place.priority().equals("100")) {
            instance.put("replicaPriority", Integer.valueOf(place.priority()));
        }
        if (place.port() != place.at().port()) {
            Map<String, Object> announce = new LinkedHashMap<>();
            announce.put("ip", place.at().host());
            announce.put("port", place.at().port());
            instance.put("announce", announce);
        }
        String config = place.server().getOrDefault("config_file", "");
        if (OwnPlace.plain(config)) {
            instance.put("at", Map.of("config", config));
        }
        return instance;
    }

    private static long count(List<Place> here, String role) {
        return here.stream().filter(place -> place.role().equals(role)).count();
    }

    /** Nobody makes users there; where a node does not let everybody in, somebody has to be named. */
    private Map<String, Object> security() {
        boolean open = group.nodes().stream().allMatch(node -> node.answered() && !node.guarded())
                && group.sentinels().stream().allMatch(sentinel -> sentinel.answered() && !sentinel.guarded());
        Map<String, Object> security = new LinkedHashMap<>();
        security.put("acl", "off");
        if (!open) {
            String why =
                    "the name of a file with the password, in credentials/probes, and beside it as user whose that is,"
                            + " if not default's: it asks for passwords, or not all of it answers; without any, leave probe out";
            security.put("probe", Map.of("credential", blank("spec.security.probe.credential", why)));
        }
        return security;
    }

    private String blank(String field, String why) {
        blanks.add(new Blank(field, why));
        return Blank.MARK;
    }

    /** As a spec writes it. */
    static String span(int millis) {
        Duration span = Duration.ofMillis(millis);
        return millis % 1000 == 0 ? span.toSeconds() + "s" : millis + "ms";
    }

    /** The parts, separated by dots, that all versions begin with; empty where they have none in common. */
    static String common(List<String> versions) {
        Optional<String> first = versions.stream().findFirst().filter(version -> version.matches("\\d+(\\.\\d+)*"));
        if (first.isEmpty()) {
            return "";
        }
        String prefix = first.get();
        while (!prefix.isEmpty() && !all(versions, prefix)) {
            int dot = prefix.lastIndexOf('.');
            prefix = dot < 0 ? "" : prefix.substring(0, dot);
        }
        return prefix;
    }

    private static boolean all(List<String> versions, String prefix) {
        return versions.stream().allMatch(version -> version.equals(prefix) || version.startsWith(prefix + "."));
    }
}
