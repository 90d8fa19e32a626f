package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceSpec;
import io.redfleet.provisioner.engine.Engine;
import io.redfleet.provisioner.gate.OwnerGate;
import io.redfleet.provisioner.gate.RevisionGate;
import io.redfleet.provisioner.packages.Release;
import io.redfleet.provisioner.plan.Plan.Obstacle;
import io.redfleet.provisioner.secret.Login;
import io.redfleet.provisioner.survey.Ancestor;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.HostSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import io.redfleet.provisioner.survey.Place;
import io.redfleet.provisioner.survey.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What must be right on every host before anything is touched on any. */
final class Preflight {
    /** Configuration, logs and an empty data set fit; less than this is a full disk. */
    private static final long LEAST_FREE_BYTES = 32L * 1024 * 1024;

    /** Sentinel loses its trust in time at jumps of 2 s; a survey takes up to a few seconds itself. */
    static final long MOST_CLOCK_OFFSET_SECONDS = 30;

    private final ClusterSpec spec;
    private final ClusterUid uid;
    private final List<Obstacle> found = new ArrayList<>();

    private Preflight(ClusterSpec spec, ClusterUid uid) {
        this.spec = spec;
        this.uid = uid;
    }

    static List<Obstacle> judge(ClusterState cluster, ClusterSurvey survey) {
        ClusterSpec spec = cluster.spec();
        Preflight preflight = new Preflight(spec, cluster.uid());
        preflight.found.addAll(newer(cluster, survey));
        if (!survey.accounts().agents().trouble().isEmpty()) {
            String trouble = survey.accounts().agents().trouble();
            preflight.found.add(new Obstacle(cluster.name().value(), "monit", trouble));
        }
        for (HostSpec host : spec.hosts()) {
            HostSurvey facts = survey.hosts().get(host.name());
            Reply.Failed failed = survey.unreached().get(host.name());
            if (failed != null) {
                String subject = "survey (" + failed.trouble() + ")";
                preflight.found.add(new Obstacle(host.name().value(), subject, failed.reason()));
            } else if (facts != null) {
                preflight.host(host, facts);
                preflight.found.addAll(UnitPlan.obstacles(cluster, host, facts));
                if (spec.monit().on()) {
                    MonitPlan.obstacles(cluster, facts).forEach(reason -> preflight.add(host, "monit", reason));
                }
                if (spec.security().tls().on()) {
                    TlsPreflight.obstacles(spec, host, facts.tls())
                            .forEach((path, reason) -> preflight.add(host, path, reason));
                }
                FirewallPlan.obstacles(cluster, facts).forEach(reason -> preflight.add(host, "firewall", reason));
                if (spec.tuning().wanted()) {
                    TuningPlan.obstacles(cluster, facts).forEach(reason -> preflight.add(host, "tuning", reason));
                }
            }
        }
        preflight.found.addAll(Capacity.obstacles(cluster, survey));
        preflight.found.addAll(Namesakes.obstacles(cluster, survey));
        preflight.found.addAll(OtherEngine.obstacles(cluster, survey));
        preflight.found.addAll(GroupPlan.obstacles(cluster, survey));
        preflight.found.addAll(Adoption.obstacles(cluster, survey));
        preflight.found.addAll(PackagePlan.of(cluster, survey).obstacles());
        preflight.found.addAll(ArchivePlan.obstacles(cluster, survey));
        preflight.found.addAll(BuildPlan.obstacles(survey));
        preflight.found.addAll(LeavingPlan.obstacles(cluster, survey));
        return preflight.found;
    }

    /** What the hosts carry is newer than the spec. */
    static List<Obstacle> newer(ClusterState cluster, ClusterSurvey survey) {
        return RevisionGate.judge(cluster, survey).stream()
                .map(withheld -> new Obstacle(cluster.name().value(), "revision", withheld.reason()))
                .toList();
    }

    private void host(HostSpec host, HostSurvey facts) {
        // Of packages that are installed for it, PackagePlan judges.
        if (!spec.redis().packaged()) {
            binary(host, facts);
        }
        if (!facts.missing().isEmpty()) {
            add(host, "tools", "not found in PATH: " + tools(facts));
        }
        if (facts.freeBytes() < LEAST_FREE_BYTES) {
            add(host, facts.base(), "disk full: " + facts.freeBytes() / 1024 + " KiB left");
        }
        if (!spec.runsByInit()) {
            above(host, facts);
        }
        if (Math.abs(facts.clockOffsetSeconds()) > MOST_CLOCK_OFFSET_SECONDS) {
            add(host, "clock", "is off by " + facts.clockOffsetSeconds() + " s; Sentinel would not trust it");
        }
        for (InstanceSpec instance : host.instances()) {
            InstanceId id = InstanceId.of(host.name(), instance.name());
            InstanceSurvey seen = facts.instances().get(id);
            if (seen != null) {
                instance(host, instance, id, seen, facts.base());
            }
        }
    }

    /** Where init runs the instances, the ground of a lease asks for more: root alone may write there. */
    private void above(HostSpec host, HostSurvey facts) {
        facts.above().stream()
                .filter(Ancestor::letsAnybodySwap)
                .map(directory -> "directory " + directory.path() + " above it has mode " + directory.mode()
                        + ": one that everybody may write must be sticky, or anybody there can put another directory in"
                        + " its place; chmod o-w " + directory.path())
                .distinct()
                .forEach(reason -> add(host, facts.base(), reason));
    }

    /** What asks instances by the name that the engine's own packages give it, though either would do. */
    private String tools(HostSurvey facts) {
        String client = Engine.of(spec.redis()).client();
        return facts.missing().stream()
                .map(tool -> tool.equals(HostSurvey.CLIENT) ? client : tool)
                .collect(Collectors.joining(", "));
    }

    private void binary(HostSpec host, HostSurvey facts) {
        Engine engine = Engine.of(spec.redis());
        if (facts.binary().isEmpty()) {
            String none = "no " + engine.server() + " and no " + engine.checker() + " in PATH";
            add(host, engine.server(), none + "; install: present needs one");
        } else if (!Release.fits(spec.redis().version(), facts.version())) {
            add(
                    host,
                    facts.binary(),
                    "is version " + facts.version() + ", wanted is "
                            + spec.redis().version());
        } else if (!engine.manages(facts.version())) {
            add(host, facts.binary(), "is version " + facts.version() + "; " + engine.rule());
        }
    }

    private void instance(HostSpec host, InstanceSpec instance, InstanceId id, InstanceSurvey seen, String base) {
        String endpoint = host.address() + ":" + instance.port();
        if (!seen.claimedBy().isEmpty() && !seen.claimedBy().startsWith(uid + " ")) {
            add(host, id.name(), "port taken: " + endpoint + " is that of " + seen.claimedBy() + ", running or not");
        } else if (!seen.present() && seen.listening() && !OwnerGate.unmarked(spec, id, seen)) {
            add(host, id.name(), "port taken: a process that is not ours listens on " + endpoint);
        }
        OwnerGate.foreign(spec, uid, id, seen).ifPresent(reason -> {
            String directory = Place.of(spec, id, Login.NONE).directory(base);
            String advice = seen.retired()
                    ? "; that cluster was removed and its files were kept: move " + directory
                            + " away, or erase it, and apply again"
                    : "";
            add(host, id.name(), reason + advice);
        });
    }

    private void add(HostSpec host, String subject, String reason) {
        found.add(new Obstacle(host.name().value(), subject, reason));
    }
}
