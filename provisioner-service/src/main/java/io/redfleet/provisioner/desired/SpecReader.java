package io.redfleet.provisioner.desired;

import io.redfleet.contracts.cluster.ArchiveSpec;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.Durability;
import io.redfleet.contracts.cluster.FirewallSpec;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.InstanceSpec;
import io.redfleet.contracts.cluster.Manage;
import io.redfleet.contracts.cluster.MonitSpec;
import io.redfleet.contracts.cluster.ProbeSpec;
import io.redfleet.contracts.cluster.RedisSpec;
import io.redfleet.contracts.cluster.SecuritySpec;
import io.redfleet.contracts.cluster.SentinelSpec;
import io.redfleet.contracts.cluster.SourceSpec;
import io.redfleet.contracts.cluster.TlsSpec;
import io.redfleet.contracts.cluster.TuningSpec;
import io.redfleet.contracts.cluster.WatchMode;
import io.redfleet.contracts.cluster.WatchSpec;
import io.redfleet.contracts.wire.Violation;
import io.redfleet.provisioner.engine.Engine;
import io.redfleet.provisioner.tuning.KernelKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a document, already parsed into java.util trees, as a cluster spec. Defaults are what a careful operator would
 * have chosen among what this release can do; what it cannot do is refused by name, never passed over.
 */
