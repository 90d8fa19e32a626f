package io.redfleet.provisioner.verify;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.provisioner.recipe.SentinelConf;
import io.redfleet.provisioner.survey.InstanceSurvey;
import io.redfleet.provisioner.survey.SentinelIds;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a Sentinel is held against that answers. */
final class SentinelRules {
    private final ClusterSpec spec;
    private final Found found;
    private final Checks checks;

    SentinelRules(ClusterSpec spec, Found found, Checks checks) {
        this.spec = spec;
        this.found = found;
        this.checks = checks;
    }

    void judge(Member member, InstanceSurvey seen) {
        Optional<Endpoint> named = found.survey().namedMaster(spec);
        if (seen.quorum().isEmpty()) {
            checks.unknown(Rule.QUORUM, member, "CKQUORUM was not answered");
        } else {
            checks.holds(Rule.QUORUM, member, seen.quorum().startsWith("OK"), "CKQUORUM says " + seen.quorum());
        }
        names(member, seen, named);
        named.ifPresentOrElse(
                master -> knows(member, InstanceRole.REDIS, "replica", master),
                () -> checks.unknown(Rule.KNOWN, member, "no majority of Sentinels names a master"));
        knows(member, InstanceRole.SENTINEL, "sentinel", member.announce());
        alone(member);
        config(member, seen);
        boolean guarded = !found.survey().accounts().isNone();
        // By its file, which nothing changes in these lines while it runs.
        Map<String, String> conf = found.of(member.id()).conf();
        boolean adopted = spec.at(member.id()).isPresent();
        Listening.judge(checks, member, adopted, guarded, conf, "its file has no line %s, or was not read");
        new TlsRules(spec, checks).speaks(member, conf);
    }

    private void names(Member member, InstanceSurvey seen, Optional<Endpoint> named) {
        String ip = seen.master().getOrDefault("ip", "");
        String own = ip + ":" + seen.master().getOrDefault("port", "");
        if (ip.isEmpty()) {
            checks.holds(Rule.NAMED, member, false, "it names no master");
        } else if (named.isEmpty()) {
            checks.holds(Rule.NAMED, member, false, "it names " + own + ", and no majority names one");
        } else {
            String most = named.get().toString();
            checks.holds(Rule.NAMED, member, own.equals(most), "it names " + own + ", and most name " + most);
        }
    }

    /** @param but whom it does not name beside the others: the master is no replica, and nobody is his own peer */
    private void knows(Member member, InstanceRole role, String kind, Endpoint but) {
        Set<String> known = found.of(member.id()).knows().get(kind);
        if (known == null) {
            checks.unknown(Rule.KNOWN, member, "it did not say which " + kind + "s it knows");
            return;
        }
        Set<String> wanted = spec.members(role).stream()
                .map(Member::announce)
                .filter(endpoint -> !endpoint.equals(but))
                .map(endpoint -> endpoint.host() + " " + endpoint.port())
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> missing = new TreeSet<>(wanted);
        missing.removeAll(known);
        Set<String> beside = new TreeSet<>(known);
        beside.removeAll(wanted);
        checks.holds(Rule.KNOWN, member, missing.isEmpty(), "it does not know the " + kind + "s " + missing);
        checks.holds(Rule.STALE, member, beside.isEmpty(), "it knows " + kind + "s that are no members: " + beside);
    }

    /** Which of two that go by one id has the copy nobody can tell, so it is told of both; no apply could mend it. */
    private void alone(Member member) {
        Optional<String> id = SentinelIds.of(found.survey(), member.id());
        if (id.isEmpty()) {
            checks.unknown(Rule.IDS, member, "it did not say which id it has");
            return;
        }
        List<String> others = Stream.concat(
                        SentinelIds.members(spec, found.survey(), member.id()).stream()
                                .map(InstanceId::value),
                        SentinelIds.strangers(found.survey(), member.id()).stream())
                .toList();
        String said = "has the id " + id.get() + ", and so has " + String.join(", ", others)
                + ": its file was copied; docs/plans.md says how that is mended";
        checks.holds(Rule.IDS, member, others.isEmpty(), said);
    }

    private void config(Member member, InstanceSurvey seen) {
        Map<String, String> drift = SentinelConf.drift(spec, seen);
        SentinelConf.owned(spec).forEach((option, wanted) -> {
            String live = seen.master().get(option);
            String subject = member.id() + " " + option;
            if (live == null) {
                checks.unknown(Rule.CONFIG, member.id().host(), subject, "SENTINEL MASTER names no value of it");
            } else {
                String said = "is '" + live + "', and the spec wants '" + wanted + "'";
                checks.holds(Rule.CONFIG, member.id().host(), subject, !drift.containsKey(option), said);
            }
        });
    }
}
