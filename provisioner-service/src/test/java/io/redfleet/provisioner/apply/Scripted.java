package io.redfleet.provisioner.apply;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.contracts.wire.ServiceName;
import io.redfleet.provisioner.desired.SpecReader;
import io.redfleet.provisioner.lease.Holder;
import io.redfleet.provisioner.lease.HostLeases;
import io.redfleet.provisioner.survey.Place;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** A cluster on three scripted hosts, and an operation on it. */
final class Scripted {
    private Scripted() {}

    static ClusterState cluster() {
        return cluster(1, Map.of("redis", Map.of()));
    }

    /** @param more fields of its spec, beside its hosts */
    static ClusterState cluster(long revision, Map<String, Object> more) {
        return cluster(revision, more, 3);
    }

    /** @param many hosts of it */
    static ClusterState cluster(long revision, Map<String, Object> more, int many) {
        return on(revision, more, many, i -> Map.of("name", "r" + i, "address", "10.0.0.1" + i));
    }

    /** Each host has a directory of its own in the spec: the default for instances of init is one path on all hosts. */
    static ClusterState inDirectories(Map<String, Object> more) {
        return on(1, more, 3, i -> Map.of("name", "r" + i, "address", "10.0.0.1" + i, "directory", "/base/r" + i));
    }

    static OperationState accepted(ClusterState cluster) {
        return new OperationState(
                OperationState.SCHEMA,
                new OperationId("op"),
                cluster.name(),
                cluster.uid(),
                "provision",
                null,
                Actor.self(ServiceName.PROVISIONER),
                Status.WAITING,
                "",
                Instant.EPOCH,
                null,
                List.of(),
                Set.of());
    }

    /** Another cluster's operation holds the lease on the host. */
    static void holdElsewhere(ScriptedHosts hosts, HostSpec host, String cluster, String operation) {
        Holder holder = new Holder(cluster, "u9", operation, "provision", "provisioner-9", Instant.EPOCH, "bob");
        hosts.ask(Place.access(host), new HostLeases.Request(host.directory(), "other", holder, () -> false))
                .state();
    }

    private static ClusterState on(
            long revision, Map<String, Object> more, int many, IntFunction<Map<String, String>> host) {
        Map<String, Object> spec = new HashMap<>(more);
        spec.put("hosts", IntStream.rangeClosed(1, many).mapToObj(host).toList());
        SpecReader.Reading reading = SpecReader.read(Map.of("metadata", Map.of("name", "orders"), "spec", spec));
        return new ClusterState(
                ClusterState.SCHEMA,
                new ClusterUid("u"),
                revision,
                Phase.ACCEPTED,
                "",
                Instant.EPOCH,
                ((SpecReader.Good) reading).spec());
    }
}
