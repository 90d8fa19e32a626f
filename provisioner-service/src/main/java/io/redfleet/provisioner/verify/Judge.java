package io.redfleet.provisioner.verify;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.provisioner.survey.AgentSurvey;
import io.redfleet.provisioner.survey.FirewallSurvey;
import io.redfleet.provisioner.survey.HostSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import io.redfleet.provisioner.survey.TuningSurvey;
import io.redfleet.provisioner.tuning.HostTuning;
import io.redfleet.provisioner.tuning.KernelKey;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Judges each rule by what was found. What nobody looked at, or what did not answer, is unknown and never passed.
 *
 * <p>No key is written for it: that a write on the master reaches its replicas is judged by their offsets and histories.
 */
public final class Judge {
    private static final String STOPPED = "a person stopped it, and nothing more is looked at";

    private final ClusterSpec spec;
    private final Found found;
    private final Checks checks = new Checks();

    private Judge(ClusterSpec spec, Found found) {
        this.spec = spec;
        this.found = found;
    }

    /** Host by host, in the order of the spec. */
    public static List<Check> judge(ClusterSpec spec, Found found) {
        return new Judge(spec, found).all();
    }

    private List<Check> all() {
        for (HostSpec host : spec.hosts()) {
            Optional<String> silence = found.silence(host.name());
            if (silence.isPresent()) {
                checks.unknown(Rule.REACHED, host.name(), host.name().value(), silence.get());
            } else {
                checks.holds(Rule.REACHED, host.name(), host.name().value(), true, "");
                host(host);
            }
        }
        promotable();
        return checks.all();
    }

    private void host(HostSpec host) {
        HostSurvey seen = found.survey().hosts().get(host.name());
        if (seen != null) {
            tuning(host.name(), seen.tuning());
            firewall(host.name(), seen.systemd().firewall());
            new TlsRules(spec, checks).lasts(host.name(), seen.tls());
            agent(host.name(), seen.agent());
        }
        for (Member member : spec.members()) {
            if (member.id().host().equals(host.name())) {
                found.survey().instance(member.id()).ifPresent(instance -> instance(member, instance));
            }
        }
    }

    private void instance(Member member, InstanceSurvey seen) {
        HostName host = member.id().host();
        String subject = member.id().value();
        if (seen.markedStopped() && !seen.present()) {
            checks.unknown(Rule.ANSWERS, host, subject, STOPPED);
            return;
        }
        String said = seen.ping().isEmpty() ? "no answer to PING" : "PING was answered by " + seen.ping();
        checks.holds(Rule.ANSWERS, host, subject, seen.answers(), seen.present() ? said : "it does not run");
        InstanceRules any = new InstanceRules(spec, found, checks);
        if (seen.answers()) {
            if (member.role() == InstanceRole.REDIS) {
                new DataRules(spec, found, checks).judge(member, seen);
            } else {
                new SentinelRules(spec, found, checks).judge(member, seen);
            }
            any.version(member, seen);
        }
        any.judge(member);
    }

    private void tuning(HostName host, TuningSurvey seen) {
        HostTuning asked = HostTuning.of(spec.tuning());
        asked.sysctl().forEach((key, wanted) -> {
            String live = seen.live().getOrDefault(key, "");
            String subject = host + " " + key;
            Optional<KernelKey> known = KernelKey.of(key);
            if (live.isEmpty() || known.isEmpty()) {
                checks.unknown(Rule.TUNING, host, subject, "the kernel names no value of it");
            } else {
                boolean holds = known.get().satisfied(wanted, live);
                checks.holds(Rule.TUNING, host, subject, holds, "is " + live + ", and the spec wants " + wanted);
            }
        });
        // A kernel without huge pages has what is wanted of them, and so has one that was told never to use them.
        asked.hugePages().ifPresent(mode -> {
            String wanted = mode.name().toLowerCase(Locale.ROOT);
            boolean holds = List.of("", "never", wanted).contains(seen.hugePages());
            String said = "is " + seen.hugePages() + ", and the spec wants " + wanted;
            checks.holds(Rule.TUNING, host, host + " hugepages", holds, said);
        });
    }

    private void firewall(HostName host, FirewallSurvey seen) {
        String subject = host + " firewall";
        if (!spec.firewall().wanted()) {
            return;
        }
        if (!seen.trouble().isEmpty()) {
            checks.unknown(Rule.FIREWALL, host, subject, "nobody knows: " + seen.trouble());
            return;
        }
        boolean holds = seen.loaded() && seen.enabled();
        String said = seen.listed().isEmpty()
                ? "the host has no such table"
                : "the table is not as it was applied, or not loaded at boot";
        checks.holds(Rule.FIREWALL, host, subject, holds, said);
    }

    /** Whether it runs: that it reports is the collector's to miss. */
    private void agent(HostName host, AgentSurvey seen) {
        if (spec.monit().on()) {
            boolean runs = spec.runsOnSystemd() ? seen.unit().active() : seen.pid() != 0;
            checks.holds(Rule.AGENT, host, host + " monit", runs, "it does not run");
        }
    }

    /** Of a cluster in which another node could lead, and whose leader is known. */
    private void promotable() {
        Optional<Member> leader = found.leader(spec);
        List<Member> nodes = spec.members(InstanceRole.REDIS);
        if (leader.isEmpty()
                || nodes.size() < 2
                || found.silence(leader.get().id().host()).isPresent()) {
            return;
        }
        boolean could = nodes.stream()
                .filter(node -> !node.equals(leader.get()))
                .flatMap(node -> found.survey().instance(node.id()).stream())
                .anyMatch(Judge::couldLead);
        checks.holds(
                Rule.PROMOTABLE,
                leader.get().id().host(),
                leader.get().id().value(),
                could,
                "no replica has a priority above 0 and a link that is up");
    }

    private static boolean couldLead(InstanceSurvey seen) {
        return seen.answers()
                && seen.isReplica()
                && seen.info("master_link_status").equals("up")
                && seen.info("slave_priority").matches("[1-9]\\d{0,9}");
    }
}
