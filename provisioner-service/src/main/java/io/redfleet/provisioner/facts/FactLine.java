package io.redfleet.provisioner.facts;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.operation.HostFacts;
import io.redfleet.contracts.operation.MachineFacts;
import io.redfleet.contracts.operation.ProcessFacts;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads one line of facts.sh. */
final class FactLine {
    private static final int HOST_FIELDS = 20;
    private static final int PROCESS_FIELDS = 10;
    private static final long KIB = 1024;

    private FactLine() {}

    /** Empty for a line that is not whole. */
    static Optional<HostFacts> read(ClusterName cluster, HostName host, String line, Instant heard) {
        List<String> parts = List.of(line.split("\\|", -1));
        List<String> head = List.of(parts.getFirst().split(" ", -1));
        if (head.size() != HOST_FIELDS) {
            return Optional.empty();
        }
        Map<InstanceId, ProcessFacts> processes = new LinkedHashMap<>();
        try {
            for (String part : parts.subList(1, parts.size())) {
                List<String> words = List.of(part.split(" ", -1));
                if (words.size() != PROCESS_FIELDS) {
                    return Optional.empty();
                }
                processes.put(InstanceId.of(host, words.get(0)), process(words));
            }
            return Optional.of(new HostFacts(
                    HostFacts.SCHEMA,
                    cluster,
                    host,
                    heard,
                    true,
                    "heard over SSH",
                    head.get(1),
                    load(head.get(2)),
                    Long.parseLong(head.get(5)) * KIB,
                    Long.parseLong(head.get(6)) * KIB,
                    Long.parseLong(head.get(9)) * KIB,
                    Long.parseLong(head.get(11)) * KIB,
                    Long.parseLong(head.get(0)) - heard.toEpochMilli(),
                    processes,
                    machine(head)));
        } catch (IllegalArgumentException e) {
            // No number, or no name of an instance.
            return Optional.empty();
        }
    }

    private static MachineFacts machine(List<String> head) {
        return new MachineFacts(
                Integer.parseInt(head.get(14)),
                load(head.get(3)),
                load(head.get(4)),
                Long.parseLong(head.get(7)) * KIB,
                Long.parseLong(head.get(8)) * KIB,
                Long.parseLong(head.get(10)) * KIB,
                Long.parseLong(head.get(12)),
                Long.parseLong(head.get(13)),
                Long.parseLong(head.get(15)),
                Long.parseLong(head.get(16)),
                Long.parseLong(head.get(17)),
                Long.parseLong(head.get(18)),
                Long.parseLong(head.get(19)));
    }

    private static ProcessFacts process(List<String> words) {
        long pid = Long.parseLong(words.get(1));
        return new ProcessFacts(
                pid != 0,
                pid,
                Long.parseLong(words.get(2)),
                Long.parseLong(words.get(3)),
                Long.parseLong(words.get(4)),
                words.get(5).equals("yes"),
                Integer.parseInt(words.get(6)),
                Integer.parseInt(words.get(7)),
                Long.parseLong(words.get(8)),
                Long.parseLong(words.get(9)));
    }

    /** JSON has no other numbers. */
    private static double load(String text) {
        double load = Double.parseDouble(text);
        if (!Double.isFinite(load)) {
            throw new NumberFormatException(text);
        }
        return load;
    }
}
