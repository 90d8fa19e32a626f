package io.redfleet.provisioner.desired;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.Manage;
import io.redfleet.contracts.cluster.ProbeSpec;
import io.redfleet.contracts.cluster.WatchMode;
import io.redfleet.contracts.wire.Violation;
import io.redfleet.monitrc.Check;
import io.redfleet.monitrc.Monitrc;
import io.redfleet.monitrc.Rule;
import io.redfleet.monitrc.Target;
import io.redfleet.monitrc.Test;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a spec with {@code manage: observe} may say: nothing that would have to be written to a node or a host, or that only a
 * host knows.
 */
final class ObserveRules {
    static final String FIELD = "spec.manage";
    private static final Pattern USER = Pattern.compile("[\\x21-\\x7e]{1,64}");
    private static final Pattern CREDENTIAL = Pattern.compile("(?!.*\\.properties$)[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final String WITH = " with manage: observe, which writes nothing to a node or a host";

    private final Broken broken;

    private ObserveRules(Broken broken) {
        this.broken = broken;
    }

    static Manage read(Fields spec) {
        String word = spec.choice("manage", "full", List.of("full", "observe"));
        if (!word.equals("observe")) {
            return Manage.FULL;
        }
        if (spec.has("durability")) {
            // Its defaults are in every spec that was read.
            spec.broken().rule(spec.path("durability"), "an object", "must be left out" + WITH);
        }
        return Manage.OBSERVE;
    }

    /** As whom its nodes are asked; null: as nobody. */
    static @Nullable ProbeSpec probe(Fields security) {
        Fields probe = security.object("probe");
        if (!security.has("probe")) {
            return null;
        }
        String user = probe.text("user", "default", USER, "must be the name of a user of Redis, without blanks");
        String rule = "must be the name of a file in the directory of passwords, not a password or a path";
        String credential = probe.text("credential", "", CREDENTIAL, rule);
        if (!probe.has("credential")) {
            probe.broken().rule(probe.path("credential"), "", rule);
        }
        probe.end();
        return new ProbeSpec(user, credential);
    }

    /** What a spec that does not say it is watched as. */
    static String mode(Manage manage) {
        return manage == Manage.OBSERVE ? "observe" : "auto";
    }

    /** @param spec as it was read, in whole or in part; answered as it is */
    static ClusterSpec judged(Broken broken, ClusterSpec spec) {
        if (spec.observed()) {
            ObserveRules rules = new ObserveRules(broken);
            rules.parts(spec);
            Monitrc.read(spec.watch().rules()).file().checks().forEach(rules::check);
        } else if (spec.security().probe() != null && !spec.adopted()) {
            String rule =
                    "only with manage: observe, or of a cluster that was taken over from there (at): of one that it"
                            + " builds Redfleet makes the probe's user";
            broken.rule("spec.security.probe", "an object", rule);
        }
        AdoptRules.judge(broken, spec);
        return spec;
    }

    /** Why it cannot become this one. */
    static Violation forLife(Manage wanted) {
        return switch (wanted) {
            case FULL ->
                new Violation(
                        FIELD,
                        "full",
                        "the cluster is only observed, and is not taken over unasked: say adopt=true (apply --adopt),"
                                + " or leave it observe");
            case OBSERVE ->
                new Violation(
                        FIELD,
                        "observe",
                        "the cluster is managed, and is not given out of hand in this release: it stays full");
        };
    }

    /**
     * Why another password cannot be named: the monitor may hear of the spec, and of its addresses, before it hears of the
     * password, and would send there the one that it has. A cluster that begins anew has another uid, and none.
     */
    static Optional<Violation> login(ClusterSpec standing, ClusterSpec wanted) {
        if (credential(standing).equals(credential(wanted))) {
            return Optional.empty();
        }
        String rule =
                "which password is used is for the cluster's life; delete the cluster, which touches nothing of it,"
                        + " and apply it anew";
        return Optional.of(new Violation("spec.security.probe.credential", "(not shown)", rule));
    }

    private static String credential(ClusterSpec spec) {
        ProbeSpec probe = spec.security().probe();
        return probe == null ? "" : probe.credential();
    }

    private void parts(ClusterSpec spec) {
        if (spec.security().generated()) {
            broken.rule(
                    "spec.security.acl",
                    "generated",
                    "must be off" + WITH + ": no user is made there; name by spec.security.probe as whom to log in");
        }
        if (spec.security().tls().on()) {
            String rule = "must be off with manage: observe: in this release such a cluster is asked in the clear";
            broken.rule("spec.security.tls", "an object", rule);
        }
        if (spec.watch().mode() == WatchMode.AUTO) {
            broken.rule("spec.watch.mode", "auto", "must be observe or alert-only" + WITH);
        }
        if (spec.monit().on()) {
            broken.rule("spec.monit.agent", "on", "must be off" + WITH);
        }
        if (spec.tuning().wanted()) {
            broken.rule("spec.tuning", "an object", "must be left out" + WITH);
        }
        if (spec.firewall().wanted()) {
            broken.rule("spec.firewall", "an object", "must be left out" + WITH);
        }
        if (spec.redis().packaged() || spec.redis().archived()) {
            broken.rule("spec.redis.install", spec.redis().install(), "must be present" + WITH);
        }
        if (!spec.redis().config().isEmpty()) {
            String directives = spec.redis().config().size() + " directive(s)";
            broken.rule("spec.redis.config", directives, "must be left out" + WITH);
        }
        if (spec.runsByInit()) {
            String rule = "says how Redfleet runs processes, and must be left out" + WITH;
            broken.rule("spec.service", spec.service(), rule);
        }
    }

    private void check(Check check) {
        if (check.target() instanceof Target.Machine || check.target() instanceof Target.Filesystem) {
            refuse(check, check.target().word());
            return;
        }
        for (Rule rule : check.rules()) {
            test(check, rule.test());
        }
    }

    private void test(Check check, Test test) {
        switch (test) {
            case Test.Absent absent -> refuse(check, "does not exist");
            case Test.Present present -> refuse(check, "exist");
            case Test.PidChanged changed -> refuse(check, "changed pid");
            case Test.Resource resource -> refuse(check, resource.metric().word());
            // Told by the instance itself, or refused of every cluster.
            case Test.Connection connection -> {}
            case Test.Uptime uptime -> {}
            case Test.ParentChanged changed -> {}
            case Test.Ping ping -> {}
            case Test.Status status -> {}
        }
    }

    private void refuse(Check check, String value) {
        String rule = "check " + check.name() + " in line " + check.line()
                + ": only the host knows, and with manage: observe no host is logged in to: use failed port";
        broken.rule("spec.watch.rules", value, rule);
    }
}
