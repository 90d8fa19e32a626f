package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.InstanceSpec;
import io.redfleet.provisioner.plan.Plan.Obstacle;
import io.redfleet.provisioner.recipe.RedisConf;
import io.redfleet.provisioner.secret.Login;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.Footing;
import io.redfleet.provisioner.survey.HostSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import io.redfleet.provisioner.survey.MemorySize;
import io.redfleet.provisioner.survey.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Whether hosts have room for what their data nodes may come to hold, on disk and in memory. Only of nodes that have a bound, by
 * maxmemory: of others nobody knows.
 *
 * <p>What stands already is never refused for it, and neither is a part of it that comes back or is added: it is warned of. The
 * data nodes of a cluster that is new are not made where it is certain that these alone cannot come to hold what they may.
 */
final class Capacity {
    /** A save, or a rewrite of the append-only file, writes the whole of it beside the one before. */
    private static final int FILES = 2;

    /** Of a host's memory. While a child saves, what is written meanwhile is copied; and a host has more to do than Redis. */
    private static final int MOST_PERCENT = 70;

    /** A pebibyte: more than any host has, and sums of it fit. */
    private static final long MOST_BYTES = 1L << 50;

    private static final String BOUND = "maxmemory";

    private final ClusterSpec spec;
    /** Whether the cluster stands already, by whatever host: what is new of it is then a part that comes back, or is added. */
    private final boolean stands;

    private final List<Obstacle> obstacles = new ArrayList<>();
    private final List<Obstacle> warnings = new ArrayList<>();

    private Capacity(ClusterSpec spec, boolean stands) {
        this.spec = spec;
        this.stands = stands;
    }

    /**
     * A data node that has a bound.
     *
     * @param fresh whether it has no configuration yet, and so no data
     * @param bound in bytes
     * @param stores whether it keeps its data on disk
     */
    private record Node(InstanceId id, boolean fresh, long bound, boolean stores) {}

    /** Why new data nodes are not made. */
    static List<Obstacle> obstacles(ClusterState cluster, ClusterSurvey survey) {
        return of(cluster.spec(), survey).obstacles;
    }

    /** What may run out, and keeps nobody from anything. */
    static List<Obstacle> warnings(ClusterState cluster, ClusterSurvey survey) {
        return of(cluster.spec(), survey).warnings;
    }

    private static Capacity of(ClusterSpec spec, ClusterSurvey survey) {
        boolean stands = survey.hosts().values().stream()
                .flatMap(host -> host.instances().values().stream())
                .anyMatch(InstanceSurvey::configured);
        Capacity capacity = new Capacity(spec, stands);
        for (HostSpec host : spec.hosts()) {
            HostSurvey seen = survey.hosts().get(host.name());
            if (seen != null) {
                List<Node> nodes = capacity.nodes(host, seen);
                capacity.disks(host, nodes, seen.footing());
                capacity.memory(host, nodes, seen.footing());
            }
        }
        return capacity;
    }

    private List<Node> nodes(HostSpec host, HostSurvey seen) {
        List<Node> nodes = new ArrayList<>();
        for (InstanceSpec instance : host.instances()) {
            InstanceId id = InstanceId.of(host.name(), instance.name());
            InstanceSurvey found = seen.instances().get(id);
            if (instance.role() == InstanceRole.REDIS && found != null) {
                long bound = bound(found);
                if (bound > 0) {
                    nodes.add(new Node(id, !found.configured(), bound, stores(id, found)));
                }
            }
        }
        return nodes;
    }

    /** By the spec; of one that was adopted, and whose builder has chosen, by what runs: of one that does not, nobody knows. */
    private boolean stores(InstanceId id, InstanceSurvey found) {
        return spec.at(id).isPresent()
                ? !found.answers() || RedisConf.persists(found)
                : RedisConf.persists(spec, Place.of(spec, id, Login.NONE));
    }

