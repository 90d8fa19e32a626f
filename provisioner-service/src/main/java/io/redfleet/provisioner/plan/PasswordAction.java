package io.redfleet.provisioner.plan;

import io.redfleet.provisioner.survey.Place;
import java.util.Locale;

/**
 * Which passwords a running instance takes for one of its users, at once and after its next start. Whoever is logged in stays so.
 *
 * @param directory of the instance, absolute
 * @param hash of the password, as Redis keeps it
 */
public record PasswordAction(Place place, String directory, String user, Change change, String hash)
        implements Action {
    /** Without the hash. */
    @Override
    public String toString() {
        return "PasswordAction[" + place.id() + ", " + user + ", " + change.word() + "]";
    }

    /** What becomes of those that the instance takes. */
    public enum Change {
        /** It takes this one too. */
        ADD,
        /** It takes this one alone; not done where it does not take it yet, for nobody could log in then. */
        ONLY;

        /** As password.sh has it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
