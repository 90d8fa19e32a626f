package io.redfleet.monitor.edge.config;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.redfleet.contracts.health.Liveness;
import io.redfleet.monitor.probe.Figures;
import io.redfleet.monitor.watch.ClusterWatch;
import io.redfleet.monitor.watch.InstanceWatch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

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
    }

    private final Map<String, MultiGauge> byName = new LinkedHashMap<>();

    Gauges(MeterRegistry registry) {
        for (String name : FIELDS.keySet()) {
            byName.put(name, MultiGauge.builder(name).register(registry));
        }
        for (String name : List.of("redis_up", "redfleet_instance_restarts", "redfleet_cluster_healthy")) {
            byName.put(name, MultiGauge.builder(name).register(registry));
        }
    }

    /** What is no longer watched disappears. */
    void show(List<ClusterWatch> watches) {
        Map<String, List<MultiGauge.Row<?>>> rows = new LinkedHashMap<>();
        for (ClusterWatch watch : watches) {
            String cluster = watch.roster().cluster().value();
            add(rows, "redfleet_cluster_healthy", Tags.of("cluster", cluster), watch.well() ? 1 : 0);
            for (InstanceWatch instance : watch.instances().values()) {
                show(rows, cluster, instance);
            }
        }
        byName.forEach((name, gauge) -> gauge.register(rows.getOrDefault(name, List.of()), true));
    }

    private static void show(Map<String, List<MultiGauge.Row<?>>> rows, String cluster, InstanceWatch instance) {
        String role = instance.view().standing().role().name().toLowerCase(Locale.ROOT);
        Tags tags = Tags.of("cluster", cluster, "instance", instance.view().id().value(), "role", role);
        boolean up = instance.view().pulse().liveness() == Liveness.UP;
        add(rows, "redis_up", tags, up ? 1 : 0);
        add(rows, "redfleet_instance_restarts", tags, instance.window().restarts());
        Figures figures = instance.figures();
        if (figures != null && up) {
            FIELDS.forEach((name, field) -> figures.decimal(field).ifPresent(value -> add(rows, name, tags, value)));
        }
    }

    private static void add(Map<String, List<MultiGauge.Row<?>>> rows, String name, Tags tags, double value) {
        rows.computeIfAbsent(name, key -> new ArrayList<>()).add(MultiGauge.Row.of(tags, value));
    }
}
