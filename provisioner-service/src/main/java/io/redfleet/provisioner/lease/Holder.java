package io.redfleet.provisioner.lease;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who holds a lease, as it stands in the lock file: so that whoever is refused can say who is in the way.
 *
 * @param provisioner the process, by its name in its group
 * @param since when the lease was asked for, by the provisioner's clock
 * @param actor who asked for the operation
 */
public record Holder(
        String cluster, String uid, String operation, String kind, String provisioner, Instant since, String actor) {

    /** One line of words, each {@code name=value}. */
    public String line() {
        return "cluster=" + word(cluster) + " uid=" + word(uid) + " operation=" + word(operation) + " kind="
                + word(kind) + " provisioner=" + word(provisioner) + " since=" + since + " actor=" + word(actor);
    }

    /** Begins the kinds of operations that the monitor has asked for. */
    private static final String REMEDY = "remedy";

    /**
     * A sentence on what stands in a lock file, which may be cut short or of another release. It goes into the journal and the
     * events of whichever cluster wants the host, so it does not say who asked: he may be none of its readers' business.
     */
    public static String shown(String line) {
        Map<String, String> said = said(line);
        if (!said.containsKey("cluster") || !said.containsKey("operation")) {
            return "it is held by another: " + line;
        }
        return "it is held by cluster " + said.get("cluster") + ", operation " + said.get("operation") + " ("
                + said.getOrDefault("kind", "?") + ") of " + said.getOrDefault("provisioner", "?") + " since "
                + said.getOrDefault("since", "?");
    }

    /**
     * The operation of another cluster that such a line names. Empty where it names none, and where it is one of this cluster:
     * of those there is one at a time, so its lease is about to end. Empty also where the monitor has asked for it: no person is
     * sent away for that.
     *
     * @param uid of the cluster that wants the lease
     */
    public static Optional<String> other(String line, String uid) {
        Map<String, String> said = said(line);
        return said.containsKey("cluster")
                        && said.containsKey("uid")
                        && !word(uid).equals(said.get("uid"))
                        && !said.getOrDefault("kind", "").startsWith(REMEDY)
                ? Optional.ofNullable(said.get("operation"))
                : Optional.empty();
    }

    private static Map<String, String> said(String line) {
        Map<String, String> said = new HashMap<>();
        for (String word : line.split(" ", -1)) {
            int equals = word.indexOf('=');
            if (equals > 0) {
                said.put(word.substring(0, equals), word.substring(equals + 1));
            }
        }
        return said;
    }

    private static String word(String text) {
        return text.isEmpty() ? "-" : text.replaceAll("[\\s\\p{Cntrl}]", "_");
    }
}
