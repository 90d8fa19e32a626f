package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.provisioner.recipe.UsersDiff;
import io.redfleet.provisioner.recipe.UsersFile;
import io.redfleet.provisioner.survey.AccessSurvey;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.HostSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Users and logins of instances that run, where these are not what they should be. */
final class AccessPlan {
    static final String UNCOMPARED = "its users were not compared: who they are was not said in time";

    private AccessPlan() {}

    /** Nothing of an instance that was not asked, or did not say who its users are. */
    static List<Step> wanted(ClusterSpec spec, ClusterSurvey survey, StepMaker make) {
        List<Step> steps = new ArrayList<>();
        for (Member member : spec.members()) {
            judged(spec, survey, member)
                    .flatMap(access -> step(spec, survey, make, member, access))
                    .ifPresent(steps::add);
        }
        return steps;
    }

    /** The users of others, which are left. */
    static List<String> strangers(ClusterSpec spec, ClusterSurvey survey) {
        List<String> strangers = new ArrayList<>();
        for (Member member : spec.members()) {
            Set<String> beside = judged(spec, survey, member)
                    .map(access -> UsersDiff.beside(users(survey, member), access.live()))
                    .orElse(Set.of());
            if (!beside.isEmpty()) {
                String names = beside.toString().replaceAll("[^ -~]", "?");
                strangers.add(member.id() + " has users that are not Redfleet's, and are left: " + names);
            }
        }
        return strangers;
    }

    /** Of whom nobody knows whether its users are as they should be, though it answers and was to be asked. */
    static List<Member> uncompared(ClusterSpec spec, ClusterSurvey survey) {
        if (!survey.asked()) {
            return List.of();
        }
        return spec.members().stream()
                .filter(member -> due(spec, survey, member))
                .filter(member -> !survey.access().containsKey(member.id()))
                .toList();
    }

    /** The same in words; a plan that says this does not say that nothing differs. */
    static List<String> notes(ClusterSpec spec, ClusterSurvey survey) {
        return uncompared(spec, survey).stream()
                .map(member -> member.id() + ": " + UNCOMPARED)
                .toList();
    }

    private static Optional<AccessSurvey> judged(ClusterSpec spec, ClusterSurvey survey, Member member) {
        return due(spec, survey, member) ? Optional.ofNullable(survey.access().get(member.id())) : Optional.empty();
    }

    /** One that was taken over keeps the users of its builder. */
    private static boolean due(ClusterSpec spec, ClusterSurvey survey, Member member) {
        boolean answers =
                survey.instance(member.id()).map(InstanceSurvey::answers).orElse(false);
        return answers && !survey.accounts().isNone() && spec.at(member.id()).isEmpty();
    }

    private static Optional<Step> step(
            ClusterSpec spec, ClusterSurvey survey, StepMaker make, Member member, AccessSurvey access) {
        // Other clusters have passwords for the users of a group's Sentinels; theirs stay, and only its own user is set
        // here.
        String text = GroupEnd.concerns(spec, member) ? groups(survey) : users(survey, member);
        Map<String, List<String>> live = UsersDiff.of(text, access.live(), access.categories());
        Map<String, List<String>> file = UsersDiff.of(text, access.file(), access.categories());
        Map<String, String> logins = logins(survey, member, access);
        if (live.isEmpty() && file.isEmpty() && logins.isEmpty()) {
            return Optional.empty();
        }
        Map<String, String> lines = UsersDiff.lines(text);
        List<String> diff = new ArrayList<>();
        live.forEach((name, words) -> diff.add("- user " + name + " " + String.join(", ", words)));
        file.forEach(
                (name, words) -> diff.add("- user " + name + " in " + UsersFile.NAME + " " + String.join(", ", words)));
        Set<String> names = new LinkedHashSet<>(live.keySet());
        names.addAll(file.keySet());
        List<String> set = new ArrayList<>();
        lines.forEach((name, line) -> {
            if (names.contains(name)) {
                diff.add("+ " + survey.accounts().masked(line));
            }
            if (live.containsKey(name)) {
                set.add(line);
            }
        });
        logins.forEach((directive, value) -> {
            diff.add("- " + directive + " is another");
            diff.add("+ " + directive + " " + survey.accounts().masked(value));
        });
        names.addAll(logins.keySet());
        return Optional.of(new Step(
                member.id() + "/users-set",
                "set " + names + " of " + member.id() + " while it runs",
                diff,
                new AccessAction.Users(
                        make.place(member),
                        make.directory(member),
                        spec.sentinel().masterName(),
                        set,
                        !file.isEmpty(),
                        logins)));
    }

    /** What the instance should have, as the version that runs there reads it. */
    private static String users(ClusterSurvey survey, Member member) {
        if (member.role() == InstanceRole.SENTINEL) {
            return UsersFile.sentinel(survey.accounts());
        }
        String runs = survey.instance(member.id()).map(InstanceSurvey::version).orElse("");
        HostSurvey host = survey.hosts().get(member.id().host());
        return UsersFile.redis(survey.accounts(), runs.isEmpty() && host != null ? host.version() : runs);
    }

    /** The line of the user by whom members join and leave, and whom none of them sets but here. */
    private static String groups(ClusterSurvey survey) {
        return UsersDiff.lines(UsersFile.sentinel(survey.accounts()))
                .getOrDefault(survey.accounts().group().user(), "");
    }

    /** Those that are another, or missing where that is known, with what they should be. */
    private static Map<String, String> logins(ClusterSurvey survey, Member member, AccessSurvey access) {
        Map<String, String> differ = new LinkedHashMap<>();
        Logins.settled(member.role(), survey.accounts()).forEach((directive, value) -> {
            if (!access.logins().getOrDefault(directive, !access.loginsRead())) {
                differ.put(directive, value);
            }
        });
        return differ;
    }
}
