package io.redfleet.monitor.watch;

import io.redfleet.contracts.health.CheckHealth;
import io.redfleet.monitor.check.Result;
import io.redfleet.monitor.check.ServiceCheck;
import io.redfleet.monitor.check.ServiceRules;
import io.redfleet.monitor.check.Watched;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One check at one host.
 *
 * @param judged the rules for which a figure was known at least once, by their words: nothing is known of the others, which is
 *     not the same as that they never failed
 */
record HostCheck(ServiceCheck check, Set<String> judged) {
    HostCheck {
        judged = Set.copyOf(judged);
    }

    static HostCheck fresh(ServiceRules rules) {
        return new HostCheck(ServiceCheck.fresh(rules, true), Set.of());
    }

    ServiceRules rules() {
        return check.rules();
    }

    /** As another process has left it. */
    HostCheck with(CheckHealth known) {
        Set<String> judged = new HashSet<>(known.unfailed());
        judged.addAll(known.rules().keySet());
        return new HostCheck(check.with(check.window(), known), own(judged, rules()));
    }

    /** Under other rules: what they say alike goes on. */
    HostCheck under(ServiceRules others) {
        return new HostCheck(check.under(others), own(judged, others));
    }

    /** @param results of its rules, by their places, by which {@code next} was judged */
    HostCheck judged(ServiceCheck next, List<Result> results) {
        if (next.state().watched() == Watched.WAITING) {
            return new HostCheck(next, judged);
        }
        Set<String> all = new HashSet<>(judged);
        for (int i = 0; i < results.size(); i++) {
            if (results.get(i).verdict() != Result.Verdict.NONE) {
                all.add(rules().names().get(i));
            }
        }
        return new HostCheck(next, all);
    }

    HostCheck told(String rule, boolean failed, Instant at) {
        return new HostCheck(check.told(rule, failed, at), judged);
    }

    /** What another process needs to go on, and readers to tell what is well from what nobody has judged; null: nothing. */
    @Nullable
    CheckHealth health() {
        CheckHealth own = check.health();
        Map<String, CheckHealth.RuleHealth> failedBefore = own == null ? Map.of() : own.rules();
        List<String> unfailed = rules().names().stream()
                .filter(name -> judged.contains(name) && !failedBefore.containsKey(name))
                .distinct()
                .toList();
        return own == null && unfailed.isEmpty()
                ? null
                : new CheckHealth(check.state().skipped(), check.state().pid(), failedBefore, unfailed);
    }

    private static Set<String> own(Set<String> judged, ServiceRules rules) {
        Set<String> own = new HashSet<>(judged);
        own.retainAll(rules.names());
        return own;
    }
}
