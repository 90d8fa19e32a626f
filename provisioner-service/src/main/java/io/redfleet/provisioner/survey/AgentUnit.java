package io.redfleet.provisioner.survey;

/**
 * What was found on one host of the unit by which systemd runs the Monit that reports of a cluster's instances. Asked only for a
 * cluster of units.
 *
 * @param present whether there is anything under its name, be it a link
 * @param owner the mark in it; empty: it is not ours
 * @param hash SHA-256 of it, in hex; empty: it could not be read
 * @param enabled whether systemd starts it at boot
 * @param active whether it runs, as systemd has it
 * @param text what was read of it, at most 16 KiB: it is the file where it has that hash
 */
public record AgentUnit(boolean present, String owner, String hash, boolean enabled, boolean active, String text) {
    public static final AgentUnit NONE = new AgentUnit(false, "", "", false, false, "");
}
