package io.redfleet.provisioner.recipe;

import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceSpec;
import io.redfleet.provisioner.survey.GroupSurvey;
import io.redfleet.provisioner.survey.Place;
import io.redfleet.provisioner.survey.RunAs;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The file by which logrotate keeps twelve weeks of the logs of a cluster's instances on one host. Nobody is told by a signal:
 * Redis opens its log anew for each line.
 *
 * @param path where it lies
 * @param owner the mark in it
 */
public record RotationFile(String path, String owner, String text) {
    /** Where logrotate looks. units.sh knows it too. */
    public static final String DIRECTORY = "/etc/logrotate.d";

    /** logrotate has quotes, globs and escapes; nothing that is one is let in. */
    private static final Pattern PATH = Pattern.compile("(/(?!\\.{1,2}(/|$))[A-Za-z0-9._-]+)+");

    private static final Pattern OWNER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127} [a-z0-9-]{1,63}");

    /**
     * The cluster's own.
     *
     * @throws IllegalArgumentException if a word could be more than a word
     */
    public static RotationFile of(ClusterState cluster, HostSpec host) {
        String name = cluster.name().value();
        return file(name, cluster.uid() + " " + name, logs(cluster.spec(), host, false));
    }

    /** That of the group to which Sentinels of the host belong, the same for all of its clusters; empty: there are none. */
    public static Optional<RotationFile> ofGroup(ClusterSpec spec, HostSpec host) {
        // Specs may name them in another order.
        List<String> logs = logs(spec, host, true).stream().sorted().toList();
        return Place.homes(spec, host).stream()
                .findFirst()
                .map(home -> file(home, GroupSurvey.MARK + spec.sentinel().group(), logs));
    }

    /** Whether the host has logs of the cluster's own: a file that names none is an error to logrotate. */
    public static boolean hasOwn(ClusterSpec spec, HostSpec host) {
        return !logs(spec, host, false).isEmpty();
    }

    private static List<String> logs(ClusterSpec spec, HostSpec host, boolean shared) {
        return host.instances().stream()
                .filter(instance -> spec.sentinel().groupOf(instance.role()).isPresent() == shared)
                .map(instance -> path(host.directory() + "/" + below(spec, instance) + "/log/redis.log"))
                .toList();
    }

    private static String below(ClusterSpec spec, InstanceSpec instance) {
        String called = Place.called(spec, instance);
        return called.contains("/") ? called : spec.name() + "/" + called;
    }

    private static RotationFile file(String name, String owner, List<String> logs) {
        if (!OWNER.matcher(owner).matches()) {
            throw new IllegalArgumentException("an owner that could break out of its line");
        }
        String text = """
                # Written by Redfleet, which writes it anew whenever another is wanted.
                # redfleet-owner %1$s
                %2$s {
                    weekly
                    rotate 12
                    compress
                    delaycompress
                    missingok
                    notifempty
                    su %3$s %3$s
                }
                """.formatted(owner, String.join("\n", logs), RunAs.USER);
        return new RotationFile(path(DIRECTORY + "/redfleet-" + name), owner, text);
    }

    /** SHA-256 of it, in hex. */
    public String hash() {
        return Secret.of(text).hash();
    }

    private static String path(String path) {
        if (!PATH.matcher(path).matches()) {
            throw new IllegalArgumentException("a path that could break out of its line");
        }
        return path;
    }
}
