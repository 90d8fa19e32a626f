package io.redfleet.provisioner.recipe;

import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceSpec;
import io.redfleet.provisioner.secret.Agents;
import io.redfleet.provisioner.survey.HostSurvey;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The control file of a Monit that reports of a cluster's instances on one host, and starts and stops nothing: the life of a
 * process has one owner already.
 *
 * @param directory its own, absolute
 */
public record MonitRc(String directory, String text) {
    private static final String HEAD = """
            # Written by Redfleet, which writes it anew whenever the spec asks for something else. Monit reports, and acts on
            # nothing.
            """;

    /** Monit has no escapes in what it quotes. */
    private static final Pattern QUOTABLE = Pattern.compile("[A-Za-z0-9 ._/@+:,~-]+");
    /** Linux has room for 107 characters of a socket's path. */
    private static final int LONGEST_SOCKET = 107;

    private static final int POLL_SECONDS = 20;

    /** To whom it reports, and with what. */
    public record Report(String collector, Agents.Pass pass) {}

    /** Where it lives: no instance's name begins with a dot. */
    public static String directory(String base, ClusterName cluster) {
        return base + "/" + cluster + "/.monit";
    }

    /** Why Monit cannot live there; empty: it can. */
    public static Optional<String> unfit(String base, ClusterName cluster) {
        String socket = directory(base, cluster) + "/socket";
        if (!QUOTABLE.matcher(base).matches()) {
            return Optional.of(
                    "its control file cannot name " + base + ", only letters, digits, spaces and . _ / @ + : , ~ -");
        }
        return socket.length() > LONGEST_SOCKET
                ? Optional.of("the path of its socket, " + socket + ", is longer than " + LONGEST_SOCKET
                        + " characters: choose a shorter directory")
                : Optional.empty();
    }

    /**
     * @param seen what a survey found there
     * @param journal whether it runs as a unit, whose log is systemd's to keep; else it keeps one itself
     */
    public static MonitRc render(ClusterName cluster, HostSpec host, HostSurvey seen, Report report, boolean journal) {
        String directory = directory(seen.base(), cluster);
        StringBuilder text = new StringBuilder(HEAD);
        text.append("set daemon ").append(POLL_SECONDS).append('\n');
        set(text, "pidfile", directory + "/pid");
        set(text, "idfile", directory + "/id");
        set(text, "statefile", directory + "/state");
        if (!journal) {
            set(text, "log", directory + "/log");
        }
        text.append("set httpd unixsocket ")
                .append(quoted(directory + "/socket"))
                .append(" permission 0600\n  allow \"redfleet\":")
                .append(quoted(report.pass().console().reveal()))
                .append('\n');
        text.append("set mmonit ")
                .append(url(report.collector(), host, report.pass().report()))
                .append(" with timeout 5 seconds\n  register without credentials\n");
        check(text, "system", quoted(unlike(host, "machine")));
        text.append("  if memory usage > 90% for 3 cycles then alert\n")
                .append("  if loadavg (5min) per core > 2 for 3 cycles then alert\n");
        String mount = seen.agent().mount();
        if (QUOTABLE.matcher(mount).matches()) {
            check(text, "filesystem", quoted(unlike(host, "disk")) + " with path " + quoted(mount));
            text.append("  if space usage > 90% then alert\n");
        }
        for (InstanceSpec instance : host.instances()) {
            String pidfile = seen.base() + "/" + cluster + "/" + instance.name() + "/redis.pid";
            check(text, "process", quoted(instance.name()) + " with pidfile " + quoted(pidfile));
        }
        return new MonitRc(directory, text.toString());
    }

    /** SHA-256 of the file, in hex. */
    public String hash() {
        return Secret.of(text).hash();
    }

    /** With the secrets in it: never for people. */
    @Override
    public String toString() {
        return "MonitRc[" + directory + "]";
    }

    private static void set(StringBuilder text, String what, String path) {
        text.append("set ").append(what).append(' ').append(quoted(path)).append('\n');
    }

    /** Passive, whatever it is: Monit's own default is to start again what it misses. */
    private static void check(StringBuilder text, String type, String rest) {
        text.append("check ").append(type).append(' ').append(rest).append("\n  mode passive\n");
    }

    /** Monit takes no quotes around it. */
    private static String url(String collector, HostSpec host, Secret secret) {
        int end = collector.indexOf("://") + 3;
        return collector.substring(0, end) + host.name() + ":" + secret.reveal() + "@" + collector.substring(end)
                + "/collector";
    }

    /** A name for what is the host's, which none of its instances bears. */
    private static String unlike(HostSpec host, String name) {
        boolean taken =
                host.instances().stream().anyMatch(instance -> instance.name().equals(name));
        return taken ? unlike(host, name + "-of-host") : name;
    }

    private static String quoted(String word) {
        if (!QUOTABLE.matcher(word).matches()) {
            throw new IllegalArgumentException("a word that could break out of its quotes");
        }
        return "\"" + word + "\"";
    }
}
