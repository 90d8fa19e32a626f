package io.redfleet.provisioner.desired;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceSpec;
import io.redfleet.contracts.cluster.Leaving;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.contracts.cluster.OwnPlace;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Violation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a spec may say of instances that somebody else built, and how it comes to be managed: it is observed first, then
 * adopted by that word, all of it at once; from then on where its instances lie is for their life, and nobody joins or is
 * removed.
 */
final class AdoptRules {
    private static final String FULL = "full";
    private static final String WITH = " of a cluster that lies where somebody else put it (at)";

    private static final String UNSAID =
            "must be said: it runs already, and is taken over where it is (at: {config: its configuration})";

    private AdoptRules() {}

    /** Where it lies; null: the document does not say, so it is where Redfleet puts instances. */
    static @Nullable OwnPlace read(Fields instance) {
        Fields at = instance.object("at");
        if (!instance.has("at")) {
            return null;
        }
        String config = at.text("config", "");
        if (!OwnPlace.plain(config)) {
            at.broken().rule(at.path("config"), config, OwnPlace.RULE);
        }
        String unit = at.text("unit", "");
        if (at.has("unit") && !OwnPlace.isUnit(unit)) {
            at.broken().rule(at.path("unit"), unit, OwnPlace.UNIT_RULE);
        }
        at.end();
        return new OwnPlace(config, at.has("unit") ? unit : null);
    }

    /** @param spec as it was read, in whole or in part */
    static void judge(Broken broken, ClusterSpec spec) {
        if (!spec.adopted()) {
            return;
        }
        unique(broken, spec);
        missing(spec).forEach(id -> {
            String rule = "must be said of every instance or of none: " + id + " would be begun anew beside the others";
            broken.rule(path(id), "", rule);
        });
        AdoptUnitRules.judge(broken, spec);
        if (spec.security().generated()) {
            String rule = "must be off" + WITH + ": switched on while it runs, users would cut off its applications";
            broken.rule("spec.security.acl", "generated", rule);
        }
        if (spec.security().tls().on()) {
            broken.rule("spec.security.tls", "an object", "must be off" + WITH + " in this release");
        }
        if (spec.monit().on()) {
            broken.rule("spec.monit.agent", "on", "must be off" + WITH + " in this release");
        }
        if (spec.redis().packaged() || spec.redis().archived()) {
            broken.rule("spec.redis.install", spec.redis().install(), "must be present" + WITH);
        }
    }

    /** Why no cluster may begin so; empty: it may. */
    static Optional<Problem> begun(ClusterSpec wanted, boolean adopt) {
        return wanted.adopted() || adopt
                ? problem(List.of(new Violation(
                        ObserveRules.FIELD,
                        wanted.observed() ? "observe" : FULL,
                        "a cluster that lies where somebody else put it (at) is observed first: apply it with manage:"
                                + " observe, then with manage: full and adopt=true (apply --adopt)")))
                : Optional.empty();
    }

    /** Why what is observed is not taken over so; empty: it may be, or nobody asks for it. */
    static Optional<Problem> takeover(ClusterSpec standing, ClusterSpec wanted, Revision.Expected expected) {
        if (!expected.adopt() || !standing.observed()) {
            return Optional.empty();
        }
        List<Violation> broken = new ArrayList<>();
        if (wanted.observed()) {
            String rule = "must be full: adopt=true takes over what is observed, and this spec leaves it so";
            broken.add(new Violation(ObserveRules.FIELD, "observe", rule));
        } else if (!wanted.adopted()) {
            missing(wanted).forEach(id -> broken.add(new Violation(path(id), "", UNSAID)));
        }
        if (expected.rolling()) {
            String rule = "must be left out with adopt, which restarts nothing: apply again with it once that is done";
            broken.add(new Violation("rolling", "true", rule));
        }
        for (Member before : standing.members()) {
            if (wanted.member(before.id()).isEmpty()) {
                String rule = "must be in the new spec: nobody leaves while a cluster is taken over";
                broken.add(new Violation("spec.hosts", before.id().value(), rule));
            }
        }
        return problem(broken);
    }

    /** Why a managed cluster cannot become this one, because of where its instances lie; empty: it can. */
    static List<Violation> settled(ClusterSpec standing, ClusterSpec wanted) {
        List<Violation> broken = new ArrayList<>();
        if (standing.observed()) {
            return broken;
        }
        for (Member member : wanted.members()) {
            InstanceId id = member.id();
            boolean stood = standing.member(id).isPresent();
            String said = wanted.at(id).map(AdoptRules::told).orElse("");
            if (stood && !wanted.at(id).equals(standing.at(id))) {
                String rule = "where an instance lies is for its life; it stays "
                        + standing.at(id).map(AdoptRules::told).orElse("where Redfleet has put it");
                broken.add(new Violation(path(id), said, rule));
            } else if (!stood && (standing.adopted() || wanted.at(id).isPresent())) {
                String rule = "is new: in this release nobody joins a cluster that was adopted";
                broken.add(new Violation(path(id), said, rule));
            }
        }
        return broken;
    }

    /** Why those cannot leave; empty: they can, for the machine is lost, or Redfleet has built it. */
    static Optional<Problem> leaving(ClusterSpec standing, List<Leaving> leaving) {
        List<Violation> broken = leaving.stream()
                .filter(leaver -> standing.adopted() && !leaver.lost())
                .map(leaver -> new Violation(
                        "remove",
                        leaver.host().name().value(),
                        "in this release nobody is removed from a cluster that was adopted, which would stop what its"
                                + " builder started; delete the cluster, which stops nothing, or name a host by lost"))
                .toList();
        return problem(broken);
    }

    private static String told(OwnPlace at) {
        return at.unit() == null ? at.config() : at.config() + " (" + at.unit() + ")";
    }

    private static Optional<Problem> problem(List<Violation> broken) {
        return broken.isEmpty() ? Optional.empty() : Optional.of(Problem.invalid(broken));
    }

    private static void unique(Broken broken, ClusterSpec spec) {
        for (HostSpec host : spec.hosts()) {
            Set<String> taken = new HashSet<>();
            for (InstanceSpec instance : host.instances()) {
                OwnPlace at = instance.at();
                if (at != null && OwnPlace.plain(at.config()) && !taken.add(at.config())) {
                    InstanceId id = InstanceId.of(host.name(), instance.name());
                    broken.rule(path(id) + ".config", at.config(), "another instance of this host has the same file");
                }
            }
        }
    }

    private static List<InstanceId> missing(ClusterSpec spec) {
        return spec.hosts().stream()
                .flatMap(host -> host.instances().stream()
                        .filter(instance -> instance.at() == null)
                        .map(instance -> InstanceId.of(host.name(), instance.name())))
                .toList();
    }

    static String path(InstanceId id) {
        return "spec.hosts[name=" + id.host() + "].instances[name=" + id.name() + "].at";
    }
}
