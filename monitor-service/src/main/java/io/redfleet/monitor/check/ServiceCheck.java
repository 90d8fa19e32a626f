package io.redfleet.monitor.check;

import io.redfleet.contracts.health.CheckHealth;
import io.redfleet.contracts.health.CheckHealth.RuleHealth;
import io.redfleet.monitrc.RestartLimit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where one instance, or one host, stands under a check's rules.
 *
 * <p>A cycle in which a restart was held back, or is still to be tried, is not judged and moves nothing; nor is one in which
 * something that it depends on has errors.
 */
public record ServiceCheck(ServiceRules rules, ServiceState state) {
    /**
     * What one cycle came to.
     *
     * @param deed asked for and, until it was {@link #tried} or {@link #withheld}, the last thing that is
     * @param execs programs to be run, in the order of the rules; each is due now and never again
     */
    public record Judged(ServiceCheck next, List<Told> told, Optional<Deed> deed, List<Deed> execs) {
        public Judged {
            told = List.copyOf(told);
            execs = List.copyOf(execs);
        }
    }

    public static ServiceCheck fresh(ServiceRules rules, boolean watched) {
        return new ServiceCheck(rules, ServiceState.fresh(rules.service(), watched ? Watched.YES : Watched.NOT));
    }

    public Judged judge(Seen seen, Instant now) {
        return judge(seen, false, now);
    }

    /** @param held whether a check that it depends on {@link #holdsUp} those that do */
    public Judged judge(Seen seen, boolean held, Instant now) {
        Round round = new Round(rules.plan(), Map.of(rules.name(), state), now);
        round.judge(rules.name(), seen, held);
        Turn turn = round.end();
        ServiceState next = Objects.requireNonNull(turn.states().get(rules.name()));
        return new Judged(
                new ServiceCheck(rules, next),
                turn.told(),
                turn.deeds().stream()
                        .filter(deed -> deed.verb() != Deed.Verb.EXEC)
                        .findFirst(),
                turn.deeds().stream()
                        .filter(deed -> deed.verb() == Deed.Verb.EXEC)
                        .toList());
    }

    /** As it would stand under other rules: what they say alike goes on, and all else begins anew. */
    public ServiceCheck under(ServiceRules others) {
        Window none = others.service().window();
        Window counted = isLimited() && window().slides() == none.slides() ? window() : none;
        ServiceCheck next = fresh(others, isWatched()).with(counted, health());
        ServiceState.UnderWay underWay = state.underWay();
        return underWay == null ? next : next.asked(underWay.verb());
    }

    /** Why nothing is judged of what depends on it; empty: nothing holds that up. */
    public Optional<String> holdsUp() {
        return state.holdsUp(rules.name());
    }

