package io.redfleet.monitor.check;

import io.redfleet.monitrc.Action;
import io.redfleet.monitrc.RestartLimit;
import io.redfleet.monitrc.Rule;
import io.redfleet.monitrc.Test;
import io.redfleet.monitrc.Tolerance;
import java.util.List;

/** The tests of one service in one cycle, in Monit's order (validate.c): nothing is tested of what is not there. */
final class Judgment {
    private final Book book;
    private final Acts acts;
    private final ServiceEntry service;
    private final Seen seen;
    private final Window before;

    /** @param before the window before this cycle */
    Judgment(Book book, Acts acts, ServiceEntry service, Seen seen, Window before) {
        this.book = book;
        this.acts = acts;
        this.service = service;
        this.seen = seen;
        this.before = before;
    }

    void judge() {
        if (!service.isProcess()) {
            tests(0);
            book.judged(service);
            return;
        }
        switch (seen.presence()) {
            case Presence.Unknown unknown -> {
                // What can be known without it, is.
                tests(0);
                book.judged(service);
            }
            case Presence.Absent absent -> {
                existence(false, "process is not running");
                book.put(service, book.state(service).withProcess(0, 0));
                book.judged(service);
            }
            case Presence.Present present -> there(present);
        }
    }

    private void there(Presence.Present present) {
        int next = existence(true, "process is running with pid " + present.pid());
        if (!book.isDealtWith(service)) {
            cleared();
            zombie(present);
            tests(next);
        }
        if (book.isWatched(service)) {
            book.put(service, book.state(service).withProcess(present.pid(), present.parent()));
            book.judged(service);
        }
    }

    /** Answers the place of the first rule that is about something else. */
    private int existence(boolean there, String text) {
        List<Rule> rules = service.rules();
        for (int i = 0; i < rules.size(); i++) {
            switch (rules.get(i).test()) {
                case Test.Absent absent -> post(i, !there, text);
                case Test.Present present -> post(i, there, text);
                default -> {
                    return i;
                }
            }
        }
        return rules.size();
    }

    /** Who is running is not failed by what went wrong before. */
    private void cleared() {
        if (book.state(service).exec().failed()) {
            Tally.Posted posted = book.state(service).exec().post(false, Tolerance.AT_ONCE, book.now);
            book.put(service, book.state(service).withExec(posted.next()));
            String text = "process is running after previous exec error (slow starting or manually recovered?)";
            book.report(service, EventKind.EXEC, text, posted);
        }
        List<RestartLimit> limits = service.check().limits();
        for (int i = 0; i < limits.size(); i++) {
            Tally tally = book.state(service).limits().get(i);
            if (tally.failed()) {
                Tally.Posted posted = tally.post(false, Tolerance.AT_ONCE, book.now);
                book.put(service, book.state(service).withLimit(i, posted.next()));
                String text = "process is running after previous restart timeout (manually recovered?)";
                book.report(service, EventKind.TIMEOUT, text, posted);
            }
        }
    }

    private void zombie(Presence.Present present) {
        Tally.Posted posted = book.state(service).data().post(present.zombie(), Tolerance.AT_ONCE, book.now);
        book.put(service, book.state(service).withData(posted.next()));
        String text =
                present.zombie() ? "process with pid " + present.pid() + " is a zombie" : "zombie check succeeded";
        book.report(service, EventKind.DATA, text, posted);
    }

    private void tests(int from) {
        List<Rule> rules = service.rules();
        for (int i = from; i < rules.size() && !book.isDealtWith(service); i++) {
            test(i, rules.get(i).test());
        }
    }

    private void test(int place, Test test) {
        ServiceState state = book.state(service);
        Presence.Present present = seen.presence() instanceof Presence.Present there ? there : null;
        switch (test) {
            case Test.PidChanged changed when present != null -> changed(place, state.pid(), present.pid(), "PID");
            case Test.ParentChanged changed
            when present != null -> changed(place, state.parent(), present.parent(), "PPID");
            case Test.Uptime uptime
            when present != null -> {
                if (!present.uptime().isNegative()) {
                    double seconds = present.uptime().toSeconds();
                    double limit = uptime.limit().toSeconds();
                    post(place, uptime.comparison().holds(seconds, limit), "uptime is " + (long) seconds + " s");
                }
            }
            case Test.Connection connection when present != null && isStarting(present) -> {}
            default -> {
                Result given = place < seen.results().size() ? seen.results().get(place) : Result.NONE;
                if (given.verdict() != Result.Verdict.NONE) {
                    post(place, given.verdict() == Result.Verdict.FAILED, given.text());
                }
            }
        }
    }

    /** Monit's start grace: connections are not tested before the process has had the time that it may take to start. */
    private boolean isStarting(Presence.Present present) {
        return !service.grace().isZero()
                && !present.uptime().isNegative()
                && present.uptime().compareTo(service.grace()) <= 0;
    }

    /** @param last 0: it was not there in the cycle before, or not known */
    private void changed(int place, long last, long number, String what) {
        if (last == 0 || number == 0) {
            return;
        }
        Rule rule = service.rules().get(place);
        boolean changed = last != number;
        Tally.Posted posted = book.state(service)
                .rules()
                .get(place)
                .change(changed, changed ? rule.failed() : rule.recovered(), book.now);
        book.put(service, book.state(service).withRule(place, posted.next()));
        switch (posted.effect()) {
            case NONE, PENDING -> {}
            case FAILED, STILL_FAILED -> {
                String text = "process " + what + " changed from " + last + " to " + number;
                told(place, Told.Change.CHANGED, text, rule.then(), posted);
            }
            case PASSED -> {
                String text = "process " + what + " has not changed since last cycle";
                told(place, Told.Change.SUCCEEDED, text, rule.otherwise(), posted);
            }
        }
    }

    private void post(int place, boolean failed, String text) {
        Rule rule = service.rules().get(place);
        Tolerance needed = failed ? rule.failed() : rule.recovered();
        Tally.Posted posted = book.state(service).rules().get(place).post(failed, needed, book.now);
        book.put(service, book.state(service).withRule(place, posted.next()));
        switch (posted.effect()) {
            case NONE, PENDING -> {}
            case FAILED, STILL_FAILED -> told(place, Told.Change.FAILED, text, rule.then(), posted);
            case PASSED -> told(place, Told.Change.SUCCEEDED, text, rule.otherwise(), posted);
        }
    }

    private void told(int place, Told.Change change, String text, Action action, Tally.Posted posted) {
        EventKind kind = EventKind.of(service.rules().get(place).test());
        book.tell(service, kind, place, change, text, action, posted);
        acts.act(service, action, kind, text, posted, before);
    }
}
