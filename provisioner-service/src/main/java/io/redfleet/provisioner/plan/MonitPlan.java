package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.provisioner.recipe.MonitRc;
import io.redfleet.provisioner.secret.Agents;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.HostSurvey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The Monits that the provisioner runs: at most one for a cluster on each of its hosts, known by the mark in its directory. */
final class MonitPlan {
    /** Monit opens its socket, and reports once more when it ends: within seconds, or the network's own 5 s and some. */
    static final Duration AGENT = Duration.ofSeconds(20);

    private MonitPlan() {}

    /** What is missing of what the spec wants, or is there and not wanted; what it takes to run a unit comes before its start. */
    static List<List<Step>> stages(ClusterState cluster, ClusterSurvey survey, StepMaker make) {
        if (cluster.spec().monit().on()) {
            return List.of(AgentUnitPlan.units(cluster, survey, make), wanted(cluster, survey, make));
        }
        return List.of(
                ended(cluster, survey, make),
                AgentUnitPlan.ended(cluster, survey, make),
                MonitPackagePlan.ended(cluster, survey, make));
    }

    /** What was seen of it on hosts that answered, to its end; its unit stays until {@link AgentUnitPlan#ended}. */
    static List<Step> ended(ClusterState cluster, ClusterSurvey survey, StepMaker make) {
        String mark = mark(cluster);
        List<Step> steps = new ArrayList<>();
        for (HostSpec host : cluster.spec().hosts()) {
            HostSurvey seen = survey.hosts().get(host.name());
            if (seen == null) {
                continue;
            }
            if (AgentUnitPlan.there(cluster, seen)) {
                steps.add(AgentUnitPlan.end(cluster, host, seen, make));
            } else if (seen.agent().owner().equals(mark)) {
                steps.add(end(cluster, host, seen, make));
            }
        }
        return steps;
    }

    private static List<Step> wanted(ClusterState cluster, ClusterSurvey survey, StepMaker make) {
        ClusterSpec spec = cluster.spec();
        Agents agents = survey.accounts().agents();
        List<Step> steps = new ArrayList<>();
        for (HostSpec host : spec.hosts()) {
            HostSurvey seen = survey.hosts().get(host.name());
            if (seen == null) {
                throw new IllegalStateException("preflight let " + host.name() + " pass unseen");
            }
            MonitRc.Report report = new MonitRc.Report(agents.collector(), agents.of(host.name()));
            MonitRc wanted = MonitRc.render(spec.name(), host, seen, report, spec.runsOnSystemd());
            if (spec.runsOnSystemd()) {
                AgentUnitPlan.started(cluster, seen, wanted, agent(cluster, survey, host, wanted, make))
                        .ifPresent(steps::add);
            } else if (!seen.agent().runsBy(wanted.hash())) {
                steps.add(agent(cluster, survey, host, wanted, make));
            }
        }
        return steps;
    }

    /** @param rendered what the control file is to say */
    private static Step agent(
            ClusterState cluster, ClusterSurvey survey, HostSpec host, MonitRc rendered, StepMaker make) {
        List<String> diff = survey.accounts()
                .masked(rendered.text())
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> "+ " + line)
                .toList();
        String title = "let Monit on " + host.name() + " report by " + rendered.directory() + "/monitrc";
        Action action =
                new AgentAction.Agent(make.onHost(host), rendered.directory(), rendered.text(), mark(cluster), AGENT);
        return new Step(host.name() + "/monit/agent", title, diff, action);
    }

    private static Step end(ClusterState cluster, HostSpec host, HostSurvey seen, StepMaker make) {
        String directory = MonitRc.directory(seen.base(), cluster.name());
        String title = "end the Monit that reports of " + host.name() + ", and remove " + directory;
        Action action = new AgentAction.EndAgent(make.onHost(host), directory, mark(cluster), AGENT);
        return new Step(host.name() + "/monit/agent", title, List.of("- " + directory), action);
    }

    /** Why none can be run there, each in words for a person. */
    static List<String> obstacles(ClusterState cluster, HostSurvey seen) {
        List<String> found = new ArrayList<>();
        String owner = seen.agent().owner();
        if (seen.agent().binary().isEmpty()) {
            found.add("no monit in PATH: install it (apt-get install monit), or set monit.agent to off");
        }
        if (!owner.isEmpty() && !owner.equals(mark(cluster))) {
            String directory = MonitRc.directory(seen.base(), cluster.name());
            found.add(directory + " belongs to the cluster of uid " + owner
                    + ": end the Monit that it is of, and move it away");
        }
        Optional<String> unfit = MonitRc.unfit(seen.base(), cluster.name());
        unfit.ifPresent(found::add);
        found.addAll(AgentUnitPlan.obstacles(cluster, seen));
        return found;
    }

    private static String mark(ClusterState cluster) {
        return cluster.uid().value();
    }
}
