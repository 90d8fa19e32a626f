package io.redfleet.monitor.edge.config;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.redfleet.contracts.health.Liveness;
import io.redfleet.monitor.probe.Figures;
import io.redfleet.monitor.watch.ClusterWatch;
import io.redfleet.monitor.watch.InstanceWatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the watches know, as figures for Prometheus: those of an instance under the names that redis_exporter uses, straight
 * from the last INFO, so they are up to ten seconds old.
 */
final class Gauges {
    /** Metric to the field of INFO that it shows. */
    private static final Map<String, String> FIELDS = new LinkedHashMap<>();

    static {
        FIELDS.put("redis_uptime_in_seconds", "uptime_in_seconds");
        FIELDS.put("redis_connected_clients", "connected_clients");
        FIELDS.put("redis_blocked_clients", "blocked_clients");
        FIELDS.put("redis_memory_used_bytes", "used_memory");
        FIELDS.put("redis_memory_max_bytes", "maxmemory");
        FIELDS.put("redis_mem_fragmentation_ratio", "mem_fragmentation_ratio");
        FIELDS.put("redis_connected_slaves", "connected_slaves");
        FIELDS.put("redis_master_repl_offset", "master_repl_offset");
        FIELDS.put("redis_commands_processed_total", "total_commands_processed");
        FIELDS.put("redis_evicted_keys_total", "evicted_keys");
        FIELDS.put("redis_rejected_connections_total", "rejected_connections");
        FIELDS.put("redis_loading_dump_file", "loading");
        FIELDS.put("redis_rdb_changes_since_last_save", "rdb_changes_since_last_save");
        // Of a Sentinel.
        FIELDS.put("redis_sentinel_tilt", "sentinel_tilt");
        FIELDS.put("redis_sentinel_masters", "sentinel_masters");
    }

    private final MeterRegistry registry;
    private final Map<String, Meters> clusters = new HashMap<>();
    private final Map<String, Meters> instances = new HashMap<>();

    Gauges(MeterRegistry registry) {
        this.registry = registry;
    }

    /**
     * What the gauges read from, until it is shown anew: figures are made when somebody asks for them. What is no longer watched
     * disappears. For one thread.
     */
    void show(List<ClusterWatch> watches) {
        Set<String> seen = new HashSet<>();
        for (ClusterWatch watch : watches) {
            String cluster = watch.roster().cluster().value();
            seen.add(cluster);
            Meters known = clusters.computeIfAbsent(cluster, name -> new Meters());
            known.watch = watch;
            known.register(
                    List.of(),
                    meters -> meters.add("redfleet_cluster_healthy", Tags.of("cluster", cluster), it -> {
                        ClusterWatch now = it.watch;
                        return now != null && now.well() ? 1 : 0;
                    }));
            for (InstanceWatch instance : watch.instances().values()) {
                seen.add(cluster + "/" + instance.view().id());
                show(cluster, instance);
            }
        }
        forget(clusters, seen);
        forget(instances, seen);
    }

    private void show(String cluster, InstanceWatch instance) {
        String role = instance.view().standing().role().name().toLowerCase(Locale.ROOT);
        String id = instance.view().id().value();
        Figures figures = up(instance) == 1 ? instance.figures() : null;
        List<String> shape = new ArrayList<>(List.of(role));
        if (figures != null) {
            FIELDS.values().stream().filter(figures.fields()::containsKey).forEach(shape::add);
        }
        Meters known = instances.computeIfAbsent(cluster + "/" + id, name -> new Meters());
        known.instance = instance;
        known.register(shape, meters -> {
            Tags tags = Tags.of("cluster", cluster, "instance", id, "role", role);
            meters.add("redis_up", tags, it -> up(it.instance));
            meters.add("redfleet_instance_restarts", tags, it -> {
                InstanceWatch now = it.instance;
                return now == null ? 0 : now.window().restarts();
            });
            FIELDS.forEach((name, field) -> {
                if (shape.contains(field)) {
                    meters.add(name, tags, it -> figure(it.instance, field));
                }
            });
        });
    }

    private static void forget(Map<String, Meters> known, Set<String> seen) {
        known.entrySet().removeIf(entry -> {
            boolean gone = !seen.contains(entry.getKey());
            if (gone) {
                entry.getValue().remove();
            }
            return gone;
        });
    }

    private static int up(@Nullable InstanceWatch instance) {
        return instance != null && instance.view().pulse().liveness() == Liveness.UP ? 1 : 0;
    }

    private static double figure(@Nullable InstanceWatch instance, String field) {
        Figures figures = instance == null ? null : instance.figures();
        return figures == null ? Double.NaN : figures.decimal(field).orElse(Double.NaN);
    }

    /** The gauges of one cluster or instance, and what they read. They are made anew when there are others. */
    private final class Meters {
        private final List<Meter> meters = new ArrayList<>();
        private List<String> shape = List.of();
        private volatile @Nullable ClusterWatch watch; // read by whoever asks for the figures
        private volatile @Nullable InstanceWatch instance;

        void register(List<String> wanted, Consumer<Meters> make) {
            if (meters.isEmpty() || !shape.equals(wanted)) {
                remove();
                shape = List.copyOf(wanted);
                make.accept(this);
            }
        }

        void add(String name, Tags tags, ToDoubleFunction<Meters> value) {
            meters.add(Gauge.builder(name, this, value).tags(tags).register(registry));
        }

        void remove() {
            meters.forEach(registry::remove);
            meters.clear();
        }
    }
}
