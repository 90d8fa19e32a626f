package io.redfleet.monitor.check;

import io.redfleet.monitrc.Action;
import io.redfleet.monitrc.Check;
import java.util.List;

/** What a rule or a person asks for, made into deeds in the order in which dependent services need them (control.c). */
final class Acts {
    private final Book book;

    Acts(Book book) {
        this.book = book;
    }

    /**
     * A rule's action.
     *
     * @param before the window before this cycle
     */
    void act(ServiceEntry service, Action action, EventKind kind, String text, Tally.Posted posted, Window before) {
        switch (action) {
            case Action.Alert alert -> {}
            case Action.Unmonitor unmonitor -> book.unwatch(service);
            case Action.Exec exec -> {
                boolean flipped = posted.effect() != Tally.Effect.STILL_FAILED;
                boolean again = exec.repeat() > 0 && posted.next().count() % exec.repeat() == 0;
                if (flipped || again) {
                    boolean recovered = posted.effect() == Tally.Effect.PASSED;
                    book.exec(service, kind, recovered, text, exec.command());
                }
            }
            case Action.Restart restart -> start(service, Deed.Verb.RESTART, kind, text, before);
            case Action.Start start -> start(service, Deed.Verb.START, kind, text, before);
            case Action.Stop stop -> {
                if (service.check().mode() == Check.Mode.ACTIVE) {
                    stop(service, Deed.Cause.RULE, kind, text);
                }
            }
        }
    }

    /** A person's wish. What nobody can start or stop is only watched or not. */
    void wish(ServiceEntry service, Wish wish) {
        String text = wish.word() + " on user request";
        switch (wish) {
            case MONITOR -> {
                book.plan.above(service.name()).forEach(book::watch);
                book.watch(service);
                book.done(service, wish);
            }
            case UNMONITOR -> {
                book.unwatch(service);
                book.done(service, wish);
            }
            case START -> {
                book.plan.above(service.name()).stream()
                        .filter(parent ->
                                !book.isWatched(parent) || book.state(parent).hasErrors())
                        .forEach(parent -> command(parent, Deed.Verb.START, text));
                command(service, Deed.Verb.START, text);
            }
            case STOP -> stop(service, Deed.Cause.PERSON, EventKind.ACTION, text);
            case RESTART -> command(service, Deed.Verb.RESTART, text);
        }
    }

    /** What a passive check would have done is counted as if it had. */
    private void start(ServiceEntry service, Deed.Verb verb, EventKind kind, String text, Window before) {
        if (!service.check().limits().isEmpty()) {
            ServiceState state = book.state(service);
            book.put(service, state.with(state.window().attempted()));
        }
        if (service.check().mode() == Check.Mode.PASSIVE) {
            return;
        }
        List<ServiceEntry> children = verb == Deed.Verb.RESTART ? below(service) : List.of();
        for (ServiceEntry child : children) {
            Window own = book.state(child).window();
            book.deed(child, Deed.Verb.STOP, Deed.Cause.PARENT, kind, text, own);
        }
        book.deed(service, verb, Deed.Cause.RULE, kind, text, before);
        for (ServiceEntry child : children.reversed()) {
            Window own = book.state(child).window();
            book.deed(child, Deed.Verb.START, Deed.Cause.PARENT, kind, text, own);
        }
    }

    private void stop(ServiceEntry service, Deed.Cause cause, EventKind kind, String text) {
        for (ServiceEntry each : below(service)) {
            book.deed(each, Deed.Verb.STOP, cause, kind, text, book.state(each).window());
        }
        if (service.isProcess()) {
            book.deed(
                    service,
                    Deed.Verb.STOP,
                    cause,
                    kind,
                    text,
                    book.state(service).window());
        } else {
            book.unwatch(service);
        }
    }

    private void command(ServiceEntry service, Deed.Verb verb, String text) {
        if (service.isProcess()) {
            Window own = book.state(service).window();
            book.deed(service, verb, Deed.Cause.PERSON, EventKind.ACTION, text, own);
        } else {
            book.watch(service);
            book.done(service, Wish.valueOf(verb.name()));
        }
    }

    /** Those that can be stopped, the furthest first. */
    private List<ServiceEntry> below(ServiceEntry service) {
        return book.plan.below(service.name()).stream()
                .filter(child -> child.isProcess() && book.isWatched(child))
                .toList();
    }
}
