package io.redfleet.gateway.board;

import io.redfleet.contracts.operation.HostFacts;
import io.redfleet.contracts.operation.MachineFacts;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a host said last of the filesystem of the cluster's directory, in Monit's terms. What it has not said is null.
 *
 * @param availableBytes free for who is not root
 * @param availablePercent of the whole, as Monit counts it
 * @param space null in records of earlier releases
 * @param inodes null like space, and where the filesystem counts none
 */
public record FilesystemFigures(
        long totalBytes,
        long availableBytes,
        double availablePercent,
        @Nullable Space space,
        @Nullable Inodes inodes) {
    /**
     * What is known only where it is known how much is used.
     *
     * @param freeBytes what is kept for root included
     * @param freePercent of the whole
     * @param reservedPercent of the whole: kept for root
     * @param usedPercent of what is not kept for root, as rules and df count it
     */
    public record Space(
            long freeBytes, double freePercent, double reservedPercent, long usedBytes, double usedPercent) {}

    /** How many files there may be. */
    public record Inodes(long total, long free, double freePercent) {}

    /** Empty where the host could not say it. */
    static Optional<FilesystemFigures> of(HostFacts facts) {
        long total = facts.diskTotalBytes();
        if (total <= 0) {
            return Optional.empty();
        }
        MachineFacts machine = facts.machine();
        boolean looked = machine.processors() > 0;
        long available = facts.diskAvailableBytes();
        return Optional.of(new FilesystemFigures(
                total,
                available,
                StatusLine.percent(available, total),
                looked ? space(total, machine.diskUsedBytes(), available) : null,
                machine.inodesTotal() > 0
                        ? new Inodes(
                                machine.inodesTotal(),
                                machine.inodesFree(),
                                StatusLine.percent(machine.inodesFree(), machine.inodesTotal()))
                        : null));
    }

    private static Space space(long total, long used, long available) {
        // Each figure of df is rounded up to a block by itself.
        long free = Math.max(total - used, available);
        return new Space(
                free,
                StatusLine.percent(free, total),
                StatusLine.percent(free - available, total),
                used,
                StatusLine.percent(used, used + available));
    }
}