public final class SpecReader {
    private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._/-]{0,61}[A-Za-z0-9])?");
    private static final Pattern MASTER_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
    private static final String PROCESS = "process";

    /** Some thirty characters a rule: more than any cluster's instances have names for. */
    private static final int RULES_MAX = 32_768;

    private SpecReader() {}

    /** What a document turned out to be. */
    public sealed interface Reading {}

    /**
     * A spec, complete.
     *
     * @param acceptRevision the newest revision on the hosts that this spec may replace although it is not known here;
     *     it says something of this one acceptance, and is no part of the spec. 0: none
     */
    public record Good(ClusterSpec spec, long acceptRevision) implements Reading {}

    /** No spec; every broken rule that was found. */
    public record Bad(List<Violation> violations) implements Reading {}

    /** A document of a cluster that is new. */
    public static Reading read(@Nullable Object document) {
        return read(document, new SecuritySpec(SecuritySpec.Acl.GENERATED));
    }

    /**
     * @param document maps, lists, strings, numbers, booleans and nulls, as a JSON parser gives them
     * @param unsaid the security of a document that says nothing about it: what stands, or what a new cluster gets
     */
    public static Reading read(@Nullable Object document, SecuritySpec unsaid) {
        Broken broken = new Broken();
        Fields root = Fields.of(broken, "", document);
        root.choice("apiVersion", "redfleet.io/v1", List.of("redfleet.io/v1"));
        root.choice("kind", "Cluster", List.of("Cluster"));
        Fields metadata = root.object("metadata");
        String name = metadata.text("name", "");
        Map<String, String> labels = labels(metadata);
        int acceptRevision = metadata.whole("acceptRevision", 0, 0, Integer.MAX_VALUE);
        metadata.end();
        if (!ClusterName.allowed(name)) {
            broken.rule("metadata.name", name, "must match [a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
        } else if (name.equals("bin")) {
            broken.rule("metadata.name", name, "below a host's directory bin holds the programs: choose another name");
        }
        Fields spec = root.object("spec");
        root.end();
        ClusterName cluster = new ClusterName(ClusterName.allowed(name) ? name : "unnamed");
        ClusterSpec read = spec(spec, cluster, labels, unsaid);
        return broken.none() ? new Good(read, acceptRevision) : new Bad(broken.all());
    }

    private static ClusterSpec spec(Fields spec, ClusterName cluster, Map<String, String> labels, SecuritySpec unsaid) {
        Fields redisFields = spec.object("redis");
        int port = redisFields.whole("port", 6379, 1, 65535);
        RedisSpec redis = redis(redisFields);
        Fields sentinelFields = spec.object("sentinel");
        int sentinelPort = sentinelFields.whole("port", 26379, 1, 65535);
        boolean weakQuorum = sentinelFields.yes("allowWeakQuorum");
        Manage manage = ObserveRules.read(spec);
        String service = spec.choice("service", PROCESS, List.of(PROCESS, ClusterSpec.SYSTEMD, ClusterSpec.SYSV));
        boolean systemd = service.equals(ClusterSpec.SYSTEMD);
        EngineRules.judge(spec.broken(), redis);
        InstallRules.judge(spec.broken(), redis, systemd);
        int before = spec.broken().all().size();
        List<HostSpec> hosts = HostReader.read(spec, port, sentinelPort, service);
        boolean hostsRead = spec.broken().all().size() == before;
        int redisCount = count(hosts, InstanceRole.REDIS);
        int sentinels = count(hosts, InstanceRole.SENTINEL);
        Durability durability = durability(spec.object("durability"), redisCount - 1);
        SentinelSpec sentinel = sentinel(sentinelFields, cluster, sentinels);
        HostName master = bootstrapMaster(spec, hosts);
        SecuritySpec security =
                security(spec.object("security"), manage == Manage.OBSERVE ? SecuritySpec.OFF : unsaid, systemd);
        TuningSpec tuning = tuning(spec.object("tuning"));
        MonitSpec monit = monit(spec.object("monit"));
        FirewallSpec firewall = FirewallRules.read(spec.object("firewall"), systemd, hosts);
        WatchSpec watch = watch(spec.object("watch"), ObserveRules.mode(manage), cluster, hosts);
        spec.end();
        if (hostsRead) {
            ClusterRules.judge(spec.broken(), hosts, sentinel, weakQuorum);
            SourceRules.judge(spec.broken(), redis, hosts);
        }
        ClusterSpec read = new ClusterSpec(
                cluster, labels, redis, durability, sentinel, hosts, master, service, watch, security, monit, tuning);
        ScriptRules.judge(spec.broken(), read);
        GroupRules.judge(spec.broken(), read.with(manage).with(firewall));
        return ObserveRules.judged(spec.broken(), read.with(manage).with(firewall));
    }

    private static TuningSpec tuning(Fields tuning) {
        String profile = tuning.choice("profile", "none", List.of("none", "article", "recommended"));
        Map<String, String> sysctl = tuning.scalars("sysctl");
        sysctl.forEach((key, value) -> {
            String field = tuning.path("sysctl") + "." + key;
            KernelKey.of(key)
                    .ifPresentOrElse(
                            allowed -> {
                                if (!allowed.takes(value)) {
                                    tuning.broken().rule(field, value, allowed.rule());
                                }
                            },
                            () -> tuning.broken().rule(field, value, KernelKey.refusal(key)));
        });
        tuning.end();
        return new TuningSpec(
                switch (profile) {
                    case "article" -> TuningSpec.Profile.ARTICLE;
                    case "recommended" -> TuningSpec.Profile.RECOMMENDED;
                    default -> TuningSpec.Profile.NONE;
                },
                sysctl);
    }

    private static MonitSpec monit(Fields monit) {
        String agent = monit.choice("agent", "off", List.of("off", "on"));
        monit.end();
        return agent.equals("on") ? new MonitSpec(MonitSpec.Agent.ON) : MonitSpec.OFF;
    }

    private static Map<String, String> labels(Fields metadata) {
        Map<String, String> labels = metadata.scalars("labels");
        labels.forEach((key, value) -> {
            if (!LABEL.matcher(key).matches()
                    || !(value.isEmpty() || LABEL.matcher(value).matches())) {
                String rule = "label keys and values are letters, digits, dots, dashes and slashes, at most 63";
                metadata.broken().rule(metadata.path("labels") + "." + key, value, rule);
            }
        });
        return labels;
    }

    private static RedisSpec redis(Fields redis) {
        Engine engine = EngineRules.read(redis);
        String install = InstallRules.read(redis);
        ArchiveSpec archive = InstallRules.archive(redis, install);
        SourceSpec source = SourceRules.read(redis, install);
        redis.unsupported("packages");
        String version = InstallRules.version(redis, install);
        Map<String, String> config = redis.texts("config");
        config.forEach((directive, value) ->
                Directives.judge(redis.broken(), redis.path("config") + "." + directive, directive, value));
        redis.end();
        return new RedisSpec(engine.word(), version, install, config, archive, source);
    }

    private static Durability durability(Fields fields, int replicas) {
        int most = Math.max(0, replicas - 1);
        int least = fields.whole("minReplicasToWrite", Math.min(1, most), 0, 1000);
        Duration maxLag = fields.duration("maxLag", Duration.ofSeconds(10), Duration.ofSeconds(1), Duration.ofHours(1));
        fields.end();
        if (least > most) {
            String rule = "must be below the number of replicas (" + Math.max(0, replicas) + ")";
            fields.broken().rule(fields.path("minReplicasToWrite"), least, rule);
        }
        if (maxLag.toMillis() % 1000 != 0) {
            fields.broken().rule(fields.path("maxLag"), Fields.shown(maxLag), "must be whole seconds");
        }
        return new Durability(least, maxLag);
    }

    private static SentinelSpec sentinel(Fields fields, ClusterName cluster, int sentinels) {
        String rule = "must be letters, digits, dots, dashes or underscores";
        String masterName = fields.text("masterName", cluster.value(), MASTER_NAME, rule);
        int quorum = fields.whole("quorum", sentinels / 2 + 1, 1, 1000);
        Duration downAfter =
                fields.duration("downAfter", Duration.ofSeconds(5), Duration.ofMillis(500), Duration.ofMinutes(10));
        Duration failoverTimeout =
                fields.duration("failoverTimeout", Duration.ofSeconds(60), Duration.ofSeconds(1), Duration.ofHours(1));
        int parallelSyncs = fields.whole("parallelSyncs", 1, 1, 100);
        String group = GroupRules.read(fields);
        fields.end();
        return new SentinelSpec(masterName, quorum, downAfter, failoverTimeout, parallelSyncs, group);
    }

    private static HostName bootstrapMaster(Fields spec, List<HostSpec> hosts) {
        String first = hosts.stream()
                .filter(host -> count(List.of(host), InstanceRole.REDIS) > 0)
                .map(host -> host.name().value())
                .findFirst()
                .orElse("none");
        String wanted = spec.text("bootstrapMaster", first);
        boolean known = hosts.stream().anyMatch(host -> host.name().value().equals(wanted) && hasMaster(host));
        // Where nobody may lead, that is told of the hosts, and no name would be right.
        if (!known && hosts.stream().anyMatch(SpecReader::hasMaster)) {
            spec.broken()
                    .rule(spec.path("bootstrapMaster"), wanted, "must be a host with a redis instance that may lead");
        }
        return new HostName(known ? wanted : first);
    }

    private static boolean hasMaster(HostSpec host) {
        return host.instances().stream().map(InstanceSpec::role).anyMatch(InstanceRole.REDIS::equals);
    }

    private static SecuritySpec security(Fields security, SecuritySpec unsaid, boolean systemd) {
        String acl = security.choice("acl", unsaid.generated() ? "generated" : "off", List.of("generated", "off"));
        TlsSpec tls = TlsReader.read(security, unsaid.tls(), systemd);
        ProbeSpec probe = ObserveRules.probe(security);
        security.end();
        SecuritySpec.Acl made = acl.equals("generated") ? SecuritySpec.Acl.GENERATED : SecuritySpec.Acl.OFF;
        return new SecuritySpec(made, tls, probe);
    }

    private static WatchSpec watch(Fields watch, String unsaid, ClusterName cluster, List<HostSpec> hosts) {
        String mode = watch.choice("mode", unsaid, List.of("auto", "alert-only", "observe"));
        Duration probe = watch.duration("probe", Duration.ofSeconds(1), Duration.ofMillis(200), Duration.ofMinutes(1));
        Duration cycle = watch.duration("cycle", Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofHours(1));
        watch.only("canary", "off", List.of("off", "on"));
        String compat = watch.choice("compat", "redfleet", List.of("redfleet", "monit"));
        String window = watch.choice("restartWindow", "tumbling", List.of("tumbling", "sliding"));
        boolean slides = window.equals("sliding");
        if (slides && compat.equals("monit")) {
            String rule = "with compat: monit it must be tumbling: Monit's window does not slide";
            watch.broken().rule(watch.path("restartWindow"), window, rule);
        }
        String rules = watch.lines("rules", RULES_MAX);
        watch.end();
        WatchRules.Pace pace = new WatchRules.Pace(cycle, slides);
        WatchRules.judge(watch.broken(), watch.path("rules"), rules, cluster, hosts, pace);
        return new WatchSpec(
                switch (mode) {
                    case "alert-only" -> WatchMode.ALERT_ONLY;
                    case "observe" -> WatchMode.OBSERVE;
                    default -> WatchMode.AUTO;
                },
                probe,
                cycle,
                rules,
                compat.equals("monit") ? WatchSpec.Compat.MONIT : WatchSpec.Compat.REDFLEET,
                slides ? WatchSpec.RestartWindow.SLIDING : WatchSpec.RestartWindow.TUMBLING);
    }

    static int count(List<HostSpec> hosts, InstanceRole role) {
        return (int) hosts.stream()
                .flatMap(host -> host.instances().stream())
                .filter(instance -> instance.role() == role)
                .count();
    }
}
