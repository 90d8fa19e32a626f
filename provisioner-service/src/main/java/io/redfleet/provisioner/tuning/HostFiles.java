package io.redfleet.provisioner.tuning;

import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.provisioner.tuning.HostTuning.HugePages;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.regex.Pattern;

/**
 * The files by which a machine stays tuned, line by line. The first line says whose they are; no value can be more than one word
 * of its line.
 */
public final class HostFiles {
    /** Followed by the uid of the cluster. tune.sh and survey.sh know it. */
    public static final String MARK = "# redfleet-owner: ";

    private static final String HEAD = "# Written by Redfleet for the cluster of this uid, which takes it away again.";

    private static final Pattern UID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
    private static final Pattern KEY = Pattern.compile("[a-z0-9_-]+(\\.[a-z0-9_-]+)+");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

    private HostFiles() {}

    /** @throws IllegalArgumentException if a word could be more than a word */
    public static List<String> sysctl(ClusterUid owner, SortedMap<String, String> values) {
        List<String> lines = head(owner);
        values.forEach((key, value) -> lines.add(word(KEY, key) + " = " + word(NUMBER, value)));
        return List.copyOf(lines);
    }

    /**
     * A unit that sets them before anything that is started at boot, and leaves {@code never} as it is: a machine that was
     * told so otherwise has what was asked for.
     */
    public static List<String> hugePages(ClusterUid owner, HugePages mode) {
        String file = "/sys/kernel/mm/transparent_hugepage/enabled";
        String word = mode.name().toLowerCase(Locale.ROOT);
        List<String> lines = head(owner);
        lines.addAll(List.of(
                "[Unit]",
                "Description=Transparent huge pages as Redis wants them",
                "DefaultDependencies=no",
                "After=sysinit.target local-fs.target",
                "Before=basic.target redis-server.service redis-sentinel.service",
                "ConditionPathExists=" + file,
                "",
                "[Service]",
                "Type=oneshot",
                "RemainAfterExit=yes",
                "ExecStart=/bin/sh -c 'grep -qF \"[never]\" " + file + " || echo " + word + " >" + file + "'",
                "",
                "[Install]",
                "WantedBy=basic.target"));
        return List.copyOf(lines);
    }

    /** Of the user {@code redis} alone: a unit's limits are its own, and a session's beyond that are the host's. */
    public static List<String> limits(ClusterUid owner, int openFiles) {
        List<String> lines = head(owner);
        lines.add("redis soft nofile " + openFiles);
        lines.add("redis hard nofile " + openFiles);
        return List.copyOf(lines);
    }

    /** SHA-256, in hex, of the file that has these lines. */
    public static String hash(List<String> lines) {
        return Secret.of(String.join("\n", lines) + "\n").hash();
    }

    private static List<String> head(ClusterUid owner) {
        List<String> lines = new ArrayList<>();
        lines.add(MARK + word(UID, owner.value()));
        lines.add(HEAD);
        return lines;
    }

    private static String word(Pattern form, String word) {
        if (!form.matcher(word).matches()) {
            throw new IllegalArgumentException("a word that could break out of its line");
        }
        return word;
    }
}
