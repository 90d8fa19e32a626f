package io.redfleet.monitor.check;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where one service stands between two cycles: all that another process needs to go on judging it.
 *
 * @param skipped cycles passed over since it was judged last
 * @param pid of the cycle before; 0 if it was not there or not known
 * @param rules by their place in {@link ServiceEntry#rules}
 * @param limits by their place in the check's restart limits
 * @param exec how starting and stopping it went
 * @param data whether the process could be looked at
 * @param underWay what is being done to it, and not judged beside
 */
public record ServiceState(
        Watched watched,
        Window window,
        int skipped,
        long pid,
        long parent,
        List<Tally> rules,
        List<Tally> limits,
        Tally exec,
        Tally data,
        @Nullable UnderWay underWay) {

    /**
     * A deed that was asked for and has not ended.
     *
     * @param before the window as it was, should the deed be held back: then it was no attempt
     */
    public record UnderWay(Deed.Verb verb, Window before) {}

    public ServiceState {
        rules = List.copyOf(rules);
        limits = List.copyOf(limits);
    }

    /** From a clean slate. */
    static ServiceState fresh(ServiceEntry service, Watched watched) {
        return new ServiceState(
                watched,
                service.window(),
                service.check().every() - 1,
                0,
                0,
                Collections.nCopies(service.rules().size(), Tally.NEW),
                Collections.nCopies(service.check().limits().size(), Tally.NEW),
                Tally.NEW,
                Tally.NEW,
                null);
    }

    /** Why nothing is judged of what depends on it, in Monit's words (validate.c); empty: nothing holds that up. */
    Optional<String> holdsUp(String name) {
        String skipped = "test skipped as required service '" + name + "' ";
        return switch (watched) {
            case NOT -> Optional.of(skipped + "is not monitored");
            case INITIALIZING -> Optional.of(skipped + "is initializing");
            case WAITING -> Optional.of(skipped + "is waiting");
            case YES -> hasErrors() ? Optional.of(skipped + "has errors") : Optional.empty();
        };
    }

    /** Whether anything is failed at present: nothing that depends on it is judged then. */
    boolean hasErrors() {
        return exec.failed()
                || data.failed()
                || rules.stream().anyMatch(Tally::failed)
                || limits.stream().anyMatch(Tally::failed);
    }

    ServiceState with(Watched now) {
        return new ServiceState(now, window, skipped, pid, parent, rules, limits, exec, data, underWay);
    }

    ServiceState with(Window now) {
        return new ServiceState(watched, now, skipped, pid, parent, rules, limits, exec, data, underWay);
    }

    ServiceState with(@Nullable UnderWay now) {
        return new ServiceState(watched, window, skipped, pid, parent, rules, limits, exec, data, now);
    }

    ServiceState skipped(int cycles) {
        return new ServiceState(watched, window, cycles, pid, parent, rules, limits, exec, data, underWay);
    }

    ServiceState withProcess(long number, long of) {
        return new ServiceState(watched, window, skipped, number, of, rules, limits, exec, data, underWay);
    }

    ServiceState withRule(int place, Tally tally) {
        return new ServiceState(
                watched, window, skipped, pid, parent, set(rules, place, tally), limits, exec, data, underWay);
    }

    ServiceState withLimit(int place, Tally tally) {
        return new ServiceState(
                watched, window, skipped, pid, parent, rules, set(limits, place, tally), exec, data, underWay);
    }

    ServiceState withExec(Tally tally) {
        return new ServiceState(watched, window, skipped, pid, parent, rules, limits, tally, data, underWay);
    }

    ServiceState withData(Tally tally) {
        return new ServiceState(watched, window, skipped, pid, parent, rules, limits, exec, tally, underWay);
    }

    private static List<Tally> set(List<Tally> all, int place, Tally tally) {
        if (all.get(place).equals(tally)) {
            return all;
        }
        List<Tally> next = new ArrayList<>(all);
        next.set(place, tally);
        return next;
    }
}
