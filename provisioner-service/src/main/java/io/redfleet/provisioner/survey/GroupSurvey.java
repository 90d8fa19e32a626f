package io.redfleet.provisioner.survey;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What was found of a Sentinel that several clusters share, whether it runs or not.
 *
 * @param notes by cluster what it has left beside the Sentinel that watches its master
 * @param watches by name the masters in its file, as {@code 10.0.0.11:6379}
 */
public record GroupSurvey(Map<String, Note> notes, Map<String, String> watches) {
    /** Of a Sentinel that is a cluster's own. */
    public static final GroupSurvey NONE = new GroupSurvey(Map.of(), Map.of());

    /** What the mark of a group's directory begins with; that of a cluster's begins with a uid. */
    public static final String MARK = "group ";

    public GroupSurvey {
        notes = Map.copyOf(notes);
        watches = Map.copyOf(watches);
    }

    /**
     * A member's.
     *
     * @param masterName what its master is called there
     * @param sentinels those that its spec has, as {@code 10.0.0.11:26379,10.0.0.12:26379}
     * @param service how it has instances run; empty in a note that does not say so
     */
    public record Note(String masterName, String sentinels, String service) {
        private static Optional<Map.Entry<String, Note>> read(String line) {
            String[] words = line.replaceAll("[^ -~]", "?").split(" ", -1);
            return words.length == 3 || words.length == 4
                    ? Optional.of(Map.entry(words[0], new Note(words[1], words[2], words.length == 4 ? words[3] : "")))
                    : Optional.empty();
        }

        /** Whether the other is known to have them run another way. */
        public boolean runsOtherwise(Note other) {
            return !service.isEmpty() && !other.service.isEmpty() && !service.equals(other.service);
        }

        /** As it is written. */
        public String text() {
            return (masterName + " " + sentinels + " " + service).strip();
        }
    }

    /**
     * By what survey.sh says.
     *
     * @param members each the cluster's name and its note
     * @param watches each a master's name and its address
     */
    static GroupSurvey read(List<String> members, List<String> watches) {
        Map<String, Note> notes = new TreeMap<>();
        members.forEach(line -> Note.read(line).ifPresent(note -> notes.put(note.getKey(), note.getValue())));
        Map<String, String> masters = new TreeMap<>();
        for (String line : watches) {
            String[] words = line.replaceAll("[^ -~]", "?").split(" ", -1);
            if (words.length == 2) {
                masters.put(words[0], words[1]);
            }
        }
        return notes.isEmpty() && masters.isEmpty() ? NONE : new GroupSurvey(notes, masters);
    }
}
