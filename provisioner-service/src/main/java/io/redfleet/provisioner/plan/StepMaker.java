package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.contracts.health.Remediation;
import io.redfleet.provisioner.desired.AllowList;
import io.redfleet.provisioner.recipe.StopDeadline;
import io.redfleet.provisioner.recipe.UsersFile;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.HostSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import io.redfleet.provisioner.survey.Place;
import io.redfleet.provisioner.tuning.TuningPart;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The steps, with their titles and diffs. */
public final class StepMaker {
    /** From exec to the first answer; loading counts as an answer. */
    static final Duration START = Duration.ofSeconds(30);
    /** A full sync of some gigabytes over a slow line. */
    private static final Duration SYNC = Duration.ofMinutes(15);
    /** Loading some gigabytes. */
    private static final Duration LOAD = Duration.ofMinutes(15);
    /** Hello every 2 s, INFO every 10 s: a Sentinel knows all others and all replicas within about 12 s. */
    private static final Duration JOIN = Duration.ofSeconds(45);

    /** A failover for which there is nobody is given up within 10 s, those of an election; in tilt nothing is done for 30 s. */
    private static final Duration WELL = Duration.ofSeconds(60);

    /** Followed by the program's name. */
    private static final String EXEC = "exec:";

    private final ClusterSpec spec;
    private final ClusterSurvey survey;

    public StepMaker(ClusterSpec spec, ClusterSurvey survey) {
        this.spec = spec;
        this.survey = survey;
    }

    Place place(Member member) {
        return Place.of(spec, member.id(), survey.accounts().admin());
    }

    String directory(Member member) {
        return place(member).directory(host(member).base());
    }

    Step prepare(Member member, String owner) {
        String directory = directory(member);
        return step(
                member,
                "prepare",
                "make the directory of " + member.id(),
                List.of("+ " + directory, "+ runs " + host(member).binary()),
                new Action.Prepare(
                        place(member),
                        host(member).base(),
                        directory,
                        owner,
                        host(member).binary()));
    }

    /** @param binary what its next start is to run */
    Step link(Member member, String owner, String binary) {
        Place place = place(member);
        String base = host(member).base();
        String link = place.bin(base) + "/" + place.program();
        Action action = new Action.Prepare(place, base, directory(member), owner, binary);
        String title = "make the link anew by which " + member.id() + " is started";
        return step(member, "link", title, List.of("+ " + link + " -> " + binary), action);
    }

    Step note(Member member, String owner, ClusterState cluster, Optional<Long> before) {
        List<String> diff = new ArrayList<>();
        before.ifPresent(revision -> diff.add("- revision " + revision));
        diff.add("+ revision " + cluster.revision());
        return step(
                member,
                "revision",
                "note beside " + member.id() + " that revision " + cluster.revision() + " is made true",
                diff,
                new Action.Note(
                        place(member), directory(member), owner, cluster.uid().value(), cluster.revision()));
    }

    Step file(Member member, String name, String text) {
        return file(member, "config", name, text);
    }

    Step users(Member member, String text) {
        return file(member, "users", UsersFile.NAME, text);
    }

