package io.redfleet.provisioner.recipe;

import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.provisioner.survey.RunAs;
import io.redfleet.provisioner.survey.Surveyor;
import java.util.Optional;

/**
 * The unit by which systemd runs the Monit that reports of a cluster's instances on one host, by its {@link MonitRc}.
 *
 * <p>It runs as the user of the instances, for whom alone their pidfiles are, and has no right beyond: what it could tell is no
 * more than that user could. systemd starts it at boot, and again when it dies; the instances are neither started nor stopped
 * by it.
 *
 * <p>A pidfile that was left behind goes before each start. Monit takes whoever has that pid for itself, and wakes it by a
 * signal that ends a Redis.
 *
 * @param path where it lies
 * @param owner the mark in it
 */
public record MonitUnit(String path, String owner, String text) {
    /**
     * @param base absolute, as the spec has it
     * @param binary Monit itself
     * @throws IllegalArgumentException if a path could be more than a path
     */
    public static MonitUnit of(ClusterState cluster, String base, String binary) {
        String owner = UnitFile.words(owner(cluster));
        String directory = UnitFile.path(MonitRc.directory(base, cluster.name()));
        String text = """
                # Written by Redfleet, which writes it anew whenever another is wanted.
                # redfleet-owner %1$s
                [Unit]
                Description=Redfleet %2$s: Monit, which reports and acts on nothing
                Wants=network-online.target
                After=network-online.target
                ConditionPathExists=%5$s/monitrc
                StartLimitIntervalSec=300
                StartLimitBurst=5

                [Service]
                Type=simple
                User=%3$s
                ExecStartPre="/bin/rm" "-f" "%5$s/pid"
                ExecStart="%4$s" "-I" "-c" "%5$s/monitrc"
                Restart=on-failure
                RestartSec=5
                TimeoutStopSec=20
                %6$s""".formatted(
                        owner,
                        UnitFile.words(cluster.name().value()),
                        RunAs.USER,
                        UnitFile.path(binary),
                        directory,
                        UnitFile.confined(directory, "DevicePolicy=closed"));
        return new MonitUnit(path(cluster.name()), owner, text);
    }

    /** Where that of a cluster lies, whoever wrote it: no instance's name has a dot. units.sh knows it too. */
    public static String path(ClusterName cluster) {
        return UnitFile.path(Surveyor.UNITS + "/redfleet-" + cluster + ".monit" + UnitFile.SUFFIX);
    }

    /** The mark of a cluster's own. */
    public static String owner(ClusterState cluster) {
        return cluster.uid().value() + " " + cluster.name().value();
    }

    /** Why none can run this program; empty: it can. */
    public static Optional<String> unfit(String binary) {
        return UnitFile.isPath(binary)
                ? Optional.empty()
                : Optional.of("a unit cannot name " + binary.replaceAll("[^ -~]", "?")
                        + ", only an absolute path of letters, digits and . _ -: have Monit in such a one");
    }

    /** SHA-256 of it, in hex. */
    public String hash() {
        return Secret.of(text).hash();
    }
}
