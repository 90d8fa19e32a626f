package io.redfleet.monitor.check;

import io.redfleet.monitrc.Action;
import io.redfleet.monitrc.Command;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What one round writes down: where each service stands now, what was told, what is to be done. */
final class Book {
    static final int NO_RULE = -1;

    final Plan plan;
    final Instant now;

    private final Map<String, ServiceState> states;
    private final List<Told> told = new ArrayList<>();
    private final List<Deed> deeds = new ArrayList<>();

    Book(Plan plan, Map<String, ServiceState> before, Instant now) {
        this.plan = plan;
        this.states = new HashMap<>(before);
        this.now = now;
    }

    Turn turn() {
        return new Turn(states, told, deeds);
    }

    ServiceState state(ServiceEntry service) {
        return Objects.requireNonNull(states.get(service.name()), service::name);
    }

    void put(ServiceEntry service, ServiceState state) {
        states.put(service.name(), state);
    }

    /** From a clean slate, unless it is watched already. */
    void watch(ServiceEntry service) {
        if (!isWatched(service)) {
            put(service, ServiceState.fresh(service, Watched.INITIALIZING));
        }
    }

    /** With all that depends on it; what was counted and failed is forgotten. */
    void unwatch(ServiceEntry service) {
        plan.below(service.name()).forEach(child -> put(child, ServiceState.fresh(child, Watched.NOT)));
        put(service, ServiceState.fresh(service, Watched.NOT));
    }

    boolean isWatched(ServiceEntry service) {
        return state(service).watched().isWatched();
    }

    /** Nothing more is judged of it in this cycle. */
    boolean isDealtWith(ServiceEntry service) {
        return state(service).underWay() != null || !isWatched(service);
    }

    void judged(ServiceEntry service) {
        if (isWatched(service)) {
            put(service, state(service).with(Watched.YES));
        }
    }

    /** @param before the window as it is should this be no attempt in the end */
    void deed(ServiceEntry service, Deed.Verb verb, Deed.Cause cause, EventKind why, String text, Window before) {
        deeds.add(new Deed(service.name(), verb, cause, why, text, Command.NONE, why.failed()));
        put(service, state(service).with(new ServiceState.UnderWay(verb, before)));
    }

    /** @param recovered whether it is the end of a failure that asks for it */
    void exec(ServiceEntry service, EventKind why, boolean recovered, String text, Command command) {
        String event = recovered ? why.passed() : why.failed();
        deeds.add(new Deed(service.name(), Deed.Verb.EXEC, Deed.Cause.RULE, why, text, command, event));
    }

    /** What a person asked for has been done. */
    void done(ServiceEntry service, Wish wish) {
        String text = wish.word() + " action done";
        told.add(new Told(service.name(), EventKind.ACTION, NO_RULE, Told.Change.CHANGED, text, "alert", true, 1));
    }

    /** @param rule its place, or {@link #NO_RULE} */
    void tell(
            ServiceEntry service,
            EventKind kind,
            int rule,
            Told.Change change,
            String text,
            Action action,
            Tally.Posted posted) {
        boolean flipped = posted.effect() != Tally.Effect.STILL_FAILED;
        int count = posted.next().count();
        boolean due = service.reminder() > 0 && count % service.reminder() == 0;
        told.add(new Told(service.name(), kind, rule, change, text, action.word(), flipped || due, count));
    }

    /** Of what no rule of the file is about: told, and that is all. */
    void report(ServiceEntry service, EventKind kind, String text, Tally.Posted posted) {
        switch (posted.effect()) {
            case NONE, PENDING -> {}
            case FAILED, STILL_FAILED ->
                tell(service, kind, NO_RULE, Told.Change.FAILED, text, new Action.Alert(), posted);
            case PASSED -> tell(service, kind, NO_RULE, Told.Change.SUCCEEDED, text, new Action.Alert(), posted);
        }
    }
}
