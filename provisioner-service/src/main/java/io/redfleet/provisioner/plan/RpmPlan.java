package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.provisioner.packages.MonitPackage;
import io.redfleet.provisioner.packages.RpmSurvey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * What is in the way of a package on a host of the RHEL family, beside what is in its way on any. It is said with the command
 * that ends it: what decides over ports and plugins there is an admin's, and no step touches it.
 */
final class RpmPlan {
    private RpmPlan() {}

    /** Why nothing may be touched, each in words for a person. */
    static List<String> obstacles(ClusterState cluster, RpmSurvey rpm) {
        List<String> found = new ArrayList<>();
        if (MonitPackage.wanted(cluster.spec())) {
            found.add(
                    "monit.agent: on with install: packages brings Debian's package of Monit, and none of the RHEL family:"
                            + " set monit.agent to off");
        }
        if (!rpm.lock()) {
            found.add(
                    "dnf could not hold what is installed, for its plugin versionlock is missing or turned off: dnf install"
                            + " python3-dnf-plugin-versionlock");
        }
        if (!rpm.enforcing()) {
            return found;
        }
        if (!rpm.semanage()) {
            found.add("SELinux enforces here, and which ports Redis may use cannot be asked: dnf install"
                    + " policycoreutils-python-utils");
            return found;
        }
        rpm.ports().entrySet().stream()
                .sorted(Comparator.comparingInt(port -> Integer.parseInt(port.getKey())))
                .filter(port -> !port.getValue().equals(RpmSurvey.PORT))
                .forEach(port -> found.add(refused(port)));
        return found;
    }

    private static String refused(Map.Entry<String, String> port) {
        boolean free = port.getValue().equals(RpmSurvey.FREE);
        return "SELinux enforces here, and does not let Redis use port " + port.getKey() + ", which "
                + (free ? "nobody" : port.getValue()) + " has: semanage port " + (free ? "-a" : "-m") + " -t "
                + RpmSurvey.PORT + " -p tcp " + port.getKey();
    }
}
