package io.redfleet.contracts.cluster;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an operator wants a cluster to be.
 *
 * @param bootstrapMaster who is master before Sentinel has ever decided; without meaning afterwards
 * @param service how processes are run: {@code process} is user-level, by pidfile; {@code systemd} by units, as the user redis;
 *     {@code sysv} by init scripts, as the user redis
 * @param security missing in records of before access control: those clusters are open
 * @param monit missing in records of before: nobody sees to a Monit there
 * @param tuning missing in records of before: the machines are left as they are
 * @param manage missing in records of before: whatever stands is managed
 * @param firewall missing in records of before: whoever reaches a host reaches its ports
 */
public record ClusterSpec(
        ClusterName name,
        Map<String, String> labels,
        RedisSpec redis,
        Durability durability,
        SentinelSpec sentinel,
        List<HostSpec> hosts,
        HostName bootstrapMaster,
        String service,
        WatchSpec watch,
        @Nullable SecuritySpec security,
        @Nullable MonitSpec monit,
        @Nullable TuningSpec tuning,
        @Nullable Manage manage,
        @Nullable FirewallSpec firewall) {
    /** A word of {@code service}. */
    public static final String SYSTEMD = "systemd";

    /** Another one. */
    public static final String SYSV = "sysv";

    public ClusterSpec {
        security = security == null ? SecuritySpec.OFF : security;
        monit = monit == null ? MonitSpec.OFF : monit;
        tuning = tuning == null ? TuningSpec.NONE : tuning;
        manage = manage == null ? Manage.FULL : manage;
        firewall = firewall == null ? FirewallSpec.NONE : firewall;
        labels = Map.copyOf(labels);
        hosts = List.copyOf(hosts);
    }

    /** One whose hosts filter nothing for it. */
    public ClusterSpec(
            ClusterName name,
            Map<String, String> labels,
            RedisSpec redis,
            Durability durability,
            SentinelSpec sentinel,
            List<HostSpec> hosts,
            HostName bootstrapMaster,
            String service,
            WatchSpec watch,
            @Nullable SecuritySpec security,
            @Nullable MonitSpec monit,
            @Nullable TuningSpec tuning,
            @Nullable Manage manage) {
        this(
                name,
                labels,
                redis,
                durability,
                sentinel,
                hosts,
                bootstrapMaster,
                service,
                watch,
                security,
                monit,
                tuning,
                manage,
                null);
    }

    /** One that is managed. */
    public ClusterSpec(
            ClusterName name,
            Map<String, String> labels,
            RedisSpec redis,
            Durability durability,
            SentinelSpec sentinel,
            List<HostSpec> hosts,
            HostName bootstrapMaster,
            String service,
            WatchSpec watch,
            @Nullable SecuritySpec security,
            @Nullable MonitSpec monit,
            @Nullable TuningSpec tuning) {
        this(
                name,
                labels,
                redis,
                durability,
                sentinel,
                hosts,
                bootstrapMaster,
                service,
                watch,
                security,
                monit,
                tuning,
                null);
    }

    /** On machines that are left as they are. */
    public ClusterSpec(
            ClusterName name,
            Map<String, String> labels,
            RedisSpec redis,
            Durability durability,
            SentinelSpec sentinel,
            List<HostSpec> hosts,
            HostName bootstrapMaster,
            String service,
            WatchSpec watch,
            @Nullable SecuritySpec security,
            @Nullable MonitSpec monit) {
        this(name, labels, redis, durability, sentinel, hosts, bootstrapMaster, service, watch, security, monit, null);
    }

    /** Without a Monit on its hosts, which are left as they are. */
    public ClusterSpec(
            ClusterName name,
            Map<String, String> labels,
            RedisSpec redis,
            Durability durability,
            SentinelSpec sentinel,
            List<HostSpec> hosts,
            HostName bootstrapMaster,
            String service,
            WatchSpec watch,
            @Nullable SecuritySpec security) {
        this(name, labels, redis, durability, sentinel, hosts, bootstrapMaster, service, watch, security, null);
    }

    /** The same cluster, watched otherwise. */
    public ClusterSpec with(WatchSpec other) {
        return of(hosts, other, monit(), tuning(), manage(), firewall());
    }

    /** The same cluster, with a Monit on its hosts or without. */
    public ClusterSpec with(MonitSpec other) {
        return of(hosts, watch, other, tuning(), manage(), firewall());
    }

    /** The same cluster, on machines that are tuned otherwise. */
    public ClusterSpec with(TuningSpec other) {
        return of(hosts, watch, monit(), other, manage(), firewall());
    }

    /** The same cluster, managed or only observed. */
    public ClusterSpec with(Manage other) {
        return of(hosts, watch, monit(), tuning(), other, firewall());
    }

    /** The same cluster, whose hosts let others in. */
    public ClusterSpec with(FirewallSpec other) {
        return of(hosts, watch, monit(), tuning(), manage(), other);
    }

    /** The same cluster, on other hosts. */
    public ClusterSpec on(List<HostSpec> others) {
        return of(others, watch, monit(), tuning(), manage(), firewall());
    }

    private ClusterSpec of(
            List<HostSpec> on, WatchSpec by, MonitSpec agent, TuningSpec tuned, Manage how, FirewallSpec filtered) {
        return new ClusterSpec(
                name,
                labels,
                redis,
                durability,
                sentinel,
                on,
                bootstrapMaster,
                service,
                by,
                security,
                agent,
                tuned,
                how,
                filtered);
    }

    /** With these too; what is on a host that is there already joins it. */
    public ClusterSpec joined(List<HostSpec> more) {
        Map<HostName, HostSpec> all = new LinkedHashMap<>();
        Stream.concat(hosts.stream(), more.stream()).forEach(host -> all.merge(host.name(), host, HostSpec::joined));
        return more.isEmpty() ? this : on(List.copyOf(all.values()));
    }

    /** Never null, whatever the record lacked. */
    @Override
    public SecuritySpec security() {
        return security == null ? SecuritySpec.OFF : security;
    }

    /** Never null, whatever the record lacked. */
    @Override
    public MonitSpec monit() {
        return monit == null ? MonitSpec.OFF : monit;
    }

    /** Never null, whatever the record lacked. */
    @Override
    public TuningSpec tuning() {
        return tuning == null ? TuningSpec.NONE : tuning;
    }

    /** Never null, whatever the record lacked. */
    @Override
    public Manage manage() {
        return manage == null ? Manage.FULL : manage;
    }

    /** Never null, whatever the record lacked. */
    @Override
    public FirewallSpec firewall() {
        return firewall == null ? FirewallSpec.NONE : firewall;
    }

    /** Whether it is watched alone, and nothing is written to its nodes and hosts. */
    public boolean observed() {
        return manage() == Manage.OBSERVE;
    }

    /** Whether each instance is a unit of systemd. */
    public boolean runsOnSystemd() {
        return SYSTEMD.equals(service);
    }

    /** Whether each instance has an init script. */
    public boolean runsOnScripts() {
        return SYSV.equals(service);
    }

    /** Whether the host's init runs each instance, as the user redis: by a unit or by an init script. */
    public boolean runsByInit() {
        return runsOnSystemd() || runsOnScripts();
    }

    /** Every instance, in the order of the spec. */
    public List<Member> members() {
        return hosts.stream()
                .flatMap(host -> host.instances().stream().map(instance -> member(host, instance)))
                .toList();
    }

    public List<Member> members(InstanceRole role) {
        return members().stream().filter(member -> member.role() == role).toList();
    }

    public Optional<HostSpec> host(HostName wanted) {
        return hosts.stream().filter(host -> host.name().equals(wanted)).findFirst();
    }

    public Optional<Member> member(InstanceId wanted) {
        return members().stream().filter(member -> member.id().equals(wanted)).findFirst();
    }

    /** Where somebody else put an instance; empty: it is where Redfleet puts instances, or none of the cluster. */
    public Optional<OwnPlace> at(InstanceId wanted) {
        return host(wanted.host()).stream()
                .flatMap(host -> host.instances().stream())
                .filter(instance -> instance.name().equals(wanted.name()))
                .findFirst()
                .flatMap(instance -> Optional.ofNullable(instance.at()));
    }

    /** Whether it is managed where somebody else built it. */
    public boolean adopted() {
        return !observed()
                && hosts.stream()
                        .flatMap(host -> host.instances().stream())
                        .anyMatch(instance -> instance.at() != null);
    }

    private static Member member(HostSpec host, InstanceSpec instance) {
        return new Member(
                InstanceId.of(host.name(), instance.name()),
                instance.role(),
                new Endpoint(host.address(), instance.port()),
                instance.announce(),
                host.zone());
    }
}
