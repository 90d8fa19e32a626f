package io.redfleet.provisioner.desired;

import java.util.List;

/** Parts of the spec language that this release knows and does not carry out: refused, so that nobody relies on them. */
final class Unsupported {
    private Unsupported() {}

    static void refuse(Fields spec) {
        Fields tuning = spec.object("tuning");
        tuning.only("profile", "none", List.of("none", "article", "recommended"));
        tuning.unsupported("sysctl", "kernel settings belong to the whole machine and are not set in this release");
        tuning.end();
    }
}
