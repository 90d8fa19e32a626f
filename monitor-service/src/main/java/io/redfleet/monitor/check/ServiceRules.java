package io.redfleet.monitor.check;

import io.redfleet.monitrc.Action;
import io.redfleet.monitrc.Check;
import io.redfleet.monitrc.ControlFile;
import io.redfleet.monitrc.Fault;
import io.redfleet.monitrc.Monitrc;
import io.redfleet.monitrc.Reading;
import io.redfleet.monitrc.RestartLimit;
import io.redfleet.monitrc.Rule;
import io.redfleet.monitrc.Target;
import io.redfleet.monitrc.Test;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The rules of one check. Immutable; every instance of its name shares them, or every host.
 *
 * @param plan of this check alone, as if it depended on nothing
 * @param parents the names of the checks that it depends on, each of its own host
 * @param names of the service's rules, by their places: how each is called where it is told, and carried to another process
 */
public record ServiceRules(Plan plan, List<String> parents, List<String> names) {
    /**
     * What holds where nobody has written any, the founding article's two lines: connection failed, then restart; five restarts
     * within five cycles, then monitoring stops.
     */
    public static final ServiceRules ARTICLE = article(Window.CLOSED);

    /** The same two lines, in a window that slides. */
    public static final ServiceRules SLIDING_ARTICLE = article(Window.EMPTY);

    public ServiceRules {
        parents = List.copyOf(parents);
        names = List.copyOf(names);
    }

    /**
     * What a cluster's {@code watch.rules} say, by the names of the checks.
     *
     * @throws IllegalArgumentException they are not in a language that this release reads
     */
    public static Map<String, ServiceRules> read(String text) {
        return read(text, Window.CLOSED);
    }

    /**
     * As {@link #read(String)}.
     *
     * @param window in which restarts are counted, with none in it
     */
    public static Map<String, ServiceRules> read(String text, Window window) {
        Reading reading = Monitrc.read(text);
        if (!reading.ok()) {
            Fault first = reading.faults().getFirst();
            throw new IllegalArgumentException(
                    "watch.rules cannot be read from line " + first.line() + ", column " + first.column() + " on");
        }
        Map<String, ServiceRules> rules = new HashMap<>();
        for (Check check : reading.file().checks()) {
            rules.put(check.name(), of(check, List.of(), window));
        }
        return rules;
    }

    /** The only one. */
    public ServiceEntry service() {
        return plan.services().iterator().next();
    }

    public String name() {
        return service().name();
    }

    /** Whether it is about hosts, as rules say it: the machine, a filesystem of it, or an address. */
    public boolean isOfHosts() {
        Target target = service().check().target();
        return target instanceof Target.Machine || target instanceof Target.Filesystem || target instanceof Target.Host;
    }

    /** @param names by the places of the service's rules; empty: by their own words */
    private static ServiceRules of(Check check, List<String> names, Window window) {
        Plan plan = Plan.of(new ControlFile(Duration.ZERO, List.of(alone(check))), 0, window);
        List<Rule> rules = plan.service(check.name()).rules();
        return new ServiceRules(
                plan,
                check.dependsOn(),
                names.isEmpty() ? rules.stream().map(Monitrc::words).toList() : names);
    }

    private static Check alone(Check check) {
        return new Check(
                check.name(),
                check.target(),
                check.mode(),
                check.programs(),
                check.groups(),
                List.of(),
                check.every(),
                check.rules(),
                check.limits(),
                check.line());
    }

    private static ServiceRules article(Window window) {
        // Which port and how long is the probe's business.
        Test connection = new Test.Connection("", 1, new Test.Protocol.Redis(), Test.Connection.TIMEOUT, 1);
        Check check = new Check(
                "instance",
                new Target.Host("instance"),
                Check.Mode.ACTIVE,
                Check.Programs.NONE,
                List.of(),
                List.of(),
                1,
                List.of(Rule.of(connection, new Action.Restart())),
                List.of(new RestartLimit(5, 5, new Action.Unmonitor())),
                1);
        return of(check, List.of("failed connection"), window);
    }
}
