package io.redfleet.provisioner.plan;

import io.redfleet.contracts.access.Secret;
import io.redfleet.provisioner.survey.Place;
import java.util.List;
import java.util.Locale;

/** Something about a password that a running instance takes or uses: at once, and after its next start. */
public sealed interface PasswordAction extends Action {
    /** Of the instance, absolute. */
    String directory();

    /**
     * What the instance takes for one of its users. Whoever is logged in stays so.
     *
     * @param hashes of the passwords, as Redis keeps them; one where it is to be the only one
     */
    record Take(Place place, String directory, String user, Change change, List<String> hashes)
            implements PasswordAction {
        public Take {
            hashes = List.copyOf(hashes);
            if (hashes.isEmpty() || (change == Change.ONLY && hashes.size() > 1)) {
                throw new IllegalArgumentException(change.word() + " " + hashes.size() + " passwords");
            }
        }

        /** Without the hashes. */
        @Override
        public String toString() {
            return "Take[" + place.id() + ", " + user + ", " + change.word() + "]";
        }
    }

    /**
     * What the instance logs in with where it asks others.
     *
     * @param masterName under which a Sentinel knows the master; not read for the rest
     */
    record Use(Place place, String directory, Setting setting, String masterName, Secret secret)
            implements PasswordAction {}

    /** What becomes of those that an instance takes. */
    enum Change {
        /** It takes these too. */
        ADD,
        /** It takes this one alone; not done where it does not take it yet, for nobody could log in then. */
        ONLY;

        /** As password.sh has it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** By which an instance is told. */
    enum Setting {
        /** A data node to its master. */
        MASTERAUTH("masterauth"),
        /** A Sentinel to data nodes; it connects anew. */
        AUTH_PASS("auth-pass"),
        /** A Sentinel to Sentinels; it connects anew. */
        SENTINEL_PASS("sentinel-pass");

        private final String word;

        Setting(String word) {
            this.word = word;
        }

        /** As handover.sh, and Redis, has it. */
        public String word() {
            return word;
        }
    }
}