    /** The names of the rules that have failed. */
    public List<String> failed() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < rules.names().size(); i++) {
            if (state.rules().get(i).failed()) {
                names.add(rules.names().get(i));
            }
        }
        return names;
    }

    /** What has failed, and is no rule any more among others: its end would never be told. */
    public List<String> failedBeside(ServiceRules others) {
        return failed().stream().filter(name -> !others.names().contains(name)).toList();
    }

    /** As another process has left it; a rule that it did not know has never failed. */
    public ServiceCheck with(Window window, @Nullable CheckHealth health) {
        ServiceState next = state.with((ServiceState.UnderWay) null).with(window);
        if (health != null) {
            next = next.skipped(health.skipped()).withProcess(health.pid(), 0);
        }
        for (int i = 0; i < rules.names().size(); i++) {
            RuleHealth known =
                    health == null ? null : health.rules().get(rules.names().get(i));
            next = next.withRule(i, known == null ? Tally.NEW : tally(known));
        }
        return new ServiceCheck(rules, next);
    }

    /** What was told of a rule by another process, after it had written down how its rules stand. */
    public ServiceCheck told(String rule, boolean failed, Instant at) {
        int place = rules.names().indexOf(rule);
        Tally tally = failed ? new Tally(Tally.State.FAILED, -1, 1, at) : new Tally(Tally.State.PASSED, 0, 1, at);
        return place < 0 ? this : new ServiceCheck(rules, state.withRule(place, tally));
    }

    public ServiceCheck with(Window window) {
        return new ServiceCheck(rules, state.with(window));
    }

    /** A restart has been asked for of which nobody has said yet that it was tried. */
    public ServiceCheck asked() {
        return asked(Deed.Verb.RESTART);
    }

    /** As {@link #asked()}; a stop is no attempt in the sense of the restart limit. */
    public ServiceCheck asked(Deed.Verb verb) {
        Window settled = window();
        Window next = verb == Deed.Verb.STOP ? settled : attempted();
        return new ServiceCheck(rules, state.with(next).with(new ServiceState.UnderWay(verb, settled)));
    }

    /** It has been tried, with whatever success; it counts with the cycle in which it was asked for. */
    public ServiceCheck tried() {
        ServiceState.UnderWay underWay = state.underWay();
        return underWay != null && underWay.verb() == Deed.Verb.STOP
                ? withheld()
                : new ServiceCheck(rules, state.with(attempted()).with((ServiceState.UnderWay) null));
    }

    /** Where nothing is limited nothing is counted: nobody would ever close the window. */
    private Window attempted() {
        return isLimited() ? window().judged().attempted() : window().closed();
    }

    /**
     * The limit of which an event tells that its window, one cycle on, has reached it: of several that do the same, the last.
     *
     * @param action as the event names it
     */
    public RestartLimit limit(String action) {
        Window next = window().judged();
        List<RestartLimit> limits = rules.service().check().limits().reversed();
        return limits.stream()
                .filter(limit -> limit.action().word().equals(action))
                .filter(limit -> next.reached(limit.restarts(), limit.cycles()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no limit with " + action + " has been reached"));
    }

    private boolean isLimited() {
        return !rules.service().check().limits().isEmpty();
    }

    /** It was not done, and will not be. */
    public ServiceCheck withheld() {
        return new ServiceCheck(rules, state.with(window()).with((ServiceState.UnderWay) null));
    }

    public boolean isWatched() {
        return state.watched().isWatched();
    }

    /** Without what waits to be tried. */
    public Window window() {
        ServiceState.UnderWay underWay = state.underWay();
        return underWay == null ? state.window() : underWay.before();
    }

    /** What another process needs to go on; null where no rule has ever failed and nothing is counted. */
    public @Nullable CheckHealth health() {
        Map<String, RuleHealth> known = new HashMap<>();
        for (int i = 0; i < rules.names().size(); i++) {
            Tally tally = state.rules().get(i);
            if (tally.state() != Tally.State.UNSEEN) {
                known.put(rules.names().get(i), health(tally));
            }
        }
        boolean nothing =
                known.isEmpty() && state.pid() == 0 && rules.service().check().every() == 1;
        return nothing ? null : new CheckHealth(state.skipped(), state.pid(), known);
    }

    private static RuleHealth health(Tally tally) {
        CheckHealth.State state = switch (tally.state()) {
            case UNSEEN -> throw new IllegalStateException("a rule that has never failed is not carried");
            case PENDING -> CheckHealth.State.PENDING;
            case FAILED -> CheckHealth.State.FAILED;
            case PASSED -> CheckHealth.State.PASSED;
        };
        return new RuleHealth(state, tally.bits(), tally.count(), tally.since());
    }

    private static Tally tally(RuleHealth health) {
        Tally.State state = switch (health.state()) {
            case PENDING -> Tally.State.PENDING;
            case FAILED -> Tally.State.FAILED;
            case PASSED -> Tally.State.PASSED;
        };
        return new Tally(state, health.bits(), health.count(), health.since());
    }
}
