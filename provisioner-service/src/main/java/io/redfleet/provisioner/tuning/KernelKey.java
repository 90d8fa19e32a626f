package io.redfleet.provisioner.tuning;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A kernel setting that a spec may name. Its values are whole numbers.
 *
 * @param least the smallest value that is taken
 * @param most the largest
 * @param upwards whether more is never worse: a machine that has more already keeps it
 */
public record KernelKey(String name, long least, long most, boolean upwards) {
    private static final Map<String, KernelKey> ALLOWED = Stream.of(
                    // 2 refuses what it has not got: Redis could not fork (R29). 0 to 2 is the kernel's own range.
                    new KernelKey("vm.overcommit_memory", 0, 2, false),
                    new KernelKey("vm.swappiness", 0, 100, false),
                    // Below 128 the kernel of any age has more; 65535 is what its backlog holds (R7, R38).
                    new KernelKey("net.core.somaxconn", 128, 65_535, true),
                    new KernelKey("net.ipv4.tcp_max_syn_backlog", 128, 65_535, true),
                    new KernelKey("net.ipv4.tcp_sack", 0, 1, false),
                    new KernelKey("net.ipv4.tcp_timestamps", 0, 1, false),
                    new KernelKey("net.ipv4.tcp_window_scaling", 0, 1, false),
                    new KernelKey("net.ipv4.tcp_syncookies", 0, 2, false),
                    new KernelKey("net.ipv4.tcp_tw_reuse", 0, 2, false),
                    // Of the whole machine: today's default is of the millions, the article's 65535 would starve it
                    // (R39).
                    new KernelKey("fs.file-max", 1_000_000, 1_000_000_000, true))
            .collect(Collectors.toUnmodifiableMap(KernelKey::name, Function.identity()));

    /** Why those are not taken which somebody might look for; by key. */
    private static final Map<String, String> NEVER = Map.of(
            "net.ipv4.tcp_tw_recycle",
            "never set: it broke clients behind NAT, and Linux has had none since 4.12; tcp_tw_reuse is enough",
            "net.ipv4.tcp_congestion_control",
            "left as the kernel has it: what it can be is for the host's modules to say");

    /** Empty: no spec sets it. */
    public static Optional<KernelKey> of(String name) {
        return Optional.ofNullable(ALLOWED.get(name));
    }

    /** All names, in the order of the alphabet. */
    public static List<String> names() {
        return ALLOWED.keySet().stream().sorted().toList();
    }

    /** Why no spec sets it, for a key that {@link #of} does not know. */
    public static String refusal(String name) {
        String others = "not a kernel setting that a spec may set; those are " + String.join(", ", names());
        return NEVER.getOrDefault(name, others);
    }

    /** Whether it is a value that a spec may ask for, written as the kernel writes it: no sign, no zeros before it. */
    public boolean takes(String value) {
        return value.matches("0|[1-9]\\d{0,11}") && Long.parseLong(value) >= least && Long.parseLong(value) <= most;
    }

    /** In words, for whoever asked for something else. */
    public String rule() {
        String range = "must be a whole number from " + least + " to " + most;
        return upwards ? range + "; a machine that has more keeps it" : range;
    }

    /** Whether a machine that has {@code found} has what was asked for. systemd sets {@code fs.file-max} to 2^63 - 1. */
    public boolean satisfied(String wanted, String found) {
        return found.equals(wanted)
                || (upwards
                        && found.matches("\\d{1,30}")
                        && new BigInteger(found).compareTo(new BigInteger(wanted)) >= 0);
    }
}
