package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.provisioner.recipe.SentinelConf;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Sentinels that run and watch no master of the cluster any more: somebody has had them forget it. */
final class LostMaster {
    private static final String BY_HALF = String.valueOf(AccessAction.Watch.OUT_OF_REACH);

    private LostMaster() {}

    /** By its own word: one that says nothing, or not all, has lost nothing. One that was given a master by half has it not yet. */
    static boolean lost(InstanceSurvey sentinel) {
        Map<String, String> master = sentinel.master();
        return sentinel.answers()
                && (master.containsKey("ip")
                        ? BY_HALF.equals(master.get("quorum"))
                        : sentinel.quorum().contains("No such master"));
    }

    /** @param named whom the majority names; empty: nobody knows which it is, and none is given to anybody */
    static List<Step> found(ClusterSpec spec, ClusterSurvey survey, StepMaker make, Optional<Endpoint> named) {
        List<Step> steps = new ArrayList<>();
        named.ifPresent(master -> {
            for (Member sentinel : losers(spec, survey)) {
                if (byHand(spec, survey, sentinel)) {
                    continue;
                }
                survey.instance(sentinel.id())
                        .map(seen -> SentinelConf.settings(spec, SettingsPlan.version(spec, sentinel, seen)))
                        .map(settings -> step(spec, survey, make, sentinel, master, settings))
                        .ifPresent(steps::add);
            }
        });
        return steps;
    }

    /**
     * Whether only a person can give it the master again: Redfleet does not know by which password it entered one. Without that it
     * would find the master down for ever, and say so to the others.
     */
    static boolean byHand(ClusterSpec spec, ClusterSurvey survey, Member sentinel) {
        return spec.at(sentinel.id()).isPresent()
                && !survey.accounts().given().isNone()
                && survey.instance(sentinel.id()).map(LostMaster::lost).orElse(false);
    }

    /** Those, with what to do. */
    static List<Plan.Refused> refused(ClusterSpec spec, ClusterSurvey survey) {
        String name = spec.sentinel().masterName();
        String mend = " has lost " + name + ", whose password Redfleet does not know: SENTINEL MONITOR " + name
                + ", then SENTINEL SET " + name + " auth-pass, by hand";
        return losers(spec, survey).stream()
                .filter(sentinel -> byHand(spec, survey, sentinel))
                .map(sentinel -> new Plan.Refused(
                        sentinel.id().host().value(),
                        sentinel.id().value(),
                        List.of("- no master " + name),
                        sentinel.id() + mend))
                .toList();
    }

    /** Which they are, for who reads why there is no majority; empty: there is none. */
    static String told(ClusterSpec spec, ClusterSurvey survey) {
        String names = losers(spec, survey).stream()
                .map(sentinel -> sentinel.id().value())
                .collect(Collectors.joining(", "));
        return names.isEmpty()
                ? ""
                : "; that run and watch no " + spec.sentinel().masterName() + " any more: " + names;
    }

    private static List<Member> losers(ClusterSpec spec, ClusterSurvey survey) {
        return spec.members(InstanceRole.SENTINEL).stream()
                .filter(sentinel -> survey.instance(sentinel.id())
                        .map(seen -> lost(seen) && !GroupPlan.toJoin(spec, sentinel, seen))
                        .orElse(false))
                .toList();
    }

    private static Step step(
            ClusterSpec spec,
            ClusterSurvey survey,
            StepMaker make,
            Member sentinel,
            Endpoint master,
            Map<String, String> settings) {
        String name = spec.sentinel().masterName();
        Map<String, String> logins = Logins.toMaster(survey.accounts());
        List<String> diff = new ArrayList<>();
        diff.add("- no master " + name);
        diff.add("+ master " + name + " " + master.host() + " " + master.port());
        settings.forEach((option, value) -> diff.add("+ " + option + " " + value));
        logins.forEach((directive, value) ->
                diff.add("+ " + directive + " " + survey.accounts().masked(value)));
        diff.add("+ quorum " + spec.sentinel().quorum());
        return new Step(
                sentinel.id() + "/watch",
                "let " + sentinel.id() + ", which has lost " + name + ", watch " + master
                        + ", as most of the others do",
                diff,
                new AccessAction.Watch(
                        make.place(sentinel), name, master, spec.sentinel().quorum(), settings, logins));
    }
}
