package io.redfleet.provisioner.plan;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.provisioner.gate.OwnerGate;
import io.redfleet.provisioner.gate.SharedSentinel;
import io.redfleet.provisioner.gate.StartGate;
import io.redfleet.provisioner.plan.Plan.Obstacle;
import io.redfleet.provisioner.recipe.SentinelConf;
import io.redfleet.provisioner.recipe.UsersDiff;
import io.redfleet.provisioner.recipe.UsersFile;
import io.redfleet.provisioner.survey.AccessSurvey;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.GroupSurvey;
import io.redfleet.provisioner.survey.HostSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How a cluster joins the Sentinels of its group, which may serve others already. Whoever comes first makes them, by the steps by
 * which any Sentinel is made. Then, on each, in this order: the cluster's users get in beside those of others, by the group's own
 * user; the Sentinel is given the cluster's master; and a note is left there that the cluster is a member. Each is planned by what
 * the host says, so that a cut after any of them is mended by the next plan.
 */
final class GroupPlan {
    private static final String SAME = " #same";
    private static final String OTHER = " #other";

    private final ClusterSpec spec;
    private final ClusterState cluster;
    private final ClusterSurvey survey;

    private GroupPlan(ClusterState cluster, ClusterSurvey survey) {
        this.cluster = cluster;
        this.spec = cluster.spec();
        this.survey = survey;
    }

    /** Whether it is a group's, stands, and does not watch this cluster's master: it has lost nothing, but is to be joined. */
    static boolean toJoin(ClusterSpec spec, Member member, InstanceSurvey seen) {
        return spec.sentinel().groupOf(member.role()).isPresent() && seen.configured() && !seen.joined();
    }

    /** @param master whom a Sentinel is given that does not know the cluster: whom the majority names, else the bootstrap master */
    static List<List<Step>> stages(ClusterState cluster, ClusterSurvey survey, StepMaker make, Endpoint master) {
        List<Step> enters = new ArrayList<>();
        List<Step> watches = new ArrayList<>();
        List<Step> notes = new ArrayList<>();
        GroupPlan plan = new GroupPlan(cluster, survey);
        for (Member sentinel : plan.sentinels()) {
            InstanceSurvey seen = survey.instance(sentinel.id()).orElse(null);
            if (seen == null || (seen.markedStopped() && !seen.present())) {
                continue;
            }
            plan.entering(make, sentinel, seen).ifPresent(enters::add);
            if (toJoin(plan.spec, sentinel, seen)) {
                watches.add(plan.watch(make, sentinel, seen, master));
            }
            plan.noting(make, sentinel).ifPresent(notes::add);
        }
        return List.of(enters, watches, notes);
    }

    /** Those that watch the cluster's master and do not let it in: whoever made them died before its users were there. */
    static List<Step> shutOut(ClusterState cluster, ClusterSurvey survey, StepMaker make) {
        List<Step> steps = new ArrayList<>();
        GroupPlan plan = new GroupPlan(cluster, survey);
        for (Member sentinel : plan.sentinels()) {
            survey.instance(sentinel.id())
                    .filter(InstanceSurvey::shutsOut)
                    .flatMap(seen -> plan.entering(make, sentinel, seen))
                    .ifPresent(steps::add);
        }
        return steps;
    }

    /** What other members have noted that does not go with this spec, and what nobody may guess. */
    static List<Obstacle> obstacles(ClusterState cluster, ClusterSurvey survey) {
        GroupPlan plan = new GroupPlan(cluster, survey);
        List<Obstacle> found = new ArrayList<>();
        for (Member sentinel : plan.sentinels()) {
            survey.group(sentinel.id()).notes().forEach((other, note) -> {
                if (!other.equals(cluster.name().value())) {
                    plan.disagrees(other, note).ifPresent(reason -> found.add(obstacle(sentinel, reason)));
                }
            });
            plan.stranger(sentinel).ifPresent(reason -> found.add(obstacle(sentinel, reason)));
            plan.stopped(sentinel).ifPresent(reason -> found.add(obstacle(sentinel, reason)));
        }
        plan.forgotten().ifPresent(found::add);
        return found;
    }

