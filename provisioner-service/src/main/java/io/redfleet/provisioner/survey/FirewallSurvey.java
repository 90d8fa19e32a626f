package io.redfleet.provisioner.survey;

import java.util.Map;
import java.util.Optional;

/**
 * What was found on one host of a cluster's packet filter. Asked only where the spec wants one, or something of it lies there.
 *
 * @param nft whether nft is there
 * @param owners by path, of what lies there: the uid in its mark, or {@link TuningSurvey#STRANGE}
 * @param rules SHA-256 of the rules in hex; empty: there are none
 * @param unit the same of the unit
 * @param enabled whether the unit is started at boot
 * @param active whether systemd counts it as started
 * @param waiting whether a table waits for a word, without which the host takes it away
 * @param noted a digest of the table when it was kept; empty: none was
 * @param listed a digest of the table as the kernel has it; empty: it has none
 * @param trouble why the kernel's tables could not be listed; empty: they could
 * @param text what was read of the rules, at most 16 KiB: it is the file where it has that hash
 */
public record FirewallSurvey(
        boolean nft,
        Map<String, String> owners,
        String rules,
        String unit,
        boolean enabled,
        boolean active,
        boolean waiting,
        String noted,
        String listed,
        String trouble,
        String text) {
    /** Of a host on which nobody looked. */
    public static final FirewallSurvey NONE =
            new FirewallSurvey(false, Map.of(), "", "", false, false, false, "", "", "");

    public FirewallSurvey {
        owners = Map.copyOf(owners);
    }

    /** One whose rules were not read. */
    public FirewallSurvey(
            boolean nft,
            Map<String, String> owners,
            String rules,
            String unit,
            boolean enabled,
            boolean active,
            boolean waiting,
            String noted,
            String listed,
            String trouble) {
        this(nft, owners, rules, unit, enabled, active, waiting, noted, listed, trouble, "");
    }

    /** Whether something there bears this uid. */
    public boolean of(String uid) {
        return owners.containsValue(uid);
    }

    /** What lies there and bears another uid, or none; the first by name. */
    public Optional<Map.Entry<String, String>> foreign(String uid) {
        return owners.entrySet().stream()
                .filter(entry -> !entry.getValue().equals(uid))
                .min(Map.Entry.comparingByKey());
    }

    /** Whether the kernel has the table as it was when it was kept. */
    public boolean loaded() {
        return !listed.isEmpty() && listed.equals(noted);
    }
}
