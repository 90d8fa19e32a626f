package io.redfleet.provisioner.recipe;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.InstanceSpec;
import io.redfleet.contracts.cluster.SentinelSpec;
import io.redfleet.provisioner.secret.Accounts;
import io.redfleet.provisioner.survey.InstanceSurvey;
import io.redfleet.provisioner.survey.Place;
import java.util.LinkedHashMap;
import java.util.Map;

/** The configuration of a Sentinel: written once, later changed by SENTINEL SET only (requirement R58). */
public final class SentinelConf {
    private static final String HEAD = """
            # Written once by Redfleet for the first start. Sentinel rewrites this file; later changes are made by
            # SENTINEL SET.
            """;

    private static final String QUORUM = "quorum";
    private static final String DOWN_AFTER = "down-after-milliseconds";
    /** Counted from when a master says that it has just begun; no answer shows it. */
    private static final String REBOOT = "master-reboot-down-after-period";

    private SentinelConf() {}

    /** What SENTINEL MASTER shows and SENTINEL SET changes, by Sentinel's names, which are the same for both. */
    public static Map<String, String> owned(ClusterSpec spec) {
        SentinelSpec sentinel = spec.sentinel();
        Map<String, String> owned = new LinkedHashMap<>();
        owned.put(QUORUM, String.valueOf(sentinel.quorum()));
        owned.put(DOWN_AFTER, String.valueOf(sentinel.downAfter().toMillis()));
        owned.put("failover-timeout", String.valueOf(sentinel.failoverTimeout().toMillis()));
        owned.put("parallel-syncs", String.valueOf(sentinel.parallelSyncs()));
        return owned;
    }

    public static Map<String, String> drift(ClusterSpec spec, InstanceSurvey live) {
        Map<String, String> drift = new LinkedHashMap<>();
        owned(spec).forEach((name, wanted) -> {
            if (!wanted.equals(live.master().get(name))) {
                drift.put(name, wanted);
            }
        });
        return drift;
    }

    /**
     * What SENTINEL SET has to say to one that has drifted, in this order: what follows another setting before it, so that a cut
     * between the two leaves a difference that is seen; the quorum last, for with it a Sentinel acts by all others.
     *
     * @param version as {@link #settings} has it
     */
    public static Map<String, String> toSet(ClusterSpec spec, InstanceSurvey live, String version) {
        Map<String, String> drift = drift(spec, live);
        Map<String, String> ordered = new LinkedHashMap<>();
        settings(spec, version).forEach((option, wanted) -> {
            boolean follows = option.equals(REBOOT) && drift.containsKey(DOWN_AFTER);
            if (follows || drift.containsKey(option)) {
                ordered.put(option, wanted);
            }
        });
        if (drift.containsKey(QUORUM)) {
            ordered.put(QUORUM, String.valueOf(spec.sentinel().quorum()));
        }
        return ordered;
    }

    /**
     * All that a Sentinel has for its master beside the quorum, in the order of {@link #toSet}.
     *
     * @param version that it runs; empty: of one that somebody else has built, which has no more than what {@link #owned} names
     */
    public static Map<String, String> settings(ClusterSpec spec, String version) {
        Map<String, String> settings = new LinkedHashMap<>();
        if (knowsReboots(version) && aReplicaMayLead(spec)) {
            long period = spec.sentinel().downAfter().multipliedBy(2).toMillis();
            settings.put(REBOOT, String.valueOf(period));
        }
        settings.putAll(owned(spec));
        settings.remove(QUORUM);
        return settings;
    }

    /**
     * The whole file, for a Sentinel that has none.
     *
     * @param master whom it watches from the start: by majority if there is one, else the bootstrap master
     * @param seen the binary that will read it, and whose passwords it needs
     */
    public static String render(ClusterSpec spec, Place place, String directory, Endpoint master, Reader seen) {
        String name = spec.sentinel().masterName();
        StringBuilder text = new StringBuilder(HEAD);
        Endpoint announce = place.instance().announce();
        text.append(Setting.line("bind", place.host().address()));
        Spoken.lines(spec.security().tls(), place.port())
                .forEach((directive, value) -> text.append(Setting.line(directive, value)));
        text.append(Setting.line("daemonize", place.isUnit() ? "no" : "yes"))
                .append(place.isUnit() ? Setting.line("supervised", "systemd") : "")
                .append(Setting.line("pidfile", directory + "/redis.pid"))
                .append(Setting.line("dir", directory + "/data"))
                .append(Setting.line("logfile", directory + "/log/redis.log"))
                .append(Setting.line("sentinel announce-ip", announce.host()))
                .append(Setting.line("sentinel announce-port", String.valueOf(announce.port())))
                .append(Setting.line("sentinel deny-scripts-reconfig", "yes"))
                .append(itself(directory, seen.accounts()))
                .append(Setting.line(
                        "sentinel monitor",
                        name + " " + master.host() + " " + master.port() + " "
                                + spec.sentinel().quorum()));
        text.append(itsMaster(name, seen.accounts()));
        settings(spec, seen.version())
                .forEach((option, value) -> text.append(Setting.line("sentinel " + option, name + " " + value)));
        return text.toString();
    }

    /** What a Sentinel of a cluster will be: its binary's version, and the cluster's passwords. */
    public record Reader(String version, Accounts accounts) {}

    /** Who may ask this Sentinel, and as whom it asks the others. */
    private static String itself(String directory, Accounts accounts) {
        if (accounts.isNone()) {
            // Sentinels have to reach each other, and without a password protected mode would keep them apart.
            return Setting.line("protected-mode", "no");
        }
        return Setting.line("protected-mode", "yes")
                + Setting.line("aclfile", directory + "/" + UsersFile.NAME)
                + Setting.line("sentinel sentinel-user", Purpose.PEER.word())
                + Setting.line(
                        "sentinel sentinel-pass", accounts.of(Purpose.PEER).reveal());
    }

    /** As whom it asks the master and the replicas; has to stand after the line that names the master. */
    private static String itsMaster(String name, Accounts accounts) {
        return accounts.isNone()
                ? ""
                : Setting.line("sentinel auth-user", name + " " + Purpose.SENTINEL.word())
                        + Setting.line(
                                "sentinel auth-pass",
                                name + " " + accounts.of(Purpose.SENTINEL).reveal());
    }

    /** Came with 7.0; without it a master that loads for long is never counted as down. */
    private static boolean knowsReboots(String version) {
        return Version.major(version) >= 7;
    }

    private static boolean aReplicaMayLead(ClusterSpec spec) {
        return spec.hosts().stream()
                        .flatMap(host -> host.instances().stream())
                        .filter(instance -> instance.role() == InstanceRole.REDIS)
                        .filter(instance -> eligible(instance))
                        .count()
                > 1;
    }

    private static boolean eligible(InstanceSpec instance) {
        return instance.replicaPriority() > 0;
    }
}
