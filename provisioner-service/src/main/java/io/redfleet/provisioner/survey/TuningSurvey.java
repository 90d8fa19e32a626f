package io.redfleet.provisioner.survey;

import io.redfleet.provisioner.tuning.TuningPart;
import java.util.Map;

/**
 * What was found of what belongs to a whole machine.
 *
 * @param owner the uid of the cluster that the machine belongs to, by its mark; empty: there is none; {@link #STRANGE}: the
 *     file is there and bears no mark
 * @param files those that are there
 * @param enabled whether the unit for huge pages is started at boot
 * @param live what holds, by key; without what this kernel has not, and empty where nobody asked
 * @param hugePages the mode that holds; empty: this kernel has none, or nobody asked
 * @param before what held, by key, before the owner set it
 */
public record TuningSurvey(
        String owner,
        Map<TuningPart, File> files,
        boolean enabled,
        Map<String, String> live,
        String hugePages,
        Map<String, String> before) {
    /** In place of an uid, of a file that is not of Redfleet. */
    public static final String STRANGE = "?";

    public static final TuningSurvey NONE = new TuningSurvey("", Map.of(), false, Map.of(), "", Map.of());

    public TuningSurvey {
        files = Map.copyOf(files);
        live = Map.copyOf(live);
        before = Map.copyOf(before);
    }

    /**
     * A file of a part.
     *
     * @param owner the uid in its mark, or {@link #STRANGE}
     * @param hash SHA-256 in hex
     * @param text what was read of it, at most 16 KiB: it is the file where it has that hash
     */
    public record File(String owner, String hash, String text) {}
}
