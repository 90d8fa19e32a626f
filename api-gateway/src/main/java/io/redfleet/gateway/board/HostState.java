package io.redfleet.gateway.board;

import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.health.CheckHealth;
import io.redfleet.contracts.health.CheckHealth.RuleHealth;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.health.InstanceHealth;
import io.redfleet.contracts.health.Liveness;
import io.redfleet.contracts.operation.HostFacts;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a check stands at a host, by what the monitor has written of it and whether that can still be so. What has
 * failed is failed until its end is told; all else needs a monitor that judges, and a host that speaks or, of an
 * address, instances that the monitor has heard of.
 *
 * @param reason one sentence
 * @param since when what is failed began to fail; null while nothing is
 */
record HostState(String status, String reason, @Nullable Instant since) {
    /** Of such a cluster the monitor writes at least every 30 s, and so is heard of each host; the rest is delay. */
    static final Duration OLD = Duration.ofMinutes(2);

    /**
     * What is known.
     *
     * @param facts what the host said last
     * @param before what it said earlier, against which that is measured
     * @param stale whether the bus is away
     */
    record Evidence(
            Optional<ClusterHealth> health,
            Optional<HostFacts> facts,
            Optional<HostFacts> before,
            boolean stale,
            Instant now) {
        private boolean isOld(Instant at) {
            return Duration.between(at, now).compareTo(OLD) > 0;
        }
    }

    /** @param probed of an address: the instances by whose probes it is judged */
    static HostState of(HostName host, Rules.OfHosts check, List<InstanceId> probed, Evidence evidence) {
        ClusterHealth health = evidence.health().orElse(null);
        if (health == null) {
            return new HostState(StatusLine.INITIALIZING, "Not observed yet", null);
        }
        // A check that is not there was never judged, or by a monitor that did not write that down.
        Optional<CheckHealth> known = Optional.ofNullable(health.hosts().get(host + " " + check.name()));
        Map<String, RuleHealth> rules = known.map(CheckHealth::rules).orElse(Map.of());
        String doubt = doubt(health, evidence);
        if (doubt.isEmpty()) {
            doubt = check.kind() == HostLine.Kind.HOST ? unheard(probed, health) : silence(host, evidence);
        }
        List<String> failed = standing(check, rules, CheckHealth.State.FAILED);
        if (!failed.isEmpty()) {
            String reason = "Failed: " + String.join(", ", failed) + (doubt.isEmpty() ? "" : ". " + doubt);
            return new HostState(check.kind().failed(), reason, since(failed, rules));
        }
        List<String> unfailed = known.map(CheckHealth::unfailed).orElse(List.of());
        List<String> unjudged = check.rules().stream()
                .filter(rule -> !rules.containsKey(rule) && !unfailed.contains(rule))
                .toList();
        if (!unjudged.isEmpty()) {
            String reason = doubt.isEmpty() ? "Not judged yet: " + String.join(", ", unjudged) : doubt;
            return new HostState(StatusLine.INITIALIZING, reason, null);
        }
        if (!doubt.isEmpty()) {
            return new HostState(StatusLine.WAITING, doubt, null);
        }
        List<String> pending = standing(check, rules, CheckHealth.State.PENDING);
        String reason =
                pending.isEmpty() ? "No rule has failed" : "Not failed often enough yet: " + String.join(", ", pending);
        return new HostState(StatusLine.OK, reason, null);
    }

    /** Why what is known may not be so any more; empty: it is so. */
    private static String doubt(ClusterHealth health, Evidence evidence) {
        if (evidence.stale()) {
            return "Kafka cannot be reached: this is the last that was known";
        }
        return evidence.isOld(health.at()) ? "The monitor has written nothing since " + shown(health.at()) : "";
    }

    private static String unheard(List<InstanceId> probed, ClusterHealth health) {
        return probed.stream()
                .filter(id -> {
                    InstanceHealth known = health.instances().get(id);
                    return known == null || known.liveness() == Liveness.UNKNOWN;
                })
                .findFirst()
                .map(id -> "Nothing has been heard of " + id)
                .orElse("");
    }

    /** Why what the host said last may not be so any more; empty: it is so. */
    static String silence(HostName host, Evidence evidence) {
        HostFacts facts = evidence.facts().orElse(null);
        if (facts == null) {
            return "Nothing has been heard of " + host;
        }
        if (!facts.reachable()) {
            return "Not reachable since " + shown(facts.at()) + ": " + facts.reason();
        }
        return evidence.isOld(facts.at()) ? host + " has said nothing since " + shown(facts.at()) : "";
    }

    private static List<String> standing(Rules.OfHosts check, Map<String, RuleHealth> rules, CheckHealth.State state) {
        return check.rules().stream()
                .distinct()
                .filter(rule -> {
                    RuleHealth known = rules.get(rule);
                    return known != null && known.state() == state;
                })
                .toList();
    }

    private static @Nullable Instant since(List<String> failed, Map<String, RuleHealth> rules) {
        return failed.stream()
                .flatMap(rule -> Optional.ofNullable(rules.get(rule)).stream())
                .map(RuleHealth::since)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    private static String shown(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
