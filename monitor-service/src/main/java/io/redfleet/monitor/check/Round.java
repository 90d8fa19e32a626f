package io.redfleet.monitor.check;

import io.redfleet.monitrc.RestartLimit;
import io.redfleet.monitrc.Tolerance;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * One cycle over services that are judged together, as Monit goes about it (validate.c, control.c): first what people have
 * asked for, then each service in turn. What is to be done comes out as deeds; how they ended goes in again, in the same cycle or
 * in a later one, and until then the service is not judged. So a slow start holds up nobody else.
 *
 * <p>Used once, by one thread.
 */
public final class Round {
    private final Book book;
    private final Acts acts;

    public Round(Plan plan, Map<String, ServiceState> before, Instant now) {
        this.book = new Book(plan, before, now);
        this.acts = new Acts(book);
    }

    /** Judges everything of which {@code seen} says something, parents first. */
    public static Turn cycle(Plan plan, Map<String, ServiceState> before, Map<String, Seen> seen, Instant now) {
        Round round = new Round(plan, before, now);
        for (ServiceEntry service : plan.services()) {
            Seen observed = seen.get(service.name());
            if (observed != null) {
                round.judge(service.name(), observed);
            }
        }
        return round.end();
    }

    /** Nothing further comes in this cycle. */
    public Turn end() {
        return book.turn();
    }

    /** A person asks for it; it counts as no restart, and is told once it is done. */
    public void ask(String name, Wish wish) {
        acts.wish(book.plan.service(name), wish);
    }

    /** One service in its turn: what it depends on has had its own. */
    public void judge(String name, Seen seen) {
        judge(name, seen, false);
    }

    /** @param held whether something beyond this plan that it depends on has errors, or is not watched */
    void judge(String name, Seen seen, boolean held) {
        ServiceEntry service = book.plan.service(name);
        if (book.isDealtWith(service) || !due(service) || held || held(service)) {
            return;
        }
        Window before = book.state(service).window();
        if (!limited(service)) {
            // A window that has closed stays closed, whatever is held back.
            Window now = book.state(service).window();
            new Judgment(book, acts, service, seen, now.isClosed() ? now : before).judge();
        }
    }

    /**
     * How a deed ended.
     *
     * @param failure why it did not succeed; empty: it did
     * @param fresh what is seen of the service now
     */
    public void ended(String name, Deed.Verb verb, Deed.Cause cause, String failure, Seen fresh) {
        ServiceEntry service = book.plan.service(name);
        boolean stopped = verb == Deed.Verb.STOP;
        if (!(stopped && cause == Deed.Cause.PARENT)) {
            book.put(service, book.state(service).with((ServiceState.UnderWay) null));
        }
        boolean well = failure.isEmpty();
        Tally.Posted posted = book.state(service).exec().post(!well, Tolerance.AT_ONCE, book.now);
        book.put(service, book.state(service).withExec(posted.next()));
        book.report(service, EventKind.EXEC, well ? (stopped ? "stopped" : "started") : failure, posted);
        if (!well) {
            if (!stopped) {
                // It was stopped before, or was not there: Monit forgets what it knew of it (control.c), so that
                // whoever
                // appears after all is no change of pid.
                book.put(service, book.state(service).withProcess(0, 0));
            }
            return;
        }
        if (stopped) {
            if (cause != Deed.Cause.PARENT) {
                book.unwatch(service);
            }
        } else {
            if (cause == Deed.Cause.PERSON) {
                book.watch(service);
            }
            if (fresh.presence() instanceof Presence.Present present) {
                // What we have started is no change of pid.
                book.put(service, book.state(service).withProcess(present.pid(), present.parent()));
            }
            restored(service, fresh);
        }
        if (cause == Deed.Cause.PERSON) {
            book.done(service, Wish.valueOf(verb.name()));
        }
    }

    /** A deed was not done, and will not be: it was no attempt. */
    public void withheld(String name) {
        ServiceEntry service = book.plan.service(name);
        ServiceState.UnderWay underWay = book.state(service).underWay();
        if (underWay != null) {
            book.put(service, book.state(service).with(underWay.before()).with((ServiceState.UnderWay) null));
        }
    }

    /** What depends on a process that has just been started is judged again, once the process itself has been looked at. */
    private void restored(ServiceEntry service, Seen fresh) {
        List<ServiceEntry> children = service.children().stream()
                .map(book.plan::service)
                .filter(book::isWatched)
                .toList();
        children.forEach(child -> book.put(child, book.state(child).with(Watched.INITIALIZING)));
        if (!children.isEmpty()) {
            new Judgment(book, acts, service, fresh, book.state(service).window()).judge();
        }
    }

    private boolean due(ServiceEntry service) {
        ServiceState state = book.state(service);
        int every = service.check().every();
        if (state.skipped() + 1 < every) {
            book.put(service, state.skipped(state.skipped() + 1).with(Watched.WAITING));
            return false;
        }
        book.put(service, state.skipped(0));
        return true;
    }

    /** Nothing is said of what needs something that is failed itself, or not watched. */
    private boolean held(ServiceEntry service) {
        return service.parents().stream()
                .anyMatch(parent ->
                        book.state(book.plan.service(parent)).holdsUp(parent).isPresent());
    }

    /** The limits come before any test, so one cycle after the attempt that reaches them. */
    private boolean limited(ServiceEntry service) {
        List<RestartLimit> limits = service.check().limits();
        if (limits.isEmpty()) {
            return false;
        }
        Window window = book.state(service).window().judged();
        book.put(service, book.state(service).with(window));
        int longest = 0;
        // From the last one in the file to the first, as Monit does; who is not watched any more is told no other
        // limit.
        for (int i = limits.size() - 1; i >= 0 && !book.isDealtWith(service); i--) {
            RestartLimit limit = limits.get(i);
            longest = Math.max(longest, limit.cycles());
            if (window.reached(limit.restarts(), limit.cycles())) {
                reached(service, i, limit, window);
            }
        }
        if (!book.isDealtWith(service) && window.cycles() > longest) {
            book.put(service, book.state(service).with(window.closed()));
        }
        return book.isDealtWith(service);
    }

    private void reached(ServiceEntry service, int place, RestartLimit limit, Window window) {
        String text = "service restarted " + window.restartsWithin(limit.cycles()) + " times within "
                + window.cyclesOf(limit.cycles()) + " cycles(s) - "
                + limit.action().word();
        Tally.Posted posted = book.state(service).limits().get(place).post(true, Tolerance.AT_ONCE, book.now);
        book.put(service, book.state(service).withLimit(place, posted.next()));
        book.tell(service, EventKind.TIMEOUT, Book.NO_RULE, Told.Change.FAILED, text, limit.action(), posted);
        acts.act(service, limit.action(), EventKind.TIMEOUT, text, posted, window);
    }
}
