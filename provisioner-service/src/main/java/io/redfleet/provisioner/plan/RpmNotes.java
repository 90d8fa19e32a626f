package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.provisioner.packages.RpmSurvey;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.HostSurvey;
import java.util.ArrayList;
import java.util.List;

/**
 * What every plan says of hosts of the RHEL family whose packages it is about: that nobody has tried it on one, and what a
 * person has to see to there, for no step does.
 */
final class RpmNotes {
    private RpmNotes() {}

    /** All of it; nothing where no such host is. */
    static List<String> all(ClusterState cluster, ClusterSurvey survey) {
        List<String> notes = new ArrayList<>(experimental(survey));
        for (HostSpec host : cluster.spec().hosts()) {
            HostSurvey seen = survey.hosts().get(host.name());
            if (seen != null && seen.packages().rpm().there()) {
                context(seen.base(), seen.packages().rpm()).forEach(note -> notes.add(host.name() + ": " + note));
                firewalld(cluster, host, seen.packages().rpm()).forEach(note -> notes.add(host.name() + ": " + note));
            }
        }
        return notes;
    }

    /** A warning for each such host. */
    static List<String> experimental(ClusterSurvey survey) {
        return survey.hosts().entrySet().stream()
                .filter(host -> host.getValue().packages().rpm().there())
                .map(host ->
                        host.getKey() + ": experimental: install: packages is not tested on a host of the RHEL family")
                .sorted()
                .toList();
    }

    /** Redis's own domain may write where its label is. */
    private static List<String> context(String base, RpmSurvey rpm) {
        if (!rpm.enforcing() || rpm.context().equals(RpmSurvey.FILES)) {
            return List.of();
        }
        String is = rpm.context().isEmpty() ? "nobody can tell what " + base : base + " is " + rpm.context();
        return List.of("SELinux enforces there, and " + is
                + " to it: Redis may be refused to write there until a person has" + " run: semanage fcontext -a -t "
                + RpmSurvey.FILES + " '" + base + "(/.*)?' && restorecon -R " + base);
    }

    private static List<String> firewalld(ClusterState cluster, HostSpec host, RpmSurvey rpm) {
        if (!rpm.firewalld()) {
            return List.of();
        }
        List<String> ports = host.instances().stream()
                .map(instance -> "--add-port=" + instance.port() + "/tcp")
                .distinct()
                .toList();
        return List.of(
                "firewalld runs there, and " + cluster.name() + " tells it nothing: where it does not let members and"
                        + " clients in, a person has to: firewall-cmd --permanent " + String.join(" ", ports)
                        + " && firewall-cmd --reload");
    }
}