    /** What the note of a member says. */
    static GroupSurvey.Note note(ClusterSpec spec) {
        String sentinels = spec.members(InstanceRole.SENTINEL).stream()
                .map(member -> member.announce().toString())
                .sorted()
                .collect(Collectors.joining(","));
        return new GroupSurvey.Note(spec.sentinel().masterName(), sentinels, spec.service());
    }

    /** Lines of users.acl of those whose passwords are a cluster's own. */
    static List<String> ownUsers(ClusterSurvey survey) {
        List<String> own = List.of(Purpose.APPLICATION.word(), Purpose.PROBE.word(), Purpose.ADMIN.word());
        return UsersDiff.lines(UsersFile.sentinel(survey.accounts())).entrySet().stream()
                .filter(user -> own.contains(user.getKey()))
                .map(Map.Entry::getValue)
                .toList();
    }

    private List<Member> sentinels() {
        return spec.sentinel().group() == null ? List.of() : spec.members(InstanceRole.SENTINEL);
    }

    /** A master of this name that is none of the cluster's: whoever has it may not have come to leave a note. */
    private Optional<String> stranger(Member sentinel) {
        String name = spec.sentinel().masterName();
        String at = survey.group(sentinel.id()).watches().get(name);
        return at == null || SharedSentinel.dataNodes(cluster.everywhere()).contains(at)
                ? Optional.empty()
                : Optional.of("it watches a master " + name + " at " + at + ", which is no data node of " + spec.name()
                        + ": say another spec.sentinel.masterName");
    }

    private static Obstacle obstacle(Member sentinel, String reason) {
        return new Obstacle(sentinel.id().host().value(), sentinel.id().name(), reason);
    }

    private Optional<String> disagrees(String other, GroupSurvey.Note note) {
        GroupSurvey.Note own = note(spec);
        String group = "the group " + spec.sentinel().group();
        if (note.masterName().equals(own.masterName())) {
            return Optional.of("master name " + own.masterName() + " is that of cluster " + other + " in " + group
                    + " already: say another spec.sentinel.masterName");
        }
        if (!note.sentinels().equals(own.sentinels())) {
            return Optional.of("cluster " + other + " of " + group + " has the Sentinels " + note.sentinels()
                    + ", and this spec " + own.sentinels() + ": the specs of a group name the same ones");
        }
        return note.runsOtherwise(own)
                ? Optional.of("cluster " + other + " of " + group + " has spec.service " + note.service()
                        + ", and this spec " + own.service() + ": the specs of a group say the same")
                : Optional.empty();
    }

    /** Without all of them a new member's quorum is not found: it would be waited for in vain. */
    private Optional<String> stopped(Member sentinel) {
        return survey.instance(sentinel.id())
                .filter(seen -> seen.markedStopped() && !seen.present() && !seen.joined())
                .map(seen -> "was stopped by a person, and no new member of the group "
                        + spec.sentinel().group() + " can join without it: start it first");
    }

    /**
     * Where no Sentinel knows the cluster the spec decides who leads, this once; where data nodes run already and say otherwise,
     * the Sentinels have forgotten it, and nobody guesses.
     */
    private Optional<Obstacle> forgotten() {
        if (sentinels().isEmpty() || survey.sentinelsKnowACluster(spec)) {
            return Optional.empty();
        }
        Endpoint first = StartGate.bootstrapMaster(spec).announce();
        for (Member member : spec.members(InstanceRole.REDIS)) {
            InstanceSurvey seen = survey.instance(member.id()).orElse(null);
            if (seen == null || !seen.answers()) {
                continue;
            }
            String follows = seen.info("master_host") + ":" + seen.info("master_port");
            boolean leads = seen.isMaster() && !member.announce().equals(first);
            if (leads || (seen.isReplica() && !follows.equals(first.toString()))) {
                String says = leads ? "says that it is the master" : "follows " + follows;
                String reason = "no Sentinel of the group " + spec.sentinel().group() + " knows the cluster, and "
                        + member.id() + " " + says + ", not spec.bootstrapMaster, which is " + first
                        + ": name by spec.bootstrapMaster who has the data";
                return Optional.of(obstacle(member, reason));
            }
        }
        return Optional.empty();
    }

