package io.redfleet.provisioner.survey;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.provisioner.archive.BuildSurvey;
import io.redfleet.provisioner.secret.Accounts;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What was found of a cluster, and which hosts gave no answer.
 *
 * @param hosts by host; a host is here or in {@code unreached}
 * @param accounts with whose passwords was asked
 * @param build what is known of the archive that its hosts get
 * @param access who may enter the instances; nothing of one that was not asked, or did not say
 * @param ways by host, whom it reaches; empty where nobody was asked
 * @param asked whether instances that answer were to be asked who may enter them: one that is not in {@code access} then did not
 *     say
 */
public record ClusterSurvey(
        Map<HostName, HostSurvey> hosts,
        Map<HostName, Reply.Failed> unreached,
        Accounts accounts,
        BuildSurvey build,
        Map<InstanceId, AccessSurvey> access,
        Map<HostName, WaysHeard> ways,
        boolean asked) {
    public ClusterSurvey {
        hosts = Map.copyOf(hosts);
        unreached = Map.copyOf(new LinkedHashMap<>(unreached));
        access = Map.copyOf(access);
        ways = Map.copyOf(ways);
    }

    /** Of a cluster for which nothing has to be built. */
    public ClusterSurvey(Map<HostName, HostSurvey> hosts, Map<HostName, Reply.Failed> unreached, Accounts accounts) {
        this(hosts, unreached, accounts, new BuildSurvey.Unasked(), Map.of(), Map.of(), false);
    }

    /** Of a cluster without access control. */
    public ClusterSurvey(Map<HostName, HostSurvey> hosts, Map<HostName, Reply.Failed> unreached) {
        this(hosts, unreached, Accounts.NONE);
    }

    /** The same hosts, and this of what is built. */
    ClusterSurvey knowing(BuildSurvey known) {
        return new ClusterSurvey(hosts, unreached, accounts, known, access, ways, asked);
    }

    /** The same, and this of who may enter. */
    public ClusterSurvey entered(Map<InstanceId, AccessSurvey> known) {
        return new ClusterSurvey(hosts, unreached, accounts, build, known, ways, true);
    }

    /** The same, and this of whom hosts reach. */
    ClusterSurvey hearing(Map<HostName, WaysHeard> heard) {
        return new ClusterSurvey(hosts, unreached, accounts, build, access, heard, asked);
    }

    /** The same of hosts that have something else by then. */
    public ClusterSurvey on(Map<HostName, HostSurvey> foreseen) {
        return new ClusterSurvey(foreseen, unreached, accounts, build, access, ways, asked);
    }

    /** Empty when its host gave no answer. */
    public Optional<InstanceSurvey> instance(InstanceId id) {
        return Optional.ofNullable(hosts.get(id.host()))
                .flatMap(host -> Optional.ofNullable(host.instances().get(id)));
    }

    /** Who shares a Sentinel; nobody, where it is the cluster's own or nothing of it was found. */
    public GroupSurvey group(InstanceId sentinel) {
        HostSurvey host = hosts.get(sentinel.host());
        return host == null ? GroupSurvey.NONE : host.footing().groups().getOrDefault(sentinel, GroupSurvey.NONE);
    }

    /**
     * The master that more than half of the Sentinels name, by the endpoint that it announces. Sentinels that do not
     * answer count against, for a minority may be cut off and wrong; one that was seen and has never run does not count.
     */
    public Optional<Endpoint> namedMaster(ClusterSpec spec) {
        Map<Endpoint, Integer> votes = new HashMap<>();
        int entitled = 0;
        for (Member sentinel : spec.members(InstanceRole.SENTINEL)) {
            Optional<InstanceSurvey> seen = instance(sentinel.id());
            if (seen.isPresent() && !seen.get().joined()) {
                continue;
            }
            entitled++;
            seen.flatMap(ClusterSurvey::namedBy).ifPresent(endpoint -> votes.merge(endpoint, 1, Integer::sum));
        }
        int majority = entitled / 2 + 1;
        return votes.entrySet().stream()
                .filter(vote -> vote.getValue() >= majority)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** Whether any Sentinel of the cluster has ever run: from then on the spec decides no role. */
    public boolean sentinelsKnowACluster(ClusterSpec spec) {
        return spec.members(InstanceRole.SENTINEL).stream()
                .anyMatch(sentinel ->
                        instance(sentinel.id()).map(InstanceSurvey::joined).orElse(false));
    }

    private static Optional<Endpoint> namedBy(InstanceSurvey sentinel) {
        String ip = sentinel.master().getOrDefault("ip", "");
        String port = sentinel.master().getOrDefault("port", "");
        int number = port.matches("\\d{1,5}") ? Integer.parseInt(port) : 0;
        // What one of them says must not stop the others' being counted.
        if (!ip.matches("[A-Za-z0-9._:-]+") || number < 1 || number > 65_535) {
            return Optional.empty();
        }
        return Optional.of(new Endpoint(ip, number));
    }
}
