package io.redfleet.provisioner.tuning;

import io.redfleet.contracts.cluster.TuningSpec;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a spec asks of a machine: its profile, with the spec's own keys in place of the profile's.
 *
 * @param sysctl values by key; keys are {@link KernelKey}s
 * @param hugePages the mode of transparent huge pages; empty: as they are
 * @param openFiles soft and hard limit of the user {@code redis}; empty: as they are
 */
public record HostTuning(SortedMap<String, String> sysctl, Optional<HugePages> hugePages, Optional<Integer> openFiles) {
    /** Soft and hard (R40, R41): what the units of Debian have too (R13). */
    private static final int OPEN_FILES = 65_535;

    private static final HostTuning NOTHING = new HostTuning(new TreeMap<>(), Optional.empty(), Optional.empty());

    public HostTuning {
        sysctl = Collections.unmodifiableSortedMap(new TreeMap<>(sysctl));
    }

    /** A mode in which nothing is merged into huge pages that did not ask for it. */
    public enum HugePages {
        MADVISE,
        NEVER
    }

    public static HostTuning of(TuningSpec spec) {
        HostTuning profile = switch (spec.profile()) {
            case NONE -> NOTHING;
            case ARTICLE -> article();
            case RECOMMENDED -> recommended();
        };
        SortedMap<String, String> sysctl = new TreeMap<>(profile.sysctl());
        sysctl.putAll(spec.sysctl());
        return new HostTuning(sysctl, profile.hugePages(), profile.openFiles());
    }

    /**
     * What the founding article sets, each value as it stands there:
     *
     * <ul>
     *   <li>{@code vm.overcommit_memory} 1 (R29); {@code vm.swappiness} 0 (R30: it does not turn swap off, it brings the OOM
     *       killer earlier)
     *   <li>{@code net.core.somaxconn} 65535 (R7, R38); {@code net.ipv4.tcp_max_syn_backlog} 65535 (R37)
     *   <li>{@code tcp_sack} (R31), {@code tcp_timestamps} (R32), {@code tcp_window_scaling} (R33), {@code tcp_syncookies}
     *       (R35) 1, which are defaults
     *   <li>huge pages {@code never} (R12); 65535 open files of {@code redis} (R40, R41)
     * </ul>
     *
     * Without {@code tcp_tw_recycle} (R36: gone, and it harmed), {@code fs.file-max} 65535 (R39: it would lower what a machine
     * has), {@code tcp_congestion_control} (R34: the default), and the PAM lines (R42: what logs in as {@code redis} has them).
     */
    private static HostTuning article() {
        Map<String, String> sysctl = Map.of(
                "vm.overcommit_memory", "1",
                "vm.swappiness", "0",
                "net.core.somaxconn", "65535",
                "net.ipv4.tcp_max_syn_backlog", "65535",
                "net.ipv4.tcp_sack", "1",
                "net.ipv4.tcp_timestamps", "1",
                "net.ipv4.tcp_window_scaling", "1",
                "net.ipv4.tcp_syncookies", "1");
        return new HostTuning(new TreeMap<>(sysctl), Optional.of(HugePages.NEVER), Optional.of(OPEN_FILES));
    }

    /**
     * What Redis asks for on a host of today:
     *
     * <ul>
     *   <li>{@code vm.overcommit_memory} 1 (R29: a fork for a snapshot must not fail); {@code vm.swappiness} 1 (R30)
     *   <li>{@code net.core.somaxconn} 4096 (R7, R8: plenty; a kernel from 5.4 on has it) and
     *       {@code net.ipv4.tcp_max_syn_backlog} 4096 (R37)
     *   <li>{@code fs.file-max} 1,000,000 (R39: a machine that has more keeps it)
     *   <li>huge pages {@code madvise} (R12, step 5 of E2); 65535 open files of {@code redis} (R40, R41, step 6 of E2)
     * </ul>
     *
     * What is a default everywhere (R31 to R33, R35) is left to the kernel.
     */
    private static HostTuning recommended() {
        Map<String, String> sysctl = Map.of(
                "vm.overcommit_memory", "1",
                "vm.swappiness", "1",
                "net.core.somaxconn", "4096",
                "net.ipv4.tcp_max_syn_backlog", "4096",
                "fs.file-max", "1000000");
        return new HostTuning(new TreeMap<>(sysctl), Optional.of(HugePages.MADVISE), Optional.of(OPEN_FILES));
    }
}
