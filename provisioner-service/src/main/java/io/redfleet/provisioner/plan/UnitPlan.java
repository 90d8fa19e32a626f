package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.InstanceSpec;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.provisioner.gate.OwnerGate;
import io.redfleet.provisioner.recipe.GuardFile;
import io.redfleet.provisioner.recipe.StopDeadline;
import io.redfleet.provisioner.recipe.UnitFile;
import io.redfleet.provisioner.secret.Accounts;
import io.redfleet.provisioner.secret.Login;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.HostSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import io.redfleet.provisioner.survey.Place;
import io.redfleet.provisioner.survey.RunAs;
import io.redfleet.provisioner.survey.SystemdSurvey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The units of a cluster whose instances systemd runs, the drop-ins in those of somebody else's that were taken over, or the init
 * scripts of one whose an init of System V runs; nothing of another.
 */
public final class UnitPlan {
    /** Of an obstacle that stands in the way of a lease too, or would after it. */
    private static final String SUBJECT = "systemd";

    /** The file with a guard's password: owner, mode, kind. */
    private static final String AUTH = RunAs.USER + " 400 regular file";

    private UnitPlan() {}

    /** Whether it is certain before any lease is taken: then not even what a lease needs is made on a host. */
    public static boolean forbidsLease(Plan.Obstacle obstacle) {
        return obstacle.subject().equals(SUBJECT);
    }

    /** What is missing of units: first their start guards, for a unit without its guard starts nothing. */
    static List<List<Step>> wanted(ClusterState cluster, ClusterSurvey survey, StepMaker make) {
        if (!cluster.spec().runsByInit()) {
            return List.of();
        }
        List<Step> guards = new ArrayList<>();
        List<Step> units = new ArrayList<>();
        for (Member member : cluster.spec().members()) {
            guards.addAll(guard(cluster, survey, make, member));
            units.addAll(unit(cluster, survey, make, member));
        }
        return List.of(guards, units);
    }

    /** Of each instance that is down, why its guard let it not start, in words for a person. */
    static List<String> refused(ClusterState cluster, ClusterSurvey survey) {
        return cluster.spec().members(InstanceRole.REDIS).stream()
                .filter(member -> !survey.instance(member.id())
                        .map(InstanceSurvey::present)
                        .orElse(true))
                .filter(member -> !seen(survey, member).refused().isEmpty())
                .map(member -> member.id() + " was not started by its host: "
                        + seen(survey, member).refused())
                .toList();
    }

    private static List<Step> guard(ClusterState cluster, ClusterSurvey survey, StepMaker make, Member member) {
        if (member.role() != InstanceRole.REDIS) {
            return List.of();
        }
        String owner = OwnerGate.mark(cluster.spec(), cluster.uid(), member.id());
        Place place = make.place(member);
        GuardFile file = GuardFile.of(cluster.spec(), place, place.host().directory(), owner, survey.accounts());
        SystemdSurvey.Unit seen = seen(survey, member);
        List<String> diff = new ArrayList<>();
        if (!seen.guard().equals(file.hash())) {
            diff.add("+ " + file.path());
        }
        String auth = file.password().isEmpty() ? "" : AUTH;
        if (!seen.auth().equals(auth)) {
            diff.add((auth.isEmpty() ? "- " : "+ ") + file.path() + ".auth");
        }
        if (diff.isEmpty()) {
            return List.of();
        }
        Action action = new Action.Guard(place, file.path(), file.carried(), owner);
        return List.of(new Step(member.id() + "/guard", "guard the start of " + member.id(), diff, action));
    }

    /** A data node's guard with the password of these accounts, whatever lies there: what it says is seen by no survey. */
    static Step guarded(ClusterState cluster, Accounts accounts, StepMaker make, Member member) {
        String owner = OwnerGate.mark(cluster.spec(), cluster.uid(), member.id());
        Place place = make.place(member);
        GuardFile file = GuardFile.of(cluster.spec(), place, place.host().directory(), owner, accounts);
        Action action = new Action.Guard(place, file.path(), file.carried(), owner);
        String title = "guard the start of " + member.id() + " with the new password";
        return new Step(member.id() + "/guard", title, List.of("+ " + file.path() + ".auth"), action);
    }

