package io.redfleet.monitor.watch;

import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.operation.HostFacts;
import io.redfleet.contracts.operation.MachineFacts;
import io.redfleet.contracts.operation.ProcessFacts;
import io.redfleet.monitrc.Metric;
import io.redfleet.monitrc.Unit;
import java.time.Duration;
import java.util.OptionalDouble;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a host said last, measured against what it said before: how busy it was is known of the time between.
 *
 * @param before of the same run of the machine, and at least {@link #LEAST} earlier; null where there is none
 * @param judged whether a cycle has judged by it: one word of a host is one result, however long the next is in coming
 */
public record Measured(HostFacts latest, @Nullable HostFacts before, boolean judged) {
    /** Over less, one tick of the kernel's clock is percents. */
    static final Duration LEAST = Duration.ofMillis(900);

    static Measured of(HostFacts facts) {
        return new Measured(facts, null, false);
    }

    Measured then(HostFacts next) {
        boolean same = latest.reachable() && next.reachable() && latest.bootId().equals(next.bootId());
        boolean enough = !latest.at().plus(LEAST).isAfter(next.at());
        return new Measured(next, same ? (enough ? latest : before) : null, false);
    }

    Measured read() {
        return judged ? this : new Measured(latest, before, true);
    }

    /** Whether it says something that no cycle has judged by. */
    boolean isNews() {
        return latest.reachable() && !judged;
    }

    /** Of the machine, or the filesystem of the cluster's directory; empty where it is not known, or not yet. */
    OptionalDouble machine(Metric metric, Unit unit) {
        MachineFacts machine = latest.machine();
        double cores = machine.processors();
        boolean looked = cores > 0;
        if (!looked && metric != Metric.MEMORY && metric != Metric.LOAD_1) {
            return OptionalDouble.empty();
        }
        return switch (metric) {
            case CPU -> share(of -> of.allMillis() - of.idleMillis());
            case CPU_USER -> share(MachineFacts::userMillis);
            case CPU_SYSTEM -> share(MachineFacts::systemMillis);
            case CPU_WAIT -> share(MachineFacts::waitMillis);
            case MEMORY ->
                amount(latest.memoryTotalBytes() - latest.memoryAvailableBytes(), latest.memoryTotalBytes(), unit);
            // A machine without swap has not filled it.
            case SWAP ->
                machine.swapTotalBytes() == 0
                        ? OptionalDouble.of(0)
                        : amount(machine.swapTotalBytes() - machine.swapFreeBytes(), machine.swapTotalBytes(), unit);
            case LOAD_1 -> OptionalDouble.of(latest.load1());
            case LOAD_5 -> OptionalDouble.of(machine.load5());
            case LOAD_15 -> OptionalDouble.of(machine.load15());
            case LOAD_1_PER_CORE -> OptionalDouble.of(latest.load1() / cores);
            case LOAD_5_PER_CORE -> OptionalDouble.of(machine.load5() / cores);
            case LOAD_15_PER_CORE -> OptionalDouble.of(machine.load15() / cores);
            case SPACE -> amount(machine.diskUsedBytes(), machine.diskUsedBytes() + latest.diskAvailableBytes(), unit);
            case SPACE_FREE ->
                amount(latest.diskAvailableBytes(), machine.diskUsedBytes() + latest.diskAvailableBytes(), unit);
            case INODES -> amount(machine.inodesTotal() - machine.inodesFree(), machine.inodesTotal(), unit);
            case INODES_FREE -> amount(machine.inodesFree(), machine.inodesTotal(), unit);
            case CPU_TOTAL, MEMORY_TOTAL, CHILDREN, THREADS -> OptionalDouble.empty();
        };
    }

    /** Of the instance's own process; empty while it is not there, where that is not known, or not yet. */
    OptionalDouble process(InstanceId id, Metric metric, Unit unit) {
        ProcessFacts process = latest.processes().get(id);
        if (process == null || !process.present()) {
            return OptionalDouble.empty();
        }
        long resident = process.residentBytes();
        return switch (metric) {
            case CPU -> busy(id, process, ProcessFacts::cpuMillis);
            case CPU_TOTAL -> busy(id, process, of -> of.cpuMillis() + of.childrenCpuMillis());
            case MEMORY -> amount(resident, latest.memoryTotalBytes(), unit);
            case MEMORY_TOTAL -> amount(resident + process.childrenResidentBytes(), latest.memoryTotalBytes(), unit);
            // There is no process without a thread: none is counted where nobody looked.
            case THREADS -> process.threads() == 0 ? OptionalDouble.empty() : OptionalDouble.of(process.threads());
            case CHILDREN -> process.threads() == 0 ? OptionalDouble.empty() : OptionalDouble.of(process.children());
            default -> OptionalDouble.empty();
        };
    }

    /** In percent of one processor, and never more than all of one, as Monit shows it (measured with 5.33). */
    private OptionalDouble busy(InstanceId id, ProcessFacts now, ToLongFunction<ProcessFacts> spent) {
        ProcessFacts was = before == null ? null : before.processes().get(id);
        boolean same = was != null && was.pid() == now.pid() && was.startTicks() == now.startTicks();
        if (before == null || was == null || !same) {
            return OptionalDouble.empty();
        }
        long past = Duration.between(before.at(), latest.at()).toMillis();
        return percent(spent.applyAsLong(now) - spent.applyAsLong(was), past);
    }

    private OptionalDouble share(ToLongFunction<MachineFacts> spent) {
        if (before == null) {
            return OptionalDouble.empty();
        }
        long all = latest.machine().allMillis() - before.machine().allMillis();
        return percent(spent.applyAsLong(latest.machine()) - spent.applyAsLong(before.machine()), all);
    }

    /** Two clocks do not agree to the millisecond, and a child that has ended takes its time with it. */
    private static OptionalDouble percent(long spent, long of) {
        return of <= 0 ? OptionalDouble.empty() : OptionalDouble.of(Math.clamp(100.0 * spent / of, 0, 100));
    }

    /** Of something that has no size nothing is known: a filesystem may count no inodes. */
    private static OptionalDouble amount(long part, long all, Unit unit) {
        if (all <= 0) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(unit == Unit.PERCENT ? 100.0 * part / all : part);
    }
}
