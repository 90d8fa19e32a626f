package io.redfleet.monitor.check;

import io.redfleet.monitrc.Action;
import io.redfleet.monitrc.Check;
import io.redfleet.monitrc.ControlFile;
import io.redfleet.monitrc.RestartLimit;
import io.redfleet.monitrc.Rule;
import io.redfleet.monitrc.Target;
import io.redfleet.monitrc.Test;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One instance under the rules that hold where nobody has written any, the founding article's two lines: connection failed,
 * then restart; five restarts within five cycles, then monitoring stops.
 *
 * <p>A cycle in which a restart was held back, or is still to be tried, is not judged and moves nothing.
 */
public record InstanceCheck(ServiceState state) {
    /** What the rule is called where it is told. */
    public static final String CONNECTION = "failed connection";

    private static final String NAME = "instance";
    private static final Plan PLAN = Plan.of(article(), 0);
    private static final Service SERVICE = PLAN.service(NAME);

    /**
     * What one cycle came to.
     *
     * @param restart asked for and, until it was {@link #tried} or {@link #withheld}, the last thing that is
     */
    public record Judged(InstanceCheck next, List<Told> told, Optional<Deed> restart) {}

    public static InstanceCheck fresh(boolean watched) {
        return new InstanceCheck(ServiceState.fresh(SERVICE, watched ? Watched.YES : Watched.NOT));
    }

    /** As another process has left it. */
    public InstanceCheck remembered(Window window, boolean failed, Instant since) {
        Tally tally = failed ? new Tally(Tally.State.FAILED, -1, 1, since) : Tally.NEW;
        return new InstanceCheck(
                state.with((ServiceState.UnderWay) null).with(window).withRule(0, tally));
    }

    /** @param failing whether the instance is down, hung or unreachable at this cycle */
    public Judged judge(boolean failing, String reason, Instant now) {
        Round round = new Round(PLAN, Map.of(NAME, state), now);
        Result connection = failing ? Result.failed(reason) : Result.passed(reason);
        round.judge(NAME, new Seen(Presence.UNKNOWN, List.of(connection)));
        Turn turn = round.end();
        return new Judged(of(turn), turn.told(), turn.deeds().stream().findFirst());
    }

    /** A restart has been asked for of which nobody has said yet that it was tried. */
    public InstanceCheck asked() {
        Window settled = window();
        return new InstanceCheck(
                state.with(settled.judged().attempted()).with(new ServiceState.UnderWay(Deed.Verb.RESTART, settled)));
    }

    /** It has been tried, with whatever success; it counts with the cycle in which it was asked for. */
    public InstanceCheck tried() {
        return new InstanceCheck(state.with(window().judged().attempted()).with((ServiceState.UnderWay) null));
    }

    /** It was not done, and will not be. */
    public InstanceCheck withheld() {
        return new InstanceCheck(state.with(window()).with((ServiceState.UnderWay) null));
    }

    public boolean isWatched() {
        return state.watched().isWatched();
    }

    /** Without what waits to be tried. */
    public Window window() {
        ServiceState.UnderWay underWay = state.underWay();
        return underWay == null ? state.window() : underWay.before();
    }

    public boolean failed() {
        return state.rules().getFirst().failed();
    }

    private static InstanceCheck of(Turn turn) {
        return new InstanceCheck(Objects.requireNonNull(turn.states().get(NAME)));
    }

    private static ControlFile article() {
        Rule connection = Rule.of(
                new Test.Connection("", 1, new Test.Protocol.Redis(), Test.Connection.TIMEOUT, 1),
                new Action.Restart());
        Check check = new Check(
                NAME,
                new Target.Host("instance"),
                Check.Mode.ACTIVE,
                Check.Programs.NONE,
                List.of(),
                List.of(),
                1,
                List.of(connection),
                List.of(new RestartLimit(5, 5, new Action.Unmonitor())),
                1);
        return new ControlFile(Duration.ZERO, List.of(check));
    }
}
