package io.redfleet.contracts.operation;

/**
 * A process as the host's kernel shows it. Never a command line or an environment: those can hold secrets.
 *
 * @param present whether the instance's own process lives; a pidfile that names a stranger does not count
 * @param pid 0 when not present
 * @param startTicks the kernel's start time of the process in clock ticks since boot; with the pid it is an identity
 * @param cpuMillis processor time used since the process started
 * @param stopped whether somebody stopped it on purpose (Redfleet's stop leaves a mark)
 * @param threads 0 in a record of a release that did not look, as what follows
 * @param children as Redis has one while it saves
 * @param childrenResidentBytes theirs together
 * @param childrenCpuMillis theirs together; what a child that has ended used is not among it
 */
public record ProcessFacts(
        boolean present,
        long pid,
        long startTicks,
        long residentBytes,
        long cpuMillis,
        boolean stopped,
        int threads,
        int children,
        long childrenResidentBytes,
        long childrenCpuMillis) {
    public static final ProcessFacts ABSENT = new ProcessFacts(false, 0, 0, 0, 0, false, 0, 0, 0, 0);
}
