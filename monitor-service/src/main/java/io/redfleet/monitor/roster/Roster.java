package io.redfleet.monitor.roster;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.cluster.ProbeSpec;
import io.redfleet.contracts.cluster.SecuritySpec;
import io.redfleet.contracts.cluster.SentinelSpec;
import io.redfleet.contracts.cluster.WatchMode;
import io.redfleet.contracts.cluster.WatchSpec;
import io.redfleet.monitor.check.ServiceRules;
import io.redfleet.monitor.check.Window;
import io.redfleet.monitrc.Target;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The instances of one cluster as the monitor looks at them.
 *
 * @param stood whether it has ever run as a whole; what answers at the addresses of one that has not may be another's
 * @param members in the order of the spec
 * @param promotable the nodes whose replica priority is not 0, which says never
 * @param user as whom its instances are spoken to, with a password; empty: as nobody, without one
 * @param ca as PEM, who has signed its instances' certificates; empty: they speak in the clear
 * @param rules by the names of the checks: of the instances that have rules of their own, and of the hosts
 */
public record Roster(
        ClusterName cluster,
        ClusterUid uid,
        Map<String, String> labels,
        Phase phase,
        boolean stood,
        SentinelSpec sentinel,
        WatchSpec watch,
        Map<InstanceId, Member> members,
        Set<InstanceId> promotable,
        String user,
        String ca,
        Map<String, ServiceRules> rules) {
    public Roster {
        labels = Map.copyOf(labels);
        members = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(members));
        promotable = Set.copyOf(promotable);
        rules = Map.copyOf(rules);
    }

    /** @throws IllegalArgumentException its rules are not in a language that this release reads */
    public static Roster of(ClusterState state) {
        Map<InstanceId, Member> members = new LinkedHashMap<>();
        state.spec().members().forEach(member -> members.put(member.id(), member));
        return new Roster(
                state.name(),
                state.uid(),
                state.spec().labels(),
                state.phase(),
                state.stood(),
                state.spec().sentinel(),
                watch(state.spec()),
                members,
                promotable(state),
                user(state.spec().security()),
                state.spec().security().tls().ca(),
                ServiceRules.read(
                        state.spec().watch().rules(), window(state.spec().watch())));
    }

    private static String user(SecuritySpec security) {
        ProbeSpec given = security.probe();
        if (given != null) {
            return given.user();
        }
        return security.generated() ? Purpose.PROBE.word() : "";
    }

    /** Whether nothing can be asked of its instances without a password. */
    public boolean guarded() {
        return !user.isEmpty();
    }

    /** One that is only observed is never acted for, whatever its record says of the mode. */
    private static WatchSpec watch(ClusterSpec spec) {
        boolean acts = spec.watch().mode() == WatchMode.AUTO;
        return spec.observed() && acts ? spec.watch().in(WatchMode.OBSERVE) : spec.watch();
    }

    /** The instance's own, or the default. */
    public ServiceRules rules(InstanceId instance) {
        ServiceRules own = rules.get(instance.name());
        if (own != null && !own.isOfHosts()) {
            return own;
        }
        return window(watch).slides() ? ServiceRules.SLIDING_ARTICLE : ServiceRules.ARTICLE;
    }

    private static Window window(WatchSpec watch) {
        return switch (watch.restartWindow()) {
            case TUMBLING -> Window.CLOSED;
            case SLIDING -> Window.EMPTY;
        };
    }

    /** What is judged of a host: a check of an address of the first one that has it, the others of every one. */
    public List<ServiceRules> hostRules(HostName host) {
        return rules.values().stream()
                .filter(ServiceRules::isOfHosts)
                .filter(check -> isJudged(check, host))
                .sorted(Comparator.comparing(ServiceRules::name))
                .toList();
    }

    private boolean isJudged(ServiceRules check, HostName of) {
        return !(check.service().check().target() instanceof Target.Host target)
                || at(target).stream()
                        .findFirst()
                        .filter(first -> first.id().host().equals(of))
                        .isPresent();
    }

    /** Whose port it is, at the address of a check; empty where that is nobody's of the cluster. */
    public Optional<InstanceId> listener(Target.Host target, int port) {
        return at(target).stream()
                .filter(member -> member.endpoint().port() == port)
                .map(Member::id)
                .findFirst();
    }

    private List<Member> at(Target.Host target) {
        return Member.at(target.address(), members.values());
    }

    /** In the order of the spec. */
    public List<HostName> hosts() {
        return members.keySet().stream().map(InstanceId::host).distinct().toList();
    }

    private static Set<InstanceId> promotable(ClusterState state) {
        return state.spec().hosts().stream()
                .flatMap(host -> host.instances().stream()
                        .filter(instance -> instance.role() == InstanceRole.REDIS && instance.replicaPriority() > 0)
                        .map(instance -> InstanceId.of(host.name(), instance.name())))
                .collect(Collectors.toUnmodifiableSet());
    }

    public List<Member> sentinels() {
        return ofRole(InstanceRole.SENTINEL);
    }

    public List<Member> nodes() {
        return ofRole(InstanceRole.REDIS);
    }

    /** More than half of the configured Sentinels. */
    public int majority() {
        return sentinels().size() / 2 + 1;
    }

    /** Whose address this is: the one it announces, or the one it listens on. */
    public Optional<InstanceId> at(Endpoint address) {
        return members.values().stream()
                .filter(member ->
                        member.announce().equals(address) || member.endpoint().equals(address))
                .map(Member::id)
                .findFirst();
    }

    /** The same instance under either of its addresses. */
    public boolean same(Endpoint one, Endpoint other) {
        return one.equals(other) || (at(one).isPresent() && at(one).equals(at(other)));
    }

    private List<Member> ofRole(InstanceRole role) {
        return members.values().stream().filter(member -> member.role() == role).toList();
    }
}
