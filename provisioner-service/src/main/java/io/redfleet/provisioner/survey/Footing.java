package io.redfleet.provisioner.survey;

import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the instances of a host stand on: its memory, its disks, its clock, and who else is there.
 *
 * @param memoryBytes of the host, as its kernel has it (MemTotal); 0: it did not say
 * @param clock whether the host's clock follows another one
 * @param rooms by data node; of one that is missing nothing is known
 * @param ids by Sentinel the id that it goes by: what it answers or, where it does not answer, what its file has. One that has
 *     never run has none
 * @param beside what other clusters have below the same directory, as far as it could be read
 * @param groups by Sentinel that several clusters share, who they are
 */
public record Footing(
        long memoryBytes,
        Clock clock,
        Map<InstanceId, Room> rooms,
        Map<InstanceId, String> ids,
        List<Neighbour> beside,
        Map<InstanceId, GroupSurvey> groups) {
    /** Of a host that said nothing of it. */
    public static final Footing NONE = new Footing(0, Clock.UNKNOWN, Map.of(), Map.of(), List.of());

    private static final int MOST_SHOWN = 200;

    public Footing {
        rooms = Map.copyOf(rooms);
        ids = Map.copyOf(ids);
        beside = List.copyOf(beside);
        groups = Map.copyOf(groups);
    }

    /** Of a host whose Sentinels are each a cluster's own. */
    public Footing(
            long memoryBytes,
            Clock clock,
            Map<InstanceId, Room> rooms,
            Map<InstanceId, String> ids,
            List<Neighbour> beside) {
        this(memoryBytes, clock, rooms, ids, beside, Map.of());
    }

    /**
     * Whether a clock follows another one.
     *
     * @param by the program that says so; empty where nobody does
     */
    public record Clock(Word word, String by) {
        /** Of a host on which nobody says. */
        public static final Clock UNKNOWN = new Clock(Word.UNKNOWN, "");

        /** What is said of it. */
        public enum Word {
            FOLLOWS,
            ALONE,
            UNKNOWN
        }

        private static Clock read(String line) {
            String[] words = line.split(" ", -1);
            return switch (words[0]) {
                case "follows" -> new Clock(Word.FOLLOWS, shown(words[words.length - 1]));
                case "alone" -> new Clock(Word.ALONE, shown(words[words.length - 1]));
                default -> UNKNOWN;
            };
        }
    }

    /**
     * Where the data of an instance lies, or will.
     *
     * @param freeBytes for who is not root
     * @param heldBytes what the instance's data has of it already
     * @param mount where that file system is mounted
     */
    public record Room(long freeBytes, long heldBytes, String mount) {
        private static Optional<Room> read(String line) {
            String[] words = line.split(" ", 3);
            return words.length == 3 && isNumber(words[0]) && isNumber(words[1])
                    ? Optional.of(new Room(Long.parseLong(words[0]), Long.parseLong(words[1]), shown(words[2])))
                    : Optional.empty();
        }
    }

    /**
     * An instance of another cluster.
     *
     * @param mark whose it is
     * @param maxmemory what it is bound to, in bytes; 0: it has no bound, or is no data node
     * @param id of a Sentinel; empty of others
     */
    public record Neighbour(String mark, long maxmemory, String id) {}

    /** @param lines what survey.sh printed, by key */
    static Footing read(HostSpec host, Map<String, List<String>> lines) {
        Map<InstanceId, Room> rooms = new HashMap<>();
        Map<InstanceId, String> ids = new HashMap<>();
        Map<InstanceId, GroupSurvey> groups = new HashMap<>();
        for (InstanceSpec instance : host.instances()) {
            InstanceId id = InstanceId.of(host.name(), instance.name());
            String prefix = "i." + instance.name() + ".";
            Room.read(first(lines, prefix + "room")).ifPresent(room -> rooms.put(id, room));
            GroupSurvey group = GroupSurvey.read(
                    lines.getOrDefault(prefix + "member", List.of()),
                    lines.getOrDefault(prefix + "watches", List.of()));
            if (!group.equals(GroupSurvey.NONE)) {
                groups.put(id, group);
            }
            String live = first(lines, prefix + "liveid");
            String said = SentinelIds.isId(live) ? live : first(lines, prefix + "myid");
            if (SentinelIds.isId(said)) {
                ids.put(id, said);
            }
        }
        String memory = first(lines, "memory");
        return new Footing(
                isNumber(memory) ? Long.parseLong(memory) : 0,
                Clock.read(first(lines, "clock")),
                rooms,
                ids,
                neighbours(lines),
                groups);
    }

    private static List<Neighbour> neighbours(Map<String, List<String>> lines) {
        List<Neighbour> all = new ArrayList<>();
        for (String line : lines.getOrDefault("beside.memory", List.of())) {
            long bound = MemorySize.bytes(word(line).replace("\"", "")).orElse(0);
            if (bound > 0) {
                all.add(new Neighbour(mark(line), bound, ""));
            }
        }
        for (String line : lines.getOrDefault("beside.id", List.of())) {
            if (SentinelIds.isId(word(line))) {
                all.add(new Neighbour(mark(line), 0, word(line)));
            }
        }
        return all;
    }

    private static String word(String line) {
        int blank = line.indexOf(' ');
        return blank < 0 ? line : line.substring(0, blank);
    }

    private static String mark(String line) {
        int blank = line.indexOf(' ');
        return blank < 0 ? "" : shown(line.substring(blank + 1));
    }

    private static String first(Map<String, List<String>> lines, String key) {
        List<String> all = lines.getOrDefault(key, List.of());
        return all.isEmpty() ? "" : all.getFirst();
    }

    private static boolean isNumber(String text) {
        return text.matches("\\d{1,18}");
    }

    /** What comes from a host's hands, and is shown to people. */
    private static String shown(String said) {
        String plain = said.replaceAll("[^ -~]", "?");
        return plain.substring(0, Math.min(plain.length(), MOST_SHOWN));
    }
}
