package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.InstanceSpec;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.contracts.cluster.OwnPlace;
import io.redfleet.provisioner.secret.Login;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.HostSurvey;
import io.redfleet.provisioner.survey.Place;
import java.util.ArrayList;
import java.util.List;

/**
 * What has to be known of units that are their builders': who else restarts them, and which of their files say more than Redfleet's
 * drop-in does. systemd reads the drop-ins of a unit by name, wherever they lie, and the last word holds.
 */
final class VendorUnits {
    private static final String OURS = "redfleet.conf";

    private static final String HELD = " (unattended-upgrades, needrestart) has it"
            + " down while it is the master, for the start guard refuses it and Restart=no leaves it so: apt-mark hold the"
            + " package, and keep needrestart from the unit ($nrconf{override_rc}); upgrade it where Redfleet has stopped it";

    private static final String LAST =
            " has the last word over Redfleet's drop-in, and is left alone: what both say is as" + " it says";

    private VendorUnits() {}

    /** The same at each plan of such a cluster, whatever its steps are. */
    static List<String> warnings(ClusterState cluster, ClusterSurvey survey) {
        List<String> warnings = new ArrayList<>();
        for (Member member : cluster.spec().members(InstanceRole.REDIS)) {
            Place.of(cluster.spec(), member.id(), Login.NONE)
                    .vendorUnit()
                    .ifPresent(
                            unit -> warnings.add(member.id() + ": a package's upgrade that restarts " + unit + HELD));
        }
        for (HostSpec host : cluster.spec().hosts()) {
            HostSurvey seen = survey.hosts().get(host.name());
            if (seen == null) {
                continue;
            }
            seen.systemd().dropIns().stream()
                    .filter(path -> isOf(host, path) && isLater(path))
                    .map(path -> host.name() + ": " + path + LAST)
                    .forEach(warnings::add);
        }
        return warnings;
    }

    /** Whether the path of a drop-in is beside a unit that the spec names on that host. */
    static boolean isOf(HostSpec host, String path) {
        for (InstanceSpec instance : host.instances()) {
            OwnPlace at = instance.at();
            String unit = at == null ? null : at.unit();
            if (unit != null && (path.contains("/" + unit + ".d/") || path.endsWith("/" + unit + ".d"))) {
                return true;
            }
        }
        return false;
    }

    /** One that is told by its directory may have any name. */
    private static boolean isLater(String path) {
        return !path.endsWith(".conf")
                || path.substring(path.lastIndexOf('/') + 1).compareTo(OURS) > 0;
    }
}