    private Optional<Step> entering(StepMaker make, Member sentinel, InstanceSurvey seen) {
        if (!enters(sentinel, seen)) {
            return Optional.empty();
        }
        // The group's own user does not set itself.
        List<String> users = new ArrayList<>();
        UsersDiff.lines(UsersFile.sentinel(survey.accounts())).forEach((name, line) -> {
            if (!name.equals(survey.accounts().group().user())) {
                users.add(line);
            }
        });
        List<String> diff = users.stream()
                .map(line -> "+ " + survey.accounts().masked(line))
                .toList();
        String title = "let the users of " + spec.name() + " into " + sentinel.id() + ", which the group "
                + spec.sentinel().group() + " shares";
        return Optional.of(new Step(
                sentinel.id() + "/enter",
                title,
                diff,
                new AccessAction.Enter(
                        make.place(sentinel).as(survey.accounts().group()),
                        make.directory(sentinel),
                        mark(sentinel),
                        users)));
    }

    private boolean enters(Member sentinel, InstanceSurvey seen) {
        if (!seen.configured()) {
            // Who began to make it may have written his users and no more.
            return !seen.owner().isEmpty();
        }
        if (!seen.answers()) {
            return !seen.joined() || seen.shutsOut();
        }
        AccessSurvey access = survey.access().get(sentinel.id());
        return access != null && !(same(access.live(), access) && same(access.file(), access));
    }

    /** Whether all of the cluster's users are there as they should be, whatever passwords they take besides. */
    private boolean same(Map<String, String> found, AccessSurvey access) {
        Map<String, String> own = new HashMap<>();
        found.forEach((name, line) -> own.put(name, line.contains(SAME) ? line.replace(OTHER, "") : line));
        String group = survey.accounts().group().user();
        String wanted = UsersFile.sentinel(survey.accounts())
                .lines()
                .filter(line -> !line.startsWith("user " + group + " "))
                .collect(Collectors.joining("\n", "", "\n"));
        return UsersDiff.of(wanted, own, access.categories()).isEmpty();
    }

    private Step watch(StepMaker make, Member sentinel, InstanceSurvey seen, Endpoint master) {
        String name = spec.sentinel().masterName();
        Map<String, String> settings = SentinelConf.settings(spec, version(sentinel, seen));
        Map<String, String> logins = Logins.toMaster(survey.accounts());
        List<String> diff = new ArrayList<>();
        diff.add("+ master " + name + " " + master.host() + " " + master.port());
        settings.forEach((option, value) -> diff.add("+ " + option + " " + value));
        logins.forEach((directive, value) ->
                diff.add("+ " + directive + " " + survey.accounts().masked(value)));
        diff.add("+ quorum " + spec.sentinel().quorum());
        return new Step(
                sentinel.id() + "/watch",
                "let " + sentinel.id() + ", which the group " + spec.sentinel().group() + " shares, watch " + name + " "
                        + master + " too",
                diff,
                new AccessAction.Watch(
                        make.place(sentinel), name, master, spec.sentinel().quorum(), settings, logins));
    }

    /** Of one that does not let the cluster in yet its next start's is what is known. */
    private String version(Member sentinel, InstanceSurvey seen) {
        HostSurvey host = survey.hosts().get(sentinel.id().host());
        return seen.version().isEmpty() && host != null ? host.version() : seen.version();
    }

    private Optional<Step> noting(StepMaker make, Member sentinel) {
        GroupSurvey.Note wanted = note(spec);
        GroupSurvey.Note there =
                survey.group(sentinel.id()).notes().get(spec.name().value());
        if (there != null && there.equals(wanted)) {
            return Optional.empty();
        }
        String path = make.directory(sentinel) + "/members/" + spec.name();
        List<String> diff = new ArrayList<>();
        if (there != null) {
            diff.add("- " + path + ": " + there.text());
        }
        diff.add("+ " + path + ": " + wanted.text());
        return Optional.of(new Step(
                sentinel.id() + "/member",
                "note beside " + sentinel.id() + " that " + spec.name() + " is of the group "
                        + spec.sentinel().group(),
                diff,
                new AccessAction.Enlist(
                        make.place(sentinel),
                        make.directory(sentinel),
                        mark(sentinel),
                        spec.name().value(),
                        wanted)));
    }

    private String mark(Member sentinel) {
        return OwnerGate.mark(spec, cluster.uid(), sentinel.id());
    }
}