    /** What the spec says, or else what runs. */
    private long bound(InstanceSurvey found) {
        String runs = found.config().getOrDefault(BOUND, "");
        return Math.min(
                MemorySize.bytes(spec.redis().config().getOrDefault(BOUND, runs))
                        .orElse(0),
                MOST_BYTES);
    }

    private void disks(HostSpec host, List<Node> nodes, Footing footing) {
        Map<String, List<Node>> disks = new TreeMap<>();
        for (Node node : nodes) {
            Footing.Room room = footing.rooms().get(node.id());
            if (room != null && node.stores()) {
                disks.computeIfAbsent(room.mount(), key -> new ArrayList<>()).add(node);
            }
        }
        disks.forEach((mount, on) -> disk(host, mount, on, footing));
    }

    /** What the data directories hold already is part of what they need. */
    private void disk(HostSpec host, String mount, List<Node> nodes, Footing footing) {
        long free = Long.MAX_VALUE;
        long all = 0;
        long fresh = 0;
        for (Node node : nodes) {
            Footing.Room room = footing.rooms().get(node.id());
            if (room != null) {
                free = Math.min(free, room.freeBytes());
                long needs = Math.max(0, FILES * node.bound() - room.heldBytes());
                all += needs;
                fresh += node.fresh() ? needs : 0;
            }
        }
        if (all <= free) {
            return;
        }
        boolean certain = !stands && fresh > free;
        String names = names(certain ? nodes.stream().filter(Node::fresh).toList() : nodes);
        String reason = "the file system " + mount + " has " + (free >> 20) + " MiB free, and " + names + " may need "
                + mebibytes(certain ? fresh : all) + " MiB more: " + FILES + " x " + field()
                + ", beside what is there of it, for a save writes the whole anew; make room there, or lower " + BOUND;
        add(certain, host, "disk", reason);
    }

    private void memory(HostSpec host, List<Node> nodes, Footing footing) {
        long total = footing.memoryBytes();
        if (total <= 0 || nodes.isEmpty()) {
            return;
        }
        long ours = nodes.stream().mapToLong(Node::bound).sum();
        List<Footing.Neighbour> bounded = footing.beside().stream()
                .filter(neighbour -> neighbour.maxmemory() > 0)
                .toList();
        long others = bounded.stream()
                .mapToLong(neighbour -> Math.min(neighbour.maxmemory(), MOST_BYTES))
                .sum();
        long sum = ours + others;
        if (sum <= total / 100 * MOST_PERCENT) {
            return;
        }
        String beside = bounded.isEmpty()
                ? ""
                : ", with " + mebibytes(others) + " MiB of "
                        + bounded.stream().map(Footing.Neighbour::mark).sorted().collect(Collectors.joining(", "))
                        + ",";
        String most = sum > total ? "more than it has" : "more than " + MOST_PERCENT + " % of it";
        String reason =
                "the host has " + (total >> 20) + " MiB, and " + field() + " of " + names(nodes) + beside + " is "
                        + mebibytes(sum) + " MiB in all: " + most
                        + ", and what is written while a child saves is copied; lower "
                        + BOUND + ", or move one to another host";
        long fresh = nodes.stream().filter(Node::fresh).mapToLong(Node::bound).sum();
        add(!stands && fresh > total, host, "memory", reason);
    }

    private void add(boolean certain, HostSpec host, String subject, String reason) {
        (certain ? obstacles : warnings).add(new Obstacle(host.name().value(), subject, reason));
    }

    private String field() {
        return spec.redis().config().containsKey(BOUND) ? "spec.redis.config." + BOUND : BOUND;
    }

    private static String names(List<Node> nodes) {
        return nodes.stream().map(node -> node.id().name()).collect(Collectors.joining(", "));
    }

    /** No less than it is. */
    private static long mebibytes(long bytes) {
        return (bytes + (1L << 20) - 1) >> 20;
    }
}
