package io.redfleet.provisioner.recipe;

import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.provisioner.survey.RunAs;
import java.util.List;
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

    /** @throws IllegalArgumentException if a word could be more than a word */
    public static RotationFile of(ClusterState cluster, HostSpec host) {
        List<String> logs = host.instances().stream()
                .map(instance ->
                        path(host.directory() + "/" + cluster.name() + "/" + instance.name() + "/log/redis.log"))
                .toList();
        String owner = cluster.uid() + " " + cluster.name();
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
        return new RotationFile(path(cluster.name()), owner, text);
    }

    /** Where that of a cluster lies, whoever wrote it. */
    private static String path(ClusterName cluster) {
        return path(DIRECTORY + "/redfleet-" + cluster);
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
