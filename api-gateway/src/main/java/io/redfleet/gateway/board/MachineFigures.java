package io.redfleet.gateway.board;

import io.redfleet.contracts.operation.HostFacts;
import io.redfleet.contracts.operation.MachineFacts;
import java.time.Duration;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a machine said last of itself, in Monit's terms. What it has not said is null: records of earlier releases name
 * the load of one minute and the memory only.
 *
 * @param cpu null until the machine has spoken twice since it was booted
 * @param swap null like what is not known; of a machine that has none, all of it is 0
 */
public record MachineFigures(
        Load load,
        @Nullable Cpu cpu,
        @Nullable Share memory,
        @Nullable Share swap) {
    /** Over less, one tick of the kernel's clock is percents. */
    private static final Duration LEAST = Duration.ofMillis(900);

    /** The averages of one, five and fifteen minutes. */
    public record Load(
            double one, @Nullable Double five, @Nullable Double fifteen) {}

    /** Of all processors together, between the last two words of the machine. */
    public record Cpu(double userPercent, double systemPercent, double waitPercent) {}

    /** How much of something is used. */
    public record Share(long usedBytes, long totalBytes, double usedPercent) {
        private static Share of(long used, long total) {
            return new Share(used, total, StatusLine.percent(used, total));
        }
    }

    /** @param before an earlier word of the same machine */
    static MachineFigures of(HostFacts facts, Optional<HostFacts> before) {
        MachineFacts machine = facts.machine();
        boolean looked = machine.processors() > 0;
        long memory = facts.memoryTotalBytes();
        return new MachineFigures(
                new Load(facts.load1(), looked ? machine.load5() : null, looked ? machine.load15() : null),
                before.map(was -> cpu(was, facts)).orElse(null),
                memory > 0 ? Share.of(memory - facts.memoryAvailableBytes(), memory) : null,
                looked ? Share.of(machine.swapTotalBytes() - machine.swapFreeBytes(), machine.swapTotalBytes()) : null);
    }

    /**
     * Which of two earlier words the next one is measured against.
     *
     * @param kept against which the last one was; null: none
     * @param last the one before the next; null: none
     * @return null where neither is of the same run of the machine and long enough ago
     */
    public static @Nullable HostFacts before(
            @Nullable HostFacts kept, @Nullable HostFacts last, @Nullable HostFacts next) {
        if (next == null || last == null) {
            return null;
        }
        if (isBefore(last, next)) {
            return last;
        }
        return kept != null && isBefore(kept, next) ? kept : null;
    }

    private static boolean isBefore(HostFacts was, HostFacts is) {
        return was.reachable()
                && is.reachable()
                && was.bootId().equals(is.bootId())
                && !was.at().plus(LEAST).isAfter(is.at());
    }

    private static @Nullable Cpu cpu(HostFacts was, HostFacts is) {
        long all = is.machine().allMillis() - was.machine().allMillis();
        boolean looked = was.machine().processors() > 0 && is.machine().processors() > 0;
        if (!looked || all <= 0 || !isBefore(was, is)) {
            return null;
        }
        return new Cpu(
                spent(was, is, all, MachineFacts::userMillis),
                spent(was, is, all, MachineFacts::systemMillis),
                spent(was, is, all, MachineFacts::waitMillis));
    }

    /** The kernel's count of waiting may go back. */
    private static double spent(HostFacts was, HostFacts is, long all, ToLongFunction<MachineFacts> time) {
        long spent = time.applyAsLong(is.machine()) - time.applyAsLong(was.machine());
        return StatusLine.percent(Math.clamp(spent, 0L, all), all);
    }
}
