package io.redfleet.local.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Judges what the gateway tells of the fleet. */
public final class FleetCheck {
    private static final String AREA = "fleet";

    private FleetCheck() {}

    /** @param reason why automatic action is off, by whom; empty: it is on */
    public static Finding brake(Optional<String> reason) {
        return reason.map(why -> Finding.wrong(
                        AREA, "brake", "automatic action is off: " + why, "when the reason is gone: redfleet rearm"))
                .orElseGet(() -> Finding.well(AREA, "brake", "automatic action is on"));
    }

    /** @param why by whom it is disarmed, since when */
    public static Finding label(String label, String why) {
        return Finding.wrong(
                AREA,
                "brake " + label,
                "automatic action is off in clusters with this label: " + why,
                "when the reason is gone: redfleet rearm --label " + label);
    }

    /** @param refused what the gateway said to our token; empty: it answered */
    public static Finding gateway(Optional<String> refused) {
        return refused.map(why -> Finding.wrong(
                        AREA,
                        "gateway",
                        why,
                        "a lost admin token comes back with ./redfleet restore FILE --with-keys;"
                                + " else make another with one that you have: redfleet token create --role admin"))
                .orElseGet(() -> Finding.well(AREA, "gateway", "answers to the admin token"));
    }

    /**
     * @param hosts the cluster's hosts, by name
     * @param obstacles what stands in the way of work on it, as {@code host: subject: reason}
     */
    public static List<Finding> cluster(String cluster, List<String> hosts, List<String> obstacles) {
        List<Finding> found = new ArrayList<>();
        for (String obstacle : obstacles) {
            found.add(Finding.wrong(AREA, cluster, obstacle, advice(obstacle)));
        }
        for (String host : hosts) {
            if (obstacles.stream().noneMatch(obstacle -> obstacle.startsWith(host + ": survey"))) {
                found.add(Finding.well(AREA, cluster + "/" + host, "reached over SSH, its key is the pinned one"));
            }
        }
        return found;
    }

    /** No host of it is looked at, by anybody here. */
    public static Finding observed(String cluster) {
        return Finding.well(AREA, cluster, "only observed: no host of it is logged in to");
    }

    private static String advice(String obstacle) {
        if (obstacle.contains("HOST_KEY_CHANGED")) {
            return "was it reinstalled? Compare the key on its console; only then write it into the spec's ssh.hostKey,"
                    + " or remove its line from data/provisioner/known_hosts";
        }
        if (obstacle.contains("HOST_KEY_UNTRUSTED")) {
            return "compare the key on its console, then write it into the spec's ssh.hostKey; of a certificate see"
                    + " docs/ssh.md, \"An authority for host keys\"";
        }
        if (obstacle.contains("JUMP_HOST")) {
            return "can this machine log in to the jump host, and does its sshd forward? See docs/ssh.md, \"Jump hosts\"";
        }
        if (obstacle.contains("NO_CREDENTIAL")) {
            return "put the private key into credentials/ssh under the name that the spec says, mode 0600";
        }
        if (obstacle.contains("KEY_REFUSED")) {
            return "add the public key to authorized_keys of the SSH user on that host";
        }
        if (obstacle.contains("survey (")) {
            return "can this machine open a connection to it? ssh to it by hand, with the same user and port";
        }
        if (obstacle.contains("metadata.acceptRevision")) {
            return "see docs/backup.md, \"Hosts that are newer than the backup\"";
        }
        return "mend it on the host; redfleet plan CLUSTER shows what is left";
    }
}