    private Step file(Member member, String what, String name, String text) {
        String path = directory(member) + "/" + name;
        List<String> diff = survey.accounts()
                .masked(text)
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> "+ " + line)
                .toList();
        return step(member, what, "write " + path, diff, new Action.WriteNew(place(member), path, text));
    }

    public Step follow(Member member, Optional<Endpoint> master) {
        String title = master.map(m -> "let " + member.id() + " follow " + m + " before it starts")
                .orElse("let " + member.id() + " start as the master that it is");
        List<String> diff = master.map(m -> List.of("+ replicaof " + m.host() + " " + m.port()))
                .orElse(List.of());
        return step(member, "follow", title, diff, new Action.Follow(place(member), directory(member), master));
    }

    public Step start(Member member) {
        Action start = new Action.Start(place(member), host(member).base(), directory(member), START);
        return step(member, "start", "start " + member.id() + " on " + member.endpoint(), List.of(), start);
    }

    public Step stop(Member member, boolean marked, boolean kill, Duration patience) {
        Optional<InstanceSurvey> saves = kill ? Optional.empty() : survey.instance(member.id());
        Duration most = saves.map(seen -> StopDeadline.waited(patience, seen)).orElse(patience);
        Action stop = new Action.Stop(place(member), directory(member), marked, kill, most);
        return step(member, "stop", "stop " + member.id(), List.of(), stop);
    }

    /** @param at when it was asked for */
    public Step exec(Member member, Remediation.Exec what, Instant at) {
        String name = what.program().substring(AllowList.DIRECTORY.length() + 1);
        String title = "run " + what.program() + " for " + member.id();
        return step(member, EXEC + name, title, List.of(), new Action.Exec(place(member), what, at));
    }

    /** The program that a step of {@link #exec} runs, by the step's id. */
    public static String program(String step) {
        return AllowList.DIRECTORY + "/" + step.substring(step.lastIndexOf('/' + EXEC) + 1 + EXEC.length());
    }

    public Step ready(Member member) {
        return step(
                member,
                "ready",
                "wait until " + member.id() + " answers",
                List.of(),
                await(member, Action.Until.READY, LOAD));
    }

    Step linked(Member member) {
        String title = "wait until " + member.id() + " is in sync with its master";
        return step(member, "linked", title, List.of(), await(member, Action.Until.LINKED, SYNC));
    }

    /** Of the old master, after a switch. */
    Step rejoined(Member member) {
        String title = "wait until " + member.id() + " is in sync with its new master";
        return step(member, "rejoined", title, List.of(), await(member, Action.Until.REJOINED, SYNC));
    }

    Step well(Member sentinel) {
        String title = "wait until " + sentinel.id() + " finds the master well";
        return step(sentinel, "well", title, List.of(), await(sentinel, Action.Until.WELL, WELL));
    }

    Step quorum(Member member) {
        String title = "wait until " + member.id() + " knows all others and finds its quorum";
        return step(member, "quorum", title, List.of(), await(member, Action.Until.QUORUM, JOIN));
    }

    Step configSet(Member member, Map<String, String> drift, InstanceSurvey live) {
        List<List<String>> commands = new ArrayList<>();
        List<String> diff = new ArrayList<>();
        drift.forEach((name, wanted) -> {
            commands.add(List.of("CONFIG", "SET", name, wanted));
            diff.add("- " + name + " " + live.setting(name));
            diff.add("+ " + name + " " + wanted);
        });
        commands.add(List.of("CONFIG", "REWRITE"));
        return step(
                member,
                "settings",
                "set " + drift.keySet() + " while " + member.id() + " runs",
                diff,
                new Action.Tell(place(member), commands));
    }

    /** One node at a time: each forks and writes its whole data set. */
    Step appendOnly(Member member, boolean on) {
        String title = on
                ? "turn the append-only file of " + member.id() + " on, and wait until it is whole"
                : "take a snapshot of " + member.id() + ", then turn its append-only file off";
        List<String> diff =
                on ? List.of("- appendonly no", "+ appendonly yes") : List.of("- appendonly yes", "+ appendonly no");
        return step(member, "appendonly", title, diff, new Action.AppendOnly(place(member), on, LOAD));
    }

    Step sentinelSet(Member member, Map<String, String> drift, InstanceSurvey live) {
        List<List<String>> commands = new ArrayList<>();
        List<String> diff = new ArrayList<>();
        String name = spec.sentinel().masterName();
        drift.forEach((option, wanted) -> {
            commands.add(List.of("SENTINEL", "SET", name, option, wanted));
            // One of them no answer shows.
            Optional.ofNullable(live.master().get(option)).ifPresent(is -> diff.add("- " + option + " " + is));
            diff.add("+ " + option + " " + wanted);
        });
        return step(
                member,
                "settings",
                "set " + drift.keySet() + " in " + member.id(),
                diff,
                new Action.Tell(place(member), commands));
    }

    Step forget(Member sentinel) {
        List<String> command = List.of("SENTINEL", "REMOVE", spec.sentinel().masterName());
        String title = "let " + sentinel.id() + " forget " + spec.sentinel().masterName();
        return step(sentinel, "forget", title, List.of(), new Action.Tell(place(sentinel), List.of(command)));
    }

    /** @param owner what the mark in its directory must say */
    Step retire(Member member, String owner) {
        String directory = directory(member);
        return step(
                member,
                "retire",
                "give up " + directory + ", whose files stay",
                List.of("+ " + directory + "/retired"),
                new Action.Retire(place(member), directory, owner));
    }

    /** @param owner what the mark in its directory must say */
    public Step erase(Member member, String owner) {
        return erase(member, owner, false);
    }

    /** @param archived whether only what is archived is removed */
    Step erase(Member member, String owner, boolean archived) {
        String directory = directory(member);
        Action erase = new Action.Erase(place(member), directory, owner, archived);
        return step(member, "erase", "remove " + directory, List.of("- " + directory), erase);
    }

    Step tune(HostSpec host, HostSurvey seen, ClusterUid owner, TuningPlan.Wanted wanted) {
        String path = wanted.part().path();
        List<String> diff = TuningDiff.of(wanted, seen.tuning());
        Action action = new Action.Tune(
                onHost(host), seen.base(), owner.value(), wanted.part(), wanted.lines(), wanted.settings());
        String title = "set what belongs to the machine of " + host.name() + ", now and by " + path;
        return new Step(host.name() + "/tuning/" + wanted.part().word(), title, diff, action);
    }

    /** @param parts none: the mark alone goes */
    Step untune(HostSpec host, HostSurvey seen, ClusterUid owner, List<TuningPart> parts) {
        List<String> diff = parts.stream().map(part -> "- " + part.path()).toList();
        Action action = new Action.Untune(onHost(host), seen.base(), owner.value(), parts);
        String title = "put back what was set of the machine of " + host.name();
        return new Step(host.name() + "/tuning/restore", title, diff, action);
    }

    /** What belongs to the host is done in the place of its first instance. */
    Place onHost(HostSpec host) {
        InstanceId first =
                InstanceId.of(host.name(), host.instances().getFirst().name());
        return Place.of(spec, first, survey.accounts().admin());
    }

    private Action await(Member member, Action.Until until, Duration patience) {
        return new Action.Await(
                place(member),
                until,
                spec.sentinel().masterName(),
                spec.members(InstanceRole.REDIS).size() - 1,
                spec.members(InstanceRole.SENTINEL).size(),
                patience);
    }

    private static Step step(Member member, String what, String title, List<String> diff, Action action) {
        return new Step(member.id() + "/" + what, title, diff, action);
    }

    private HostSurvey host(Member member) {
        HostSurvey host = survey.hosts().get(member.id().host());
        if (host == null) {
            throw new IllegalStateException("no survey of " + member.id().host());
        }
        return host;
    }
}
