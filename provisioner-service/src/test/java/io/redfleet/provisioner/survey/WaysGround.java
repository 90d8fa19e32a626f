package io.redfleet.provisioner.survey;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceSpec;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.provisioner.archive.ArchiveSurvey;
import io.redfleet.provisioner.desired.SpecReader;
import io.redfleet.provisioner.packages.PackageSurvey;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Clusters of which some hosts stand and others join. */
public final class WaysGround {
    private WaysGround() {}

    /** @param names {@code r4} is at 10.0.0.14 and has a data node and a Sentinel; {@code d4} only the first */
    public static ClusterState cluster(String... names) {
        return new ClusterState(
                ClusterState.SCHEMA, new ClusterUid("u"), 1, Phase.ACCEPTED, "", Instant.EPOCH, spec(names));
    }

    private static ClusterSpec spec(String... names) {
        List<Map<String, Object>> hosts =
                Arrays.stream(names).map(WaysGround::described).toList();
        SpecReader.Reading reading = SpecReader.read(
                Map.of("metadata", Map.of("name", "orders"), "spec", Map.of("hosts", hosts, "redis", Map.of())));
        return ((SpecReader.Good) reading).spec();
    }

    private static Map<String, Object> described(String name) {
        Map<String, Object> host = new HashMap<>();
        host.put("name", name);
        host.put("address", "10.0.0." + (10 + Integer.parseInt(name.substring(1))));
        if (name.startsWith("d")) {
            host.put("roles", List.of("redis"));
        }
        return host;
    }

    /** What is seen where all instances run but those of the hosts that join, which are bare. */
    public static ClusterSurvey survey(ClusterState cluster, String... joining) {
        Map<HostName, HostSurvey> hosts = new LinkedHashMap<>();
        for (HostSpec host : cluster.everywhere().hosts()) {
            boolean stands = !List.of(joining).contains(host.name().value());
            hosts.put(host.name(), host(host, seen(stands, stands), FirewallSurvey.NONE));
        }
        return new ClusterSurvey(hosts, Map.of());
    }

    /** The same, but for what is seen of one host. */
    public static ClusterSurvey but(
            ClusterSurvey survey, HostSpec host, InstanceSurvey instances, FirewallSurvey firewall) {
        Map<HostName, HostSurvey> hosts = new LinkedHashMap<>(survey.hosts());
        hosts.put(host.name(), host(host, instances, firewall));
        return new ClusterSurvey(hosts, survey.unreached());
    }

    /** The same hosts, and this of whom they reach. */
    public static ClusterSurvey hearing(ClusterSurvey survey, Map<HostName, WaysHeard> heard) {
        return survey.hearing(heard);
    }

    /** One that has a configuration, and runs, or not. */
    public static InstanceSurvey seen(boolean configured, boolean runs) {
        return new InstanceSurvey(
                configured,
                "",
                "",
                configured,
                configured,
                false,
                false,
                false,
                false,
                "",
                runs ? 7 : 0,
                runs ? 1 : 0,
                false,
                runs,
                runs ? "PONG" : "",
                Map.of(),
                Map.of(),
                Map.of(),
                "");
    }

    private static HostSurvey host(HostSpec host, InstanceSurvey seen, FirewallSurvey firewall) {
        Map<InstanceId, InstanceSurvey> instances = new HashMap<>();
        for (InstanceSpec instance : host.instances()) {
            instances.put(InstanceId.of(host.name(), instance.name()), seen);
        }
        return new HostSurvey(
                "/base",
                "b",
                "debian 12",
                "/usr/bin/redis-server",
                "7.0.15",
                List.of(),
                1L << 40,
                0,
                instances,
                AgentSurvey.NONE,
                TuningSurvey.NONE,
                new SystemdSurvey(true, Map.of(), SystemdSurvey.Rotation.NONE, firewall),
                PackageSurvey.NONE,
                List.of(),
                TlsSurvey.NONE,
                ArchiveSurvey.NONE);
    }
}
