package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import java.time.Duration;
import java.util.List;

/** What the turns of restarts wait for. The same is waited for in several: each id has the number of its turn. */
final class Waits {
    /** Loading, or a full sync over a slow line, and the first append-only file after it. */
    private static final Duration LEVEL = Duration.ofMinutes(15);
    /** Sentinels tell each other every 2 s, ask for INFO every 10 s, and act on nothing for 30 s in tilt. */
    private static final Duration SETTLED = Duration.ofSeconds(90);
    /** For what was true a moment ago. */
    private static final Duration STILL = Duration.ofSeconds(20);

    private final ClusterSpec spec;
    private final StepMaker make;
    private int turn;

    Waits(ClusterSpec spec, StepMaker make) {
        this.spec = spec;
        this.make = make;
    }

    /** Another turn begins. */
    void next() {
        turn++;
    }

    Step joined(Member member) {
        String title = "wait until " + member.id() + " knows all others and finds its quorum";
        return await(member, "joined", title, Action.Until.QUORUM, SETTLED);
    }

    /** In sync or not. */
    Step replica(Member member) {
        return await(member, "replica", "see that " + member.id() + " is a replica", Action.Until.REPLICA, STILL);
    }

    Step linked(Member member) {
        String title = "see that " + member.id() + " is a replica in sync with its master";
        return await(member, "linked", title, Action.Until.LINKED, STILL);
    }

    Step level(Member member) {
        String title = "wait until " + member.id() + " is level with its master";
        return await(member, "level", title, Action.Until.LEVEL, LEVEL);
    }

    Step idle(Member member) {
        String title = "wait until " + member.id() + " neither loads nor saves, nor lags behind";
        return await(member, "idle", title, Action.Until.IDLE, LEVEL);
    }

    List<Step> settled() {
        return spec.members(InstanceRole.SENTINEL).stream()
                .map(member -> await(
                        member,
                        "settled",
                        "wait until " + member.id() + " finds nothing wrong with any other",
                        Action.Until.SETTLED,
                        SETTLED))
                .toList();
    }

    private Step await(Member member, String what, String title, Action.Until until, Duration patience) {
        Action action = new Action.Await(
                make.place(member),
                until,
                spec.sentinel().masterName(),
                spec.members(InstanceRole.REDIS).size() - 1,
                spec.members(InstanceRole.SENTINEL).size(),
                patience);
        return new Step(member.id() + "/" + what + "-" + turn, title, List.of(), action);
    }
}
