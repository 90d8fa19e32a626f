package io.redfleet.monitor.check;

import io.redfleet.monitrc.Check;
import io.redfleet.monitrc.Command;
import io.redfleet.monitrc.Rule;
import io.redfleet.monitrc.Test;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * One check, ready to be judged.
 *
 * @param rules with the one that is implied, in the order in which Monit judges them (validate.c): existence, pid, parent,
 *     uptime, resources, connections
 * @param grace how long a process must have run before its connections are tested; zero where it has no start program
 * @param parents whom it depends on
 * @param children who depends on it
 * @param reminder a failure is told again at each n-th cycle; 0: never
 * @param window in which its restarts are counted, with none in it
 */
public record ServiceEntry(
        Check check,
        List<Rule> rules,
        Duration grace,
        List<String> parents,
        List<String> children,
        int reminder,
        Window window) {
    private static final Comparator<Rule> ORDER = Comparator.comparingInt(rule -> rank(rule.test()));

    public ServiceEntry {
        rules = List.copyOf(rules);
        parents = List.copyOf(parents);
        children = List.copyOf(children);
    }

    static ServiceEntry of(Check check, List<String> children, int reminder, Window window) {
        List<Rule> rules = new ArrayList<>(check.rules());
        boolean said = rules.stream().map(Rule::test).anyMatch(ServiceEntry::isExistence);
        if (check.target().isProcess() && !said) {
            rules.add(Rule.IMPLIED);
        }
        rules.sort(ORDER);
        Command start = check.programs().start();
        boolean graced = check.target().isProcess() && start.isPresent();
        return new ServiceEntry(
                check, rules, graced ? start.timeout() : Duration.ZERO, check.dependsOn(), children, reminder, window);
    }

    public String name() {
        return check.name();
    }

    /** Whether there is something to start and stop. */
    boolean isProcess() {
        return check.target().isProcess();
    }

    private static boolean isExistence(Test test) {
        return test instanceof Test.Absent || test instanceof Test.Present;
    }

    private static int rank(Test test) {
        return switch (test) {
            case Test.Absent absent -> 0;
            case Test.Present present -> 0;
            case Test.PidChanged changed -> 1;
            case Test.ParentChanged changed -> 2;
            case Test.Uptime uptime -> 3;
            case Test.Status status -> 3;
            case Test.Resource resource -> 4;
            case Test.Ping ping -> 5;
            case Test.Connection connection -> 6;
        };
    }
}
