package io.redfleet.provisioner.verify;

import java.util.Locale;

/**
 * What a cluster is held against. docs/verification.md shows the same table.
 *
 * <p>A rule decides where what breaks it makes the cluster unsafe or untrue to its spec, and an apply could mend it; the
 * others are told.
 */
public enum Rule {
    REACHED("E8", Weight.DECIDES, "the host answers within its deadline"),
    ANSWERS("E8", Weight.DECIDES, "the instance runs and answers PING", true),
    ROLE("E8, T2", Weight.DECIDES, "the node that most Sentinels name is a master, and no other is", true),
    FOLLOWS("E8, T6", Weight.DECIDES, "a replica follows the node that most Sentinels name, and its link is up", true),
    HISTORY("E8", Weight.DECIDES, "a replica has its master's history (master_replid)", true),
    LAG("E8, D1", Weight.TOLD, "a replica is at most 1 MB behind its master"),
    CANARY("E8", Weight.TOLD, "a key that is written on the master is read on each data node, and is gone in time"),
    PROMOTABLE("T8", Weight.TOLD, "a replica could take the master's place"),
    VERSION("E2 step 7", Weight.TOLD, "it runs the version that the spec names, or that its host has"),
    PERSISTENCE("D1", Weight.DECIDES, "the last save, rewrite and write of the append-only file went well"),
    CONFIG("E8, T9", Weight.DECIDES, "a setting that the spec has is what runs"),
    CONFIG_AT_START("E8", Weight.TOLD, "a setting that Redis reads at its start only is what runs"),
    BIND("E3, R60", Weight.DECIDES, "it listens on its host's address, and not on all"),
    PROTECTED("E3, R60", Weight.DECIDES, "protected-mode is on where there are passwords"),
    USERS("E2 step 9", Weight.DECIDES, "the generated users are on, and default is off"),
    USERS_BESIDE("E2 step 9", Weight.TOLD, "there are no users beside the generated ones"),
    MODES("E2 step 3", Weight.DECIDES, "directories and files with passwords are their user's alone"),
    OPEN_FILES("R13, R14", Weight.TOLD, "the limit of open files lets maxclients in"),
    QUORUM("E8, T3", Weight.DECIDES, "CKQUORUM is OK", true),
    NAMED("T1", Weight.DECIDES, "the Sentinel names the same master as most", true),
    KNOWN("T4, T5", Weight.DECIDES, "the Sentinel knows every other member", true),
    STALE("T4, T5", Weight.TOLD, "the Sentinel knows nobody who is no member"),
    IDS("T4", Weight.TOLD, "the Sentinel has its id (myid) to itself"),
    TUNING("E8, R7 to R41", Weight.DECIDES, "what the spec asks of the kernel holds"),
    FIREWALL("E2 step 13", Weight.DECIDES, "the table of nftables that the spec wants is loaded as it was applied"),
    TLS("E3, E5", Weight.DECIDES, "it speaks TLS alone, by the CA and the files that the spec names"),
    CERTIFICATE("E2 step 8", Weight.TOLD, "the host's certificate lasts 30 days more"),
    AGENT("R16", Weight.DECIDES, "the Monit that the spec wants on a host runs", true),
    LOG_OVERCOMMIT("E8, R29", Weight.TOLD, "no warning of memory overcommit in the log since the start"),
    LOG_BACKLOG("E8, R7", Weight.TOLD, "no warning of the backlog in the log since the start"),
    LOG_HUGE_PAGES("E8, R12", Weight.TOLD, "no warning of huge pages in the log since the start"),
    LOG_OPEN_FILES("E8, R13", Weight.TOLD, "no warning of open files in the log since the start"),
    LOG_SAVE("E8", Weight.TOLD, "no save that failed in the log since the start"),
    LOG_FILE("E5", Weight.TOLD, "no rewrite of its file that failed in the log since the start");

    /** What follows when it is broken. */
    public enum Weight {
        /** The operation fails. */
        DECIDES,
        /** It is told, and no more. */
        TOLD
    }

    private final String source;
    private final Weight weight;
    private final String says;
    private final boolean settles;

    Rule(String source, Weight weight, String says) {
        this(source, weight, says, false);
    }

    Rule(String source, Weight weight, String says, boolean settles) {
        this.source = source;
        this.weight = weight;
        this.says = says;
        this.settles = settles;
    }

    /** As reports and docs call it. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Where it comes from: E of provisioning, T and D of health, R of the requirements. */
    public String source() {
        return source;
    }

    public boolean decides() {
        return weight == Weight.DECIDES;
    }

    public String says() {
        return says;
    }

    /** Whether it may be broken for some seconds after a start or a failover, with nothing wrong. */
    public boolean settles() {
        return settles;
    }
}
