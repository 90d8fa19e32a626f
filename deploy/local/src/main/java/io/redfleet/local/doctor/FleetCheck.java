package io.redfleet.local.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Judges what the gateway tells of the fleet. */
public final class FleetCheck {
    private static final String AREA = "fleet";

    private FleetCheck() {}

    /** What it said instead of an answer. */
    public static Finding refused(int status, String title) {
        return status == 401 || status == 403
                ? gateway(Optional.of("refuses the admin token: " + title))
                : silent("answers " + status + ": " + title);
    }

    /** It runs, and no token would make it answer. */
    public static Finding silent(String why) {
        return Finding.wrong(
                AREA, "gateway", why, "./redfleet logs gateway says more; ./redfleet down and up start it again");
    }

    /** @param refused why there is no token that it takes; empty: it answered */
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
                found.add(Finding.well(AREA, cluster + "/" + host, "reached over SSH, and its host key is believed"));
            }
        }
        return found;
    }

    /** @param mode in which nothing automatic is done, as a spec has it; a brake neither makes nor ends it */
    public static Finding mode(String cluster, String mode) {
        return Finding.well(
                AREA, cluster, "nothing automatic is done here by its own mode, " + mode + ", which no rearm changes");
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
        if (obstacle.contains("survey (NO_SUDO)")) {
            return "redfleet sudoers CLUSTER prints what that host has to allow the SSH user";
        }
        if (obstacle.contains("survey (OUT_OF_REACH)")) {
            return "the limits of its key do not let it go there: see docs/access.md, \"SSH keys and their limits\"";
        }
        if (obstacle.contains("survey (TIMED_OUT)") || obstacle.contains("survey (DROPPED)")) {
            return "the connection stood: is that host overloaded, or the network? Ask again, then ssh to it by hand";
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
