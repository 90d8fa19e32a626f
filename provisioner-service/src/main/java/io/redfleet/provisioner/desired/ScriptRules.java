package io.redfleet.provisioner.desired;

import io.redfleet.contracts.cluster.ClusterSpec;

/** What a spec with {@code service: sysv} must not ask for: what is done by systemd alone in this release. */
final class ScriptRules {
    private static final String WITH = " with service: sysv: in this release it is done on hosts of systemd alone";

    private ScriptRules() {}

    /** What needs packages is refused where packages are judged. */
    static void judge(Broken broken, ClusterSpec spec) {
        if (!spec.runsOnScripts()) {
            return;
        }
        if (spec.redis().archived()) {
            broken.rule("spec.redis.install", spec.redis().install(), "must be present" + WITH);
        }
        if (spec.monit().on()) {
            broken.rule("spec.monit.agent", "on", "must be off" + WITH);
        }
        if (spec.tuning().wanted()) {
            broken.rule("spec.tuning", "an object", "must be left out" + WITH);
        }
    }
}
