package io.redfleet.provisioner.desired;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.InstanceSpec;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.wire.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a cluster whose Sentinels are a group's may say, by itself, beside the other clusters of the group, and after the spec that
 * stands. Of other clusters only those are known whose orders this process takes; the rest is found on the hosts, by the notes that
 * members leave there.
 */
public final class GroupRules {
    static final String FIELD = "spec.sentinel.group";
    /** Part of a directory's name and of a line that marks it. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    private static final String WITH = " with spec.sentinel.group, in this release";
    private static final String NEEDS = "must be left out" + WITH;

    private GroupRules() {}

    /** Null: its Sentinels are its own. */
    static @Nullable String read(Fields sentinel) {
        String group = sentinel.text("group", "", NAME, "must match [a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
        return group.isEmpty() ? null : group;
    }

    /** @param spec as it was read, in whole or in part */
    static void judge(Broken broken, ClusterSpec spec) {
        String group = spec.sentinel().group();
        if (group == null) {
            return;
        }
        if (spec.observed() || spec.adopted()) {
            String rule = "must be left out of a cluster that somebody else built: its Sentinels are as they are";
            broken.rule(FIELD, group, rule);
        }
        if (!spec.security().generated()) {
            String rule = "must be generated" + WITH + ": each cluster enters the Sentinels by passwords of its own";
            broken.rule("spec.security.acl", "off", rule);
        }
        if (spec.security().tls().on()) {
            String rule = "must be off" + WITH + ": the Sentinels would need one certificate for all clusters";
            broken.rule("spec.security.tls", "an object", rule);
        }
        if (spec.runsOnScripts()) {
            String rule = "must be process or systemd" + WITH + ": an init script belongs to one cluster";
            broken.rule("spec.service", spec.service(), rule);
        }
        if (spec.redis().packaged() || spec.redis().archived()) {
            String rule = "must be present" + WITH + ": what brings Redis to a host does it for one cluster";
            broken.rule("spec.redis.install", spec.redis().install(), rule);
        }
        if (spec.monit().on()) {
            broken.rule("spec.monit.agent", "on", "must be off" + WITH + ": a Monit reports of one cluster");
        }
        if (spec.firewall().wanted()) {
            broken.rule("spec.firewall", "an object", NEEDS + ": two tables would filter one port");
        }
    }

    /** What does not go with other clusters that stand; nothing where that cluster's Sentinels are its own. */
    public static List<Violation> clashes(ClusterSpec spec, List<ClusterState> others) {
        List<Violation> broken = new ArrayList<>();
        for (ClusterState other : others) {
            boolean beside = !other.name().equals(spec.name()) && other.phase() != Phase.REMOVING;
            if (beside && spec.sentinel().group() != null && shares(spec, other.spec())) {
                clash(spec, other.spec(), broken);
            }
        }
        return broken;
    }

    /** Why a spec cannot follow the one that stands. */
    static List<Violation> settled(ClusterSpec standing, ClusterSpec wanted) {
        String before = standing.sentinel().group();
        String after = wanted.sentinel().group();
        if (!Objects.equals(before, after)) {
            String rule = "whose the Sentinels are is for the cluster's life; "
                    + (before == null ? "they are its own" : "they are those of the group " + before);
            return List.of(new Violation(FIELD, Objects.requireNonNullElse(after, ""), rule));
        }
        if (before == null || sentinels(standing).equals(sentinels(wanted))) {
            return List.of();
        }
        String rule = "the Sentinels of a group cannot change in this release; they stay " + sentinels(standing);
        return List.of(new Violation("spec.hosts", sentinels(wanted).toString(), rule));
    }

    private static boolean shares(ClusterSpec one, ClusterSpec other) {
        return Objects.equals(one.sentinel().group(), other.sentinel().group());
    }

    /** Whoever writes a spec with other labels need not know which clusters there are: none is named, nor where it is. */
    private static void clash(ClusterSpec spec, ClusterSpec other, List<Violation> broken) {
        boolean known = spec.labels().equals(other.labels());
        String which = known ? "cluster " + other.name() : "another cluster";
        String with = which + " of the group " + spec.sentinel().group();
        String masterName = spec.sentinel().masterName();
        if (masterName.equals(other.sentinel().masterName())) {
            String rule = "is that of " + with + ": Sentinels know a master by its name";
            broken.add(new Violation("spec.sentinel.masterName", masterName, rule));
        }
        SortedSet<String> own = sentinels(spec);
        SortedSet<String> theirs = sentinels(other);
        if (!own.equals(theirs)) {
            String rule = "must name the Sentinels that " + with
                    + " names, at the same addresses and in the same directories"
                    + (known ? ": " + differences(own, theirs) : "");
            broken.add(new Violation("spec.hosts", own.toString(), rule));
        }
        alike("spec.redis.engine", spec.redis().engine(), other.redis().engine(), with, broken);
        alike("spec.service", spec.service(), other.service(), with, broken);
    }

    private static void alike(String field, String own, String theirs, String with, List<Violation> broken) {
        if (!own.equals(theirs)) {
            broken.add(new Violation(field, own, "must be " + theirs + ", as of " + with));
        }
    }

    private static String differences(SortedSet<String> own, SortedSet<String> theirs) {
        SortedSet<String> missing = new TreeSet<>(theirs);
        missing.removeAll(own);
        SortedSet<String> more = new TreeSet<>(own);
        more.removeAll(theirs);
        return "missing " + missing + ", not there " + more;
    }

    /** Each by what its host, its directory and its endpoints make of it; hosts may have other names in another spec. */
    private static SortedSet<String> sentinels(ClusterSpec spec) {
        SortedSet<String> all = new TreeSet<>();
        for (HostSpec host : spec.hosts()) {
            for (InstanceSpec instance : host.instances()) {
                if (instance.role() == InstanceRole.SENTINEL) {
                    String announced = instance.announce().toString();
                    String at = host.address() + ":" + instance.port();
                    String shown = announced.equals(at) ? at : at + " as " + announced;
                    all.add(shown + " in " + host.directory() + " " + instance.name());
                }
            }
        }
        return all;
    }
}
