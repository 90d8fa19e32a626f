package io.redfleet.provisioner.plan;

import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.provisioner.engine.Engine;
import io.redfleet.provisioner.packages.HostPackages;
import io.redfleet.provisioner.recipe.RedisConf;
import io.redfleet.provisioner.recipe.UnitFile;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.HostSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import io.redfleet.provisioner.survey.SystemdSurvey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What differs in instances that run, and only a restart changes. Each can be seen in a survey, and is not there any more after
 * a restart that did what it should: whoever goes on where another stopped knows by it what is left.
 */
final class RestartNeeds {
    /** The file is looked at before the process, each to a second, and a busy host takes its time between the two. */
    private static final long BLUR_SECONDS = 10;

    private static final String KEEPS = "a process keeps the binary that it was started with";

    private final ClusterState cluster;
    private final ClusterSurvey survey;
    private final StepMaker make;
    private final Map<HostName, HostPackages.Moved> moved;

    RestartNeeds(ClusterState cluster, ClusterSurvey survey) {
        this.cluster = cluster;
        this.survey = survey;
        this.make = new StepMaker(cluster.spec(), survey);
        this.moved = PackagePlan.of(cluster, survey).moved();
    }

    /** One difference of one instance: what runs, what should, and why only a restart brings it about. */
    record Need(InstanceId id, List<String> diff, String reason) {
        Need {
            diff = List.copyOf(diff);
        }

        /** As a plan shows it that restarts nothing. */
        Plan.Refused refused() {
            String word = reason + "; needs --rolling (restart of " + id + ")";
            return new Plan.Refused(id.host().value(), id.value(), diff, word, true);
        }

        /** As a plan shows it that may not restart it whatever is agreed to. */
        Plan.Refused withheld(String why) {
            return new Plan.Refused(id.host().value(), id.value(), diff, why);
        }
    }

    /**
     * Of one that answers; of any other nothing is known.
     *
     * @param before what is done first: a unit that it writes is not the one that the instance was started by
     */
    List<Need> of(Member member, Plan before) {
        InstanceSurvey seen = survey.instance(member.id()).orElse(null);
        HostSurvey host = survey.hosts().get(member.id().host());
        if (seen == null || host == null || !seen.answers()) {
            return List.of();
        }
        Optional<String> written = before.steps().stream()
                .filter(step -> writes(step, member))
                .flatMap(step -> step.action() instanceof Action.Unit unit ? Stream.of(unit) : Stream.empty())
                .map(unit -> Secret.of(unit.content()).hash())
                .findFirst();
        return Stream.of(
                        settings(member, seen),
                        binary(member, host, seen),
                        unit(member, host, seen, written),
                        certificate(member, host, seen))
                .flatMap(List::stream)
                .toList();
    }

    /** What its file has to say before it starts again: name to wanted value. */
    Map<String, String> settled(Member member) {
        return member.role() != InstanceRole.REDIS
                ? Map.of()
                : survey.instance(member.id())
                        .map(seen -> RedisConf.settled(cluster.spec(), make.place(member), seen))
                        .orElse(Map.of());
    }

    /** Whether its next start may run another binary: then the links to it are looked at again. */
    boolean ofBinary(Member member) {
        InstanceSurvey seen = survey.instance(member.id()).orElse(null);
        HostSurvey host = survey.hosts().get(member.id().host());
        return seen != null && host != null && !binary(member, host, seen).isEmpty();
    }

    private List<Need> settings(Member member, InstanceSurvey seen) {
        List<Need> needs = new ArrayList<>();
        settled(member).forEach((name, wanted) -> {
            List<String> diff = List.of("- " + name + " " + seen.setting(name), "+ " + name + " " + wanted);
            needs.add(new Need(member.id(), diff, "Redis reads " + name + " at its start only"));
        });
        return needs;
    }

    private List<Need> binary(Member member, HostSurvey host, InstanceSurvey seen) {
        String runs = seen.version();
        boolean other = !runs.isEmpty() && !host.version().isEmpty() && !runs.equals(host.version());
        if (other) {
            String title = Engine.of(cluster.spec().redis()).title();
            List<String> diff = List.of("- runs " + title + " " + runs, "+ runs " + title + " " + host.version());
            return List.of(new Need(member.id(), diff, KEEPS));
        }
        HostPackages.Moved packages = moved.get(member.id().host());
        if (packages != null) {
            return List.of(new Need(member.id(), PackageChange.diff(packages), KEEPS));
        }
        if (seen.outdated()) {
            List<String> diff = List.of("- runs a binary that was replaced", "+ runs " + host.binary());
            return List.of(new Need(member.id(), diff, KEEPS));
        }
        return List.of();
    }

    /** Where it was renewed, and what runs cannot be told so ({@link TlsReload}). */
    private static List<Need> certificate(Member member, HostSurvey host, InstanceSurvey seen) {
        if (!TlsReload.renewed(member, host) || TlsReload.live(member, seen)) {
            return List.of();
        }
        String who = member.role() == InstanceRole.SENTINEL ? "a Sentinel" : "Redis " + seen.version();
        String reason = who + " reads its certificate at its start only";
        return List.of(new Need(member.id(), TlsReload.diff(member, host.tls()), reason));
    }

    /** Whether the step writes the file of its unit, and not only lets systemd start it at boot. */
    private boolean writes(Step step, Member member) {
        return step.action() instanceof Action.Unit unit
                && unit.place().id().host().equals(member.id().host())
                && unit.path().equals(UnitFile.path(make.place(member)))
                && (step.diff().contains("+ " + unit.path()) || step.diff().contains("+++ " + unit.path()));
    }

    /**
     * By what was noted when an order started the process, if it still is that one. Of another, which its host started, the ages
     * of file and process tell as much as can be known.
     *
     * @param written the digest of the file that is written first
     */
    private List<Need> unit(Member member, HostSurvey host, InstanceSurvey seen, Optional<String> written) {
        SystemdSurvey.Unit file = host.systemd().unit(member.id());
        String process = host.bootId() + " " + seen.pid() + " " + seen.startTicks() + " ";
        boolean younger = file.age() >= 0 && file.age() + BLUR_SECONDS < lives(seen);
        boolean other = file.started().startsWith(process)
                ? !file.started().equals(process + written.orElse(file.hash()))
                : written.isPresent() || younger;
        // What is added to somebody else's unit holds at once, or is for whenever it starts next.
        boolean theirs = make.place(member).vendorUnit().isPresent();
        if (!make.place(member).byInit() || theirs || !other) {
            return List.of();
        }
        boolean scripted = make.place(member).scripted();
        String what = scripted ? "init script" : "unit";
        List<String> diff = List.of("- runs as its " + what + " was when it started", "+ runs as its " + what + " is");
        String reason = scripted ? "init runs a script at a start only" : "systemd reads a unit at its start only";
        return List.of(new Need(member.id(), diff, reason));
    }

    /** Seconds since its process began, as it says itself; below 0: it does not say. */
    static long lives(InstanceSurvey seen) {
        String said = seen.info("uptime_in_seconds");
        return said.matches("\\d{1,15}") ? Long.parseLong(said) : -1;
    }
}
