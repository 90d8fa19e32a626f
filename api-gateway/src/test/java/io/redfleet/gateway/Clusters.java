package io.redfleet.gateway;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.Durability;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.InstanceSpec;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.cluster.RedisSpec;
import io.redfleet.contracts.cluster.SecuritySpec;
import io.redfleet.contracts.cluster.SentinelSpec;
import io.redfleet.contracts.cluster.SshSpec;
import io.redfleet.contracts.cluster.TlsSpec;
import io.redfleet.contracts.cluster.WatchMode;
import io.redfleet.contracts.cluster.WatchSpec;
import io.redfleet.contracts.health.CheckHealth;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.health.InstanceHealth;
import io.redfleet.contracts.health.Liveness;
import io.redfleet.contracts.health.ReplicationRole;
import io.redfleet.contracts.health.Term;
import io.redfleet.contracts.health.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Clusters for tests: three hosts with a redis and a sentinel each. */
public final class Clusters {
    public static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    private Clusters() {}

    public static ClusterState named(String name, Map<String, String> labels) {
        ClusterSpec spec = new ClusterSpec(
                new ClusterName(name),
                labels,
                new RedisSpec("redis", "7.0", "present", Map.of("appendonly", "yes")),
                new Durability(1, Duration.ofSeconds(10)),
                new SentinelSpec(name, 2, Duration.ofSeconds(5), Duration.ofSeconds(60), 1),
                List.of(host("r1", 1), host("r2", 2), host("r3", 3)),
                new HostName("r1"),
                "process",
                new WatchSpec(WatchMode.AUTO, Duration.ofSeconds(1), Duration.ofSeconds(5)),
                SecuritySpec.OFF);
        return new ClusterState(1, new ClusterUid("uid-" + name), 3, Phase.READY, "All is well", NOON, spec);
    }

    /** One with rules of its own. */
    public static ClusterState ruled(String name, String rules) {
        ClusterState plain = named(name, Map.of());
        WatchSpec watch = plain.spec().watch();
        ClusterSpec spec = plain.spec().with(new WatchSpec(watch.mode(), watch.probe(), watch.cycle(), rules));
        return new ClusterState(1, plain.uid(), 3, Phase.READY, "All is well", NOON, spec);
    }

    /** One with generated users. */
    public static ClusterState guarded(String name) {
        return closed(name, new SecuritySpec(SecuritySpec.Acl.GENERATED));
    }

    /** One that speaks TLS. */
    public static ClusterState secured(String name, String ca) {
        TlsSpec tls = new TlsSpec(ca, "/etc/tls/ca.crt", "/etc/tls/host.crt", "/etc/tls/host.key");
        return closed(name, new SecuritySpec(SecuritySpec.Acl.OFF, tls));
    }

    private static ClusterState closed(String name, SecuritySpec security) {
        ClusterState open = named(name, Map.of());
        ClusterSpec spec = open.spec();
        ClusterSpec guarded = new ClusterSpec(
                spec.name(),
                spec.labels(),
                spec.redis(),
                spec.durability(),
                spec.sentinel(),
                spec.hosts(),
                spec.bootstrapMaster(),
                spec.service(),
                spec.watch(),
                security);
        return new ClusterState(1, open.uid(), 3, Phase.READY, "All is well", NOON, guarded);
    }

    public static ClusterState named(String name) {
        return named(name, Map.of());
    }

    /** All instances with this liveness; r1 is master; no host was judged. */
    public static ClusterHealth health(ClusterState cluster, Liveness liveness) {
        return health(cluster, liveness, NOON, Map.of());
    }

    /** @param hosts what stands of the checks of hosts, as {@code r1 disk} */
    public static ClusterHealth health(
            ClusterState cluster, Liveness liveness, Instant at, Map<String, CheckHealth> hosts) {
        Map<InstanceId, InstanceHealth> instances = cluster.spec().members().stream()
                .collect(Collectors.toMap(
                        member -> member.id(),
                        member -> new InstanceHealth(
                                liveness,
                                NOON,
                                "as the test says",
                                role(member.id(), member.role()),
                                "run",
                                true,
                                1,
                                0,
                                0)));
        Verdict verdict = new Verdict(
                Verdict.Diagnosis.HEALTHY, "One master, two replicas", NOON, new Endpoint("127.0.0.11", 6379), 0);
        return new ClusterHealth(
                1, cluster.name(), cluster.uid(), at, verdict, instances, Map.of(), Map.of(), null, Term.NONE, hosts);
    }

    private static ReplicationRole role(InstanceId id, InstanceRole role) {
        if (role == InstanceRole.SENTINEL) {
            return ReplicationRole.SENTINEL;
        }
        return id.host().value().equals("r1") ? ReplicationRole.MASTER : ReplicationRole.REPLICA;
    }

    private static HostSpec host(String name, int last) {
        String address = "127.0.0.1" + last;
        return new HostSpec(
                new HostName(name),
                address,
                "a",
                new SshSpec("ops", 22, "key", null),
                "redis",
                List.of(
                        new InstanceSpec("redis-server", InstanceRole.REDIS, 6379, 100, new Endpoint(address, 6379)),
                        new InstanceSpec(
                                "redis-sentinel", InstanceRole.SENTINEL, 26379, 100, new Endpoint(address, 26379))));
    }
}
