package io.redfleet.monitor.watch;

import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.event.WatchEvent;
import io.redfleet.contracts.health.CheckHealth;
import io.redfleet.monitor.check.Presence;
import io.redfleet.monitor.check.Result;
import io.redfleet.monitor.check.Seen;
import io.redfleet.monitor.check.ServiceCheck;
import io.redfleet.monitor.check.ServiceEntry;
import io.redfleet.monitor.check.ServiceRules;
import io.redfleet.monitor.check.Told;
import io.redfleet.monitor.probe.Pulse;
import io.redfleet.monitor.roster.Roster;
import io.redfleet.monitrc.Rule;
import io.redfleet.monitrc.Target;
import io.redfleet.monitrc.Test;
import io.redfleet.monitrc.Tolerance;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The checks of a cluster's hosts: {@code check system} and {@code check filesystem}, judged by what each host says of itself, and
 * {@code check host}, by the probes of the instances that listen there; nothing else is connected to. A host that says nothing new
 * is not judged, and no port before this process has probed it. They tell; nothing is asked for because of them.
 */
final class HostChecks {
    /** Followed by the place: how often its rules have failed and succeeded. */
    private static final String NUMBER = "host check ";

    private final Step step;

    HostChecks(Step step) {
        this.step = step;
    }

    /** One check at one host, and how it is called where it is told and carried to another process. */
    record Place(HostName host, String check) {
        @Override
        public String toString() {
            return host + " " + check;
        }
    }

    /** Every check at every host that it is judged of, as nobody has judged it. */
    static Map<Place, HostCheck> fresh(Roster roster) {
        Map<Place, HostCheck> fresh = new LinkedHashMap<>();
        for (HostName host : roster.hosts()) {
            for (ServiceRules rules : roster.hostRules(host)) {
                fresh.put(new Place(host, rules.name()), HostCheck.fresh(rules));
            }
        }
        return fresh;
    }

    static Map<Place, HostCheck> restore(Roster roster, Map<String, CheckHealth> health) {
        Map<Place, HostCheck> restored = fresh(roster);
        restored.replaceAll((place, check) -> {
            @Nullable CheckHealth known = health.get(place.toString());
            return known == null ? check : check.with(known);
        });
        return restored;
    }

    static Map<String, CheckHealth> health(Map<Place, HostCheck> checks) {
        Map<String, CheckHealth> health = new HashMap<>();
        checks.forEach((place, check) -> {
            CheckHealth own = check.health();
            if (own != null) {
                health.put(place.toString(), own);
            }
        });
        return health;
    }

    void judge() {
        for (Map.Entry<Place, HostCheck> each : List.copyOf(step.hostChecks.entrySet())) {
            Place place = each.getKey();
            HostCheck check = each.getValue();
            results(place.host(), check.rules().service()).ifPresent(results -> judge(place, check, results));
        }
    }

    /** By the places of the rules; empty: nothing is known by which this cycle could judge them. */
    private Optional<List<Result>> results(HostName name, ServiceEntry service) {
        if (service.check().target() instanceof Target.Host target) {
            return Optional.of(service.rules().stream()
                    .map(rule -> connection(rule, target))
                    .toList());
        }
        Measured host = step.surroundings.hosts().get(name);
        return host == null || !host.isNews() ? Optional.empty() : Optional.of(figures(service, host));
    }

    private static List<Result> figures(ServiceEntry service, Measured host) {
        return service.rules().stream().map(rule -> figure(rule, host)).toList();
    }

    private void judge(Place place, HostCheck check, List<Result> results) {
        ServiceCheck.Judged judged = check.check().judge(new Seen(Presence.UNKNOWN, results), step.now.wall());
        step.hostChecks.put(place, check.judged(judged.next(), results));
        for (Told told : judged.told()) {
            if (told.alert() && told.rule() >= 0) {
                String words = check.rules().names().get(told.rule());
                Tolerance needed =
                        check.rules().service().rules().get(told.rule()).failed();
                boolean succeeded = told.change() == Told.Change.SUCCEEDED;
                String rule = rule(place, words);
                WatchEvent event = succeeded
                        ? new WatchEvent.CheckSucceeded(rule)
                        : new WatchEvent.CheckFailed(rule, needed.count(), needed.cycles());
                tell(place, rule, event, place.host() + ": " + told.text());
            }
        }
    }

    private static Result figure(Rule rule, Measured host) {
        return rule.test() instanceof Test.Resource resource
                ? Limited.result(resource, host.machine(resource.metric(), resource.unit()))
                : Result.NONE;
    }

    private Result connection(Rule rule, Target.Host target) {
        return rule.test() instanceof Test.Connection test
                ? step.roster
                        .listener(target, test.port())
                        .flatMap(id -> Optional.ofNullable(step.instances.get(id)))
                        .map(listener -> listener.view().pulse())
                        // What a former owner saw of it, that one has judged by.
                        .filter(pulse -> pulse.last() != null)
                        .map(pulse -> connection(test, pulse))
                        .orElse(Result.NONE)
                : Result.NONE;
    }

    private Result connection(Test.Connection test, Pulse pulse) {
        Result found = Eyes.connection(test, pulse, step.roster.watch().compat());
        return new Result(found.verdict(), "port " + test.port() + ": " + found.text());
    }

    /** Under another spec: rules that say what they said go on counting, and the end of one that is gone is told. */
    void reassign(Roster next) {
        Map<Place, HostCheck> before = new LinkedHashMap<>(step.hostChecks);
        Map<Place, HostCheck> after = fresh(next);
        after.replaceAll((place, check) -> {
            HostCheck known = before.get(place);
            return known == null ? check : known.under(check.rules());
        });
        before.forEach((place, check) -> {
            HostCheck then = after.get(place);
            List<String> gone =
                    then == null ? check.check().failed() : check.check().failedBeside(then.rules());
            for (String words : gone) {
                String rule = rule(place, words);
                tell(place, rule, new WatchEvent.CheckSucceeded(rule), "no rule of the cluster any more: " + rule);
            }
        });
        step.hostChecks.clear();
        step.hostChecks.putAll(after);
    }

    /** As a former owner told it, about no instance; what is not about a check of ours changes nothing. */
    void fold(WatchEvent event, long number, Instant at) {
        switch (event) {
            case WatchEvent.CheckFailed failed -> fold(failed.rule(), true, number, at);
            case WatchEvent.CheckSucceeded succeeded -> fold(succeeded.rule(), false, number, at);
            default -> {
                // About an instance, always.
            }
        }
    }

    private void fold(String rule, boolean failed, long number, Instant at) {
        step.hostChecks.replaceAll((place, check) -> {
            String own = place + ": ";
            if (!rule.startsWith(own)) {
                return check;
            }
            step.raise(NUMBER + place, number);
            return check.told(rule.substring(own.length()), failed, at);
        });
    }

    private static String rule(Place place, String words) {
        return place + ": " + words;
    }

    private void tell(Place place, String rule, WatchEvent event, String reason) {
        String number = URLEncoder.encode(rule, StandardCharsets.UTF_8) + "-" + step.count(NUMBER + place);
        step.tell(null, number, event, reason);
    }
}
