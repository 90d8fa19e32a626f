package io.redfleet.contracts.operation;

/**
 * What a machine's kernel says of the machine itself. Times are of all processors together since the machine started; how busy it
 * was is the difference between two facts.
 *
 * @param processors online; 0 where nothing is known
 * @param load5 the load average of five minutes
 * @param diskUsedBytes of the filesystem of the cluster's directory; with what is available it makes 100 %, as in df
 * @param inodesTotal 0 where the filesystem counts none
 * @param userMillis without what ran at a lower priority
 * @param systemMillis without interrupts
 * @param waitMillis idle while something waited for a disk
 * @param allMillis everything, idle included
 */
public record MachineFacts(
        int processors,
        double load5,
        double load15,
        long swapTotalBytes,
        long swapFreeBytes,
        long diskUsedBytes,
        long inodesTotal,
        long inodesFree,
        long userMillis,
        long systemMillis,
        long waitMillis,
        long idleMillis,
        long allMillis) {
    /** Of a host that has never been heard, and in a record of a release that did not look. */
    public static final MachineFacts UNKNOWN = new MachineFacts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}
