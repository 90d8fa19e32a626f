package io.redfleet.provisioner.survey;

import java.util.List;
import java.util.Set;

/**
 * What the configuration file of an instance that answers says: its next start reads that, and nothing of what was set while it
 * ran. No password is among it.
 *
 * @param read whether the file was looked at
 * @param lines its directives in their order, as they are written; of one that may hold a secret its name alone
 * @param otherSecrets passwords that are others there than those that run, by directive
 * @param refused why it was not looked at, or not to its end; empty: it was
 */
public record FileSurvey(boolean read, List<String> lines, Set<String> otherSecrets, String refused) {
    /** Of an instance that did not answer, and of one whose file is gone. */
    public static final FileSurvey NONE = new FileSurvey(false, List.of(), Set.of(), "");

    public FileSurvey {
        lines = List.copyOf(lines);
        otherSecrets = Set.copyOf(otherSecrets);
    }

    /** Whether all of it is known, so that what is not in {@code lines} is not in the file. */
    public boolean known() {
        return read && refused.isEmpty();
    }
}