    private static List<Step> unit(ClusterState cluster, ClusterSurvey survey, StepMaker make, Member member) {
        String owner = OwnerGate.mark(cluster.spec(), cluster.uid(), member.id());
        Place place = make.place(member);
        Duration stop = StopDeadline.written(cluster.spec(), place);
        UnitFile file = UnitFile.of(place, place.host().directory(), owner, stop);
        SystemdSurvey.Unit seen = seen(survey, member);
        boolean theirs = place.vendorUnit().isPresent();
        boolean boot = theirs ? seen.enabled() : UnitFile.atBoot(cluster.spec(), place);
        if (seen.hash().equals(file.hash()) && seen.enabled() == boot) {
            return List.of();
        }
        List<String> diff = new ArrayList<>();
        if (!seen.hash().equals(file.hash())) {
            // What is added to somebody else's unit is shown whole: some of it holds at once.
            diff.addAll(
                    theirs && !seen.present()
                            ? TextDiff.between(file.path(), "", file.text())
                            : TextDiff.of(file.path(), seen.hash(), seen.text(), file.text(), survey.accounts())
                                    .orElseGet(() -> TextDiff.unread(file.path(), seen.present())));
        }
        if (seen.enabled() != boot) {
            diff.add(boot ? "+ started at boot" : "- started at boot");
        }
        Action action = new Action.Unit(place, file.path(), file.text(), owner, boot);
        String who = place.scripted() ? "init" : "systemd";
        String title = place.vendorUnit()
                .map(unit -> "add to " + unit + " of " + member.id() + ", which goes on as it is")
                .orElseGet(() -> "let " + who + " know " + member.id());
        return List.of(new Step(member.id() + "/unit", title, diff, action));
    }

    /**
     * The end of an instance's unit, if there is one of ours, or of a guard of ours that was cut off from its unit, or of a
     * password that was cut off from its guard, or of a drop-in that went before systemd was told.
     */
    static List<Step> ended(ClusterState cluster, ClusterSurvey survey, StepMaker make, Member member) {
        String owner = OwnerGate.mark(cluster.spec(), cluster.uid(), member.id());
        SystemdSurvey.Unit seen = seen(survey, member);
        boolean unguarded = seen.guard().isEmpty() && !seen.auth().isEmpty();
        boolean guarded = seen.guardOwner().equals(owner);
        boolean untold = seen.left()
                && seen.guard().isEmpty()
                && make.place(member).vendorUnit().isPresent();
        boolean alone = !seen.present() && (guarded || unguarded || untold);
        if (!seen.owner().equals(owner) && !alone) {
            return List.of();
        }
        Place place = make.place(member);
        String path = UnitFile.path(place);
        boolean besides = alone && (guarded || unguarded);
        String gone = besides ? GuardFile.path(place) + (unguarded ? ".auth" : "") : path;
        Action action = new Action.EndUnit(place, path, owner);
        return List.of(new Step(member.id() + "/unit", "remove " + gone, List.of("- " + gone), action));
    }

    /** Why init can run nothing there, each in words for a person. */
    static List<Plan.Obstacle> obstacles(ClusterState cluster, HostSpec host, HostSurvey facts) {
        if (!cluster.spec().runsByInit()) {
            return List.of();
        }
        SystemdSurvey seen = facts.systemd();
        List<String> found = new ArrayList<>();
        if (cluster.spec().runsOnScripts()) {
            if (seen.init()) {
                found.add("it is the init of this host: service: sysv is for another one, use service: systemd");
            }
        } else if (!seen.init()) {
            found.add("it is not the init of this host; service: process needs none");
        }
        if (!facts.base().equals(host.directory())) {
            found.add("the host takes " + host.directory() + " for " + facts.base());
        }
        for (InstanceSpec instance : host.instances()) {
            InstanceId id = InstanceId.of(host.name(), instance.name());
            SystemdSurvey.Unit unit = seen.unit(id);
            String mark = OwnerGate.mark(cluster.spec(), cluster.uid(), id);
            if (unit.present() && !unit.owner().equals(mark)) {
                String path = UnitFile.path(Place.of(cluster.spec(), id, Login.NONE));
                String whose = unit.owner().isEmpty() ? "is not Redfleet's" : "belongs to " + unit.owner();
                found.add(path + " " + whose + ", this is " + mark + ": move it away");
            }
        }
        return found.stream()
                .map(reason -> new Plan.Obstacle(host.name().value(), SUBJECT, reason))
                .toList();
    }

    private static SystemdSurvey.Unit seen(ClusterSurvey survey, Member member) {
        HostSurvey host = survey.hosts().get(member.id().host());
        return host == null ? SystemdSurvey.Unit.NONE : host.systemd().unit(member.id());
    }
}
