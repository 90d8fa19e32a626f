package io.redfleet.monitrc;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What can be measured of a process, a machine or a filesystem (Monit manual, Resource tests and Filesystem tests). */
public enum Metric {
    CPU("cpu", Of.PROCESS_OR_MACHINE, Unit.PERCENT),
    CPU_TOTAL("total cpu", Of.PROCESS, Unit.PERCENT),
    CPU_USER("cpu(user)", Of.MACHINE, Unit.PERCENT),
    CPU_SYSTEM("cpu(system)", Of.MACHINE, Unit.PERCENT),
    CPU_WAIT("cpu(wait)", Of.MACHINE, Unit.PERCENT),
    MEMORY("memory", Of.PROCESS_OR_MACHINE, Unit.PERCENT, Unit.BYTES),
    MEMORY_TOTAL("total memory", Of.PROCESS, Unit.PERCENT, Unit.BYTES),
    SWAP("swap", Of.MACHINE, Unit.PERCENT, Unit.BYTES),
    CHILDREN("children", Of.PROCESS, Unit.PLAIN),
    THREADS("threads", Of.PROCESS, Unit.PLAIN),
    LOAD_1("loadavg(1min)", Of.MACHINE, Unit.PLAIN),
    LOAD_5("loadavg(5min)", Of.MACHINE, Unit.PLAIN),
    LOAD_15("loadavg(15min)", Of.MACHINE, Unit.PLAIN),
    LOAD_1_PER_CORE("loadavg(1min) per core", Of.MACHINE, Unit.PLAIN),
    LOAD_5_PER_CORE("loadavg(5min) per core", Of.MACHINE, Unit.PLAIN),
    LOAD_15_PER_CORE("loadavg(15min) per core", Of.MACHINE, Unit.PLAIN),
    SPACE("space", Of.FILESYSTEM, Unit.PERCENT, Unit.BYTES),
    SPACE_FREE("space free", Of.FILESYSTEM, Unit.PERCENT, Unit.BYTES),
    INODES("inode", Of.FILESYSTEM, Unit.PERCENT, Unit.PLAIN),
    INODES_FREE("inode free", Of.FILESYSTEM, Unit.PERCENT, Unit.PLAIN);

    private enum Of {
        PROCESS("process"),
        MACHINE("system"),
        PROCESS_OR_MACHINE("process", "system"),
        FILESYSTEM("filesystem");

        private final Set<String> words;

        Of(String... words) {
            this.words = Set.of(words);
        }
    }

    private final String word;
    private final Of of;
    private final List<Unit> units;

    Metric(String word, Of of, Unit... units) {
        this.word = word;
        this.of = of;
        this.units = List.of(units);
    }

    /** As a control file writes it. */
    public String word() {
        return word;
    }

    /** Whether it is an average, and no whole number. */
    public boolean isLoad() {
        return word.startsWith("loadavg");
    }

    public boolean of(Target target) {
        return of.words.contains(target.word());
    }

    public boolean countedIn(Unit unit) {
        return units.contains(unit);
    }

    /** The words of the units it may be counted in. */
    String units() {
        return String.join(
                " or ",
                units.stream()
                        .map(unit -> switch (unit) {
                            case PLAIN -> "a plain number";
                            case PERCENT -> "%";
                            case BYTES -> "B, kB, MB, GB";
                        })
                        .toList());
    }

    /** @param word blanks count once, case does not count */
    static Optional<Metric> byWord(String word) {
        return Arrays.stream(values())
                .filter(metric -> metric.word.equals(word))
                .findFirst();
    }
}
