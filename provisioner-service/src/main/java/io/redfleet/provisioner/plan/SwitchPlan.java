package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.Place;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The steps of a planned change of master. */
public final class SwitchPlan {
    /** A Sentinel's PUBLISH waits in a pause too; with less than this to spare before down-after it would miss the master. */
    private static final Duration SPARE = Duration.ofMillis(1500);

    /** What Sentinel does not finish within its failover-timeout it gives up, and a little later it is certain. */
    private static final Duration CERTAIN = Duration.ofSeconds(5);

    private SwitchPlan() {}

    /**
     * @param old the master that the Sentinels name
     * @param to who is to be master; empty: whom Sentinel chooses
     * @param candidates whom Sentinel could choose
     */
    public static Plan plan(
            ClusterSpec spec, ClusterSurvey survey, Member old, Optional<Member> to, List<Member> candidates) {
        StepMaker make = new StepMaker(spec, survey);
        Action action = new Action.Switch(
                Place.of(spec, old.id(), survey.accounts().admin()),
                spec.sentinel().masterName(),
                to.map(Member::announce),
                candidates.stream().map(Member::announce).toList(),
                spec.members(InstanceRole.SENTINEL).stream()
                        .map(Member::endpoint)
                        .toList(),
                pause(spec.sentinel().downAfter()),
                spec.sentinel().failoverTimeout().plus(CERTAIN));
        String whom = to.map(member -> member.id().value()).orElse("the replica that Sentinel chooses");
        Step step = new Step(id(old.id()), "let " + whom + " be master instead of " + old.id(), List.of(), action);
        return new Plan(List.of(List.of(step), List.of(make.rejoined(old))), List.of(), List.of(), false);
    }

    /** Of the step that switches. */
    public static String id(InstanceId old) {
        return old + "/switch";
    }

    /** How long scripts may wait: less than down-after by a second and more; zero where that is hardly anything. */
    static Duration pause(Duration downAfter) {
        Duration pause = downAfter.minus(SPARE);
        return pause.compareTo(Duration.ofMillis(500)) < 0 ? Duration.ZERO : pause;
    }
}
