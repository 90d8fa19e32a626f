package io.redfleet.provisioner.recipe;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.provisioner.survey.RunAs;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What an admin of a cluster's hosts puts into {@code /etc/sudoers.d}, so that sudo runs there what Redfleet asks it to:
 * no more than that, and still all that root may, for it is a shell.
 *
 * @param runAs as whom scripts of this spec run by sudo; empty: none does
 * @param hosts by the name of an SSH user, those on which it is
 */
public record Sudoers(ClusterSpec spec, Set<RunAs> runAs, Map<String, List<String>> hosts) {
    /** Both are one directory where the machine is of this decade, and sudo compares what it finds in its own path. */
    private static final List<String> DIRECTORIES = List.of("/usr/bin/", "/bin/");

    /**
     * What is a plain user to sudoers: a word without its special characters that begins as no group, netgroup or number
     * does. One in capitals alone would be an alias, and ALL is everybody.
     */
    private static final Pattern USER = Pattern.compile("[a-z_][A-Za-z0-9_-]{0,31}");

    public static Sudoers of(ClusterSpec spec) {
        Map<String, List<String>> hosts = new TreeMap<>();
        for (HostSpec host : spec.hosts()) {
            hosts.computeIfAbsent(host.ssh().user(), user -> new ArrayList<>())
                    .add(host.name().value());
        }
        return new Sudoers(spec, runAs(spec), hosts);
    }

    /** As whom a cluster of this spec needs to be somebody else than the SSH user. */
    private static Set<RunAs> runAs(ClusterSpec spec) {
        Set<RunAs> all = EnumSet.noneOf(RunAs.class);
        if (spec.tuning().wanted()) {
            all.add(RunAs.ROOT);
        }
        if (spec.runsByInit()) {
            all.add(RunAs.ROOT);
            all.add(RunAs.REDIS);
        }
        return all;
    }

    /** Why there is none: a user whose name would be something else in such a file. */
    public Optional<String> refusal() {
        return hosts.entrySet().stream()
                .filter(user -> !USER.matcher(user.getKey()).matches())
                .findFirst()
                .map(user -> "ssh.user of " + String.join(", ", user.getValue()) + ": '" + plain(user.getKey())
                        + "': in a sudoers file a user's name must match " + USER.pattern());
    }

    /** @throws IllegalStateException there is a {@link #refusal} */
    public String file() {
        refusal().ifPresent(why -> {
            throw new IllegalStateException(why);
        });
        return String.join("\n", runAs.isEmpty() ? none() : rules()) + "\n";
    }

    /** As it is answered. */
    public Map<String, Object> shown() {
        List<String> users = runAs.isEmpty() ? List.of() : List.copyOf(hosts.keySet());
        Map<String, Object> shown = new TreeMap<>();
        shown.put("cluster", spec.name().value());
        shown.put("needed", !runAs.isEmpty());
        shown.put("users", users);
        shown.put("file", file());
        return shown;
    }

    private List<String> none() {
        return List.of(
                "# Cluster " + spec.name() + " needs no sudo: with service: " + spec.service() + " and no tuning",
                "# all that Redfleet does on its hosts it does as the SSH user, programs of rules (exec) too. Where an earlier",
                "# revision had tuning, root is needed until the cluster has been applied without it.");
    }

    private List<String> rules() {
        String place = "/etc/sudoers.d/redfleet-" + spec.name();
        List<String> lines = new ArrayList<>();
        lines.add("# What Redfleet asks of sudo on the hosts of cluster " + spec.name() + ", for " + why() + ".");
        lines.add("# Put it into " + place + ", of root, mode 0440, and check it with");
        lines.add("# visudo -cf " + place);
        lines.add("#");
        lines.add("# This is as much as root: what Redfleet asks for is a shell,");
        for (RunAs by : runAs) {
            String sudo = "#   " + String.join(" ", by.before()) + " ";
            lines.add(sudo + RunAs.SHELL + " -s -- ARGUMENT...");
            // A lease, which is talked to.
            if (by == RunAs.ROOT && spec.runsByInit()) {
                lines.add(sudo + RunAs.SHELL + " -c SCRIPT NAME ARGUMENT...");
            }
        }
        lines.add(
                "# and a shell does whatever it is told. A narrower rule would only look like one: guard the keys of");
        lines.add("# these users as you guard root's.");
        hosts.forEach((user, on) -> {
            lines.add("");
            lines.add("# On " + String.join(", ", on));
            lines.add("Defaults:" + user + " !requiretty");
            lines.add(user + " ALL=(" + accounts() + ") NOPASSWD: " + commands());
        });
        return lines;
    }

    private String why() {
        List<String> all = new ArrayList<>();
        if (spec.runsByInit()) {
            all.add("service: " + spec.service());
        }
        if (spec.tuning().wanted()) {
            all.add("tuning");
        }
        return String.join(", ", all);
    }

    private String accounts() {
        return runAs.stream().map(RunAs::account).sorted().collect(Collectors.joining(", "));
    }

    private static String commands() {
        return DIRECTORIES.stream().map(directory -> directory + RunAs.SHELL).collect(Collectors.joining(", "));
    }

    /** Nothing of it ends a line, or begins anything on a terminal. */
    private static String plain(String name) {
        return name.replaceAll("[^ -~]", "?");
    }
}
