package io.redfleet.provisioner.survey;

import io.redfleet.provisioner.engine.Engine;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was found of one instance.
 *
 * @param owner what the mark in its directory says; empty when there is no mark
 * @param noted the cluster uid and the revision of the spec that was last made true here; empty: none was noted
 * @param configured whether its configuration file exists: from then on the file belongs to Redis
 * @param joined whether it is a Sentinel that has run: its file holds the id that it gave itself. One that several clusters share
 *     has joined this one once it watches its master, by its file or by the cluster's note
 * @param hasData whether its next start loads a data set that is not empty; which file that is depends on
 *     {@code appendonly} in its configuration file
 * @param hasFiles whether a data set that is not empty lies on disk, even one that its next start does not load
 * @param markedStopped whether a person stopped it
 * @param retired whether its cluster was removed and its files were kept
 * @param claimedBy the mark of another instance on this host that has the same endpoint, running or not; empty: none has
 * @param pid 0 when its own process does not live
 * @param startTicks the kernel's start time of that process
 * @param saving whether the process has a child, as it has while it saves or rewrites
 * @param listening whether anybody listens on its endpoint, itself or a stranger
 * @param ping the first line of its answer to PING, asked on the host; empty: none within 2 s
 * @param info INFO fields; empty unless it answered PONG
 * @param config CONFIG GET of everything; of a data node
 * @param master what a Sentinel knows of the master, by Sentinel's own field names
 * @param quorum a Sentinel's answer to CKQUORUM
 * @param knows endpoints of the replicas and of the other Sentinels that a Sentinel lists, alive or not; asked only of a
 *     cluster that somebody leaves
 * @param outdated whether its process runs another binary than its next start would
 * @param own what belongs to it, of one that is to be adopted
 * @param file what its configuration file says
 * @param unlinked whether it has a mark, and the link that its next start would run is gone or leads nowhere
 */
public record InstanceSurvey(
        boolean directory,
        String owner,
        String noted,
        boolean configured,
        boolean joined,
        boolean hasData,
        boolean hasFiles,
        boolean markedStopped,
        boolean retired,
        String claimedBy,
        long pid,
        long startTicks,
        boolean saving,
        boolean listening,
        String ping,
        Map<String, String> info,
        Map<String, String> config,
        Map<String, String> master,
        String quorum,
        Set<String> knows,
        boolean outdated,
        OwnSurvey own,
        FileSurvey file,
        boolean unlinked) {
    public InstanceSurvey {
        info = Map.copyOf(info);
        config = Map.copyOf(config);
        master = Map.copyOf(master);
        knows = Set.copyOf(knows);
    }

    /** One whose configuration file was not looked at. */
    public InstanceSurvey(
            boolean directory,
            String owner,
            String noted,
            boolean configured,
            boolean joined,
            boolean hasData,
            boolean hasFiles,
            boolean markedStopped,
            boolean retired,
            String claimedBy,
            long pid,
            long startTicks,
            boolean saving,
            boolean listening,
            String ping,
            Map<String, String> info,
            Map<String, String> config,
            Map<String, String> master,
            String quorum,
            Set<String> knows,
            boolean outdated,
            OwnSurvey own) {
        this(
                directory,
                owner,
                noted,
                configured,
                joined,
                hasData,
                hasFiles,
                markedStopped,
                retired,
                claimedBy,
                pid,
                startTicks,
                saving,
                listening,
                ping,
                info,
                config,
                master,
                quorum,
                knows,
                outdated,
                own,
                FileSurvey.NONE,
                false);
    }

    /** One that Redfleet has built, or has adopted already. */
    public InstanceSurvey(
            boolean directory,
            String owner,
            String noted,
            boolean configured,
            boolean joined,
            boolean hasData,
            boolean hasFiles,
            boolean markedStopped,
            boolean retired,
            String claimedBy,
            long pid,
            long startTicks,
            boolean saving,
            boolean listening,
            String ping,
            Map<String, String> info,
            Map<String, String> config,
            Map<String, String> master,
            String quorum,
            Set<String> knows,
            boolean outdated) {
        this(
                directory,
                owner,
                noted,
                configured,
                joined,
                hasData,
                hasFiles,
                markedStopped,
                retired,
                claimedBy,
                pid,
                startTicks,
                saving,
                listening,
                ping,
                info,
                config,
                master,
                quorum,
                knows,
                outdated,
                OwnSurvey.NONE);
    }

    /** Of a cluster that nobody leaves, and of a process that runs the binary of its next start. */
    public InstanceSurvey(
            boolean directory,
            String owner,
            String noted,
            boolean configured,
            boolean joined,
            boolean hasData,
            boolean hasFiles,
            boolean markedStopped,
            boolean retired,
            String claimedBy,
            long pid,
            long startTicks,
            boolean saving,
            boolean listening,
            String ping,
            Map<String, String> info,
            Map<String, String> config,
            Map<String, String> master,
            String quorum) {
        this(
                directory,
                owner,
                noted,
                configured,
                joined,
                hasData,
                hasFiles,
                markedStopped,
                retired,
                claimedBy,
                pid,
                startTicks,
                saving,
                listening,
                ping,
                info,
                config,
                master,
                quorum,
                Set.of(),
                false);
    }

    public boolean present() {
        return pid != 0;
    }

    /** Ready for work. */
    public boolean answers() {
        return ping.equals("PONG");
    }

    /** Alive although not ready: it loads, it is busy with a script, or its master link is down. */
    public boolean occupied() {
        return ping.startsWith("LOADING") || ping.startsWith("BUSY") || ping.startsWith("MASTERDOWN");
    }

    /** Whether it answered and does not let in who asks it, or not that far: a matter of passwords and never of life. */
    public boolean shutsOut() {
        return ping.startsWith("NOAUTH")
                || ping.startsWith("WRONGPASS")
                || ping.startsWith("NOPERM")
                || ping.contains("AUTH failed");
    }

    /**
     * Whether redis-cli reached it and does not trust it, or was not taken by it: one of the two has another certificate than the
     * other expects, which is a matter of files and never of life.
     */
    public boolean untrusted() {
        return ping.contains("SSL_connect failed") || ping.startsWith("Could not negotiate a TLS connection");
    }

    public String info(String field) {
        return info.getOrDefault(field, "");
    }

    /** Which version it runs, as its engine counts; empty where it does not say. */
    public String version() {
        return Engine.version(info);
    }

    /** What it runs; empty where it does not say. */
    public Optional<Engine> engine() {
        return Engine.saying(info);
    }

    public boolean isMaster() {
        return info("role").equals("master");
    }

    public boolean isReplica() {
        return info("role").equals("slave");
    }

    public @Nullable String setting(String directive) {
        return config.get(directive);
    }
}
