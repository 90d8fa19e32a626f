package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.provisioner.recipe.MonitRc;
import io.redfleet.provisioner.recipe.MonitUnit;
import io.redfleet.provisioner.secret.Accounts;
import io.redfleet.provisioner.survey.AgentSurvey;
import io.redfleet.provisioner.survey.AgentUnit;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.HostSurvey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The units of the Monits that the provisioner runs for a cluster whose instances systemd runs; nothing of another. */
final class AgentUnitPlan {
    private AgentUnitPlan() {}

    /** Unit files that are missing, or say something else; nothing is started by them before the next boot. */
    static List<Step> units(ClusterState cluster, ClusterSurvey survey, StepMaker make) {
        List<Step> steps = new ArrayList<>();
        if (!cluster.spec().runsOnSystemd()) {
            return steps;
        }
        for (HostSpec host : cluster.spec().hosts()) {
            HostSurvey seen = survey.hosts().get(host.name());
            if (seen != null) {
                unit(cluster, host, seen, survey.accounts(), make).ifPresent(steps::add);
            }
        }
        return steps;
    }

    private static Optional<Step> unit(
            ClusterState cluster, HostSpec host, HostSurvey seen, Accounts accounts, StepMaker make) {
        MonitUnit wanted = wanted(cluster, seen);
        AgentUnit found = seen.agent().unit();
        List<String> diff = new ArrayList<>();
        if (!found.hash().equals(wanted.hash())) {
            diff.addAll(TextDiff.of(wanted.path(), found.hash(), found.text(), wanted.text(), accounts)
                    .orElseGet(() -> TextDiff.unread(wanted.path(), found.present())));
        }
        if (!found.enabled()) {
            diff.add("+ started at boot");
        }
        if (diff.isEmpty()) {
            return Optional.empty();
        }
        Action action = new Action.Unit(make.onHost(host), wanted.path(), wanted.text(), wanted.owner(), true);
        String title = "let systemd know the Monit of " + host.name();
        return Optional.of(new Step(host.name() + "/monit/unit", title, diff, action));
    }

    /**
     * The start by unit and control file, or the reading anew; empty: it runs by both.
     *
     * @param file the step by which it would run without a unit
     */
    static Optional<Step> started(ClusterState cluster, HostSurvey seen, MonitRc rc, Step file) {
        MonitUnit unit = wanted(cluster, seen);
        AgentSurvey found = seen.agent();
        if (found.runsBy(rc.hash(), unit.hash())) {
            return Optional.empty();
        }
        if (!(file.action() instanceof AgentAction.Agent agent)) {
            throw new IllegalStateException(file.id() + " writes no control file");
        }
        String taken = AgentSurvey.taken(rc.hash(), unit.hash());
        Action action = new AgentAction.AgentUnit(agent, found.binary(), unit.path(), taken);
        return Optional.of(new Step(file.id(), file.title(), file.diff(), action));
    }

    /** Whether there may be anything of it to end before its unit goes: one that systemd tries to start does not run yet. */
    static boolean there(ClusterState cluster, HostSurvey seen) {
        return cluster.spec().runsOnSystemd()
                && (seen.agent().owner().equals(cluster.uid().value())
                        || seen.agent().unit().owner().equals(MonitUnit.owner(cluster)));
    }

    /** Its end, with its directory. */
    static Step end(ClusterState cluster, HostSpec host, HostSurvey seen, StepMaker make) {
        String directory = MonitRc.directory(seen.base(), cluster.name());
        String title = "end the Monit that reports of " + host.name() + ", and remove " + directory;
        AgentAction.EndAgent end = new AgentAction.EndAgent(
                make.onHost(host), directory, cluster.uid().value(), MonitPlan.AGENT);
        Action action = new AgentAction.EndAgentUnit(end, MonitUnit.path(cluster.name()), MonitUnit.owner(cluster));
        return new Step(host.name() + "/monit/agent", title, List.of("- " + directory), action);
    }

    /** The end of its unit, if there is one of ours. */
    static List<Step> ended(ClusterState cluster, ClusterSurvey survey, StepMaker make) {
        String owner = MonitUnit.owner(cluster);
        String path = MonitUnit.path(cluster.name());
        List<Step> steps = new ArrayList<>();
        for (HostSpec host : cluster.spec().hosts()) {
            HostSurvey seen = survey.hosts().get(host.name());
            if (seen != null && seen.agent().unit().owner().equals(owner)) {
                Action action = new Action.EndUnit(make.onHost(host), path, owner);
                steps.add(new Step(host.name() + "/monit/unit", "remove " + path, List.of("- " + path), action));
            }
        }
        return steps;
    }

    /** Why systemd can run none there, each in words for a person. */
    static List<String> obstacles(ClusterState cluster, HostSurvey seen) {
        List<String> found = new ArrayList<>();
        if (!cluster.spec().runsOnSystemd()) {
            return found;
        }
        String binary = seen.agent().binary();
        if (!binary.isEmpty()) {
            MonitUnit.unfit(binary).ifPresent(found::add);
        }
        AgentUnit unit = seen.agent().unit();
        String mark = MonitUnit.owner(cluster);
        if (unit.present() && !unit.owner().equals(mark)) {
            String whose = unit.owner().isEmpty() ? "is not Redfleet's" : "belongs to " + unit.owner();
            found.add(MonitUnit.path(cluster.name()) + " " + whose + ", this is " + mark + ": move it away");
        }
        return found;
    }

    private static MonitUnit wanted(ClusterState cluster, HostSurvey seen) {
        return MonitUnit.of(cluster, seen.base(), seen.agent().binary());
    }
}
