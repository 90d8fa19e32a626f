package io.redfleet.provisioner.desired;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceSpec;
import io.redfleet.contracts.cluster.OwnPlace;
import io.redfleet.monitrc.Action;
import io.redfleet.monitrc.Check;
import io.redfleet.monitrc.Command;
import io.redfleet.monitrc.Fault;
import io.redfleet.monitrc.Monitrc;
import io.redfleet.monitrc.Reading;
import io.redfleet.monitrc.RestartLimit;
import io.redfleet.monitrc.Rule;
import io.redfleet.monitrc.Target;
import io.redfleet.monitrc.Test;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Whether a cluster's {@code watch.rules} can be judged by what is seen of its instances and hosts. A rule is data: a start
 * program is held against the instance's own unit, a connection against its own port, and neither is ever run or dialled as
 * written.
 */
final class WatchRules {
    private static final Pattern COMMAND =
            Pattern.compile("(?:(?:(?:/usr)?/s?bin/)systemctl (start|stop|restart) (?<unit>[\\w@.:-]+)"
                    + "|(?:(?:/usr)?/s?bin/)service (?<service>[\\w@.:-]+) (start|stop|restart)"
                    + "|/etc/init\\.d/(?<script>[\\w@.:-]+) (start|stop|restart))");

    /** So many the monitor remembers one by one. */
    private static final int SLIDING_MAX = 63;

    /** A program that runs more often would take the places that others need. */
    private static final Duration REPEAT = Duration.ofMinutes(5);

    private static final Set<String> OWN = Set.of("", "127.0.0.1", "::1", "localhost");

    private final Broken broken;
    private final String field;
    private final ClusterName cluster;
    private final List<HostSpec> hosts;
    private final Pace pace;
    private final Set<String> addresses;

    /**
     * @param cycle the gap between two of them
     * @param slides whether restarts are counted in a window that slides
     */
    record Pace(Duration cycle, boolean slides) {}

    /** @param addresses the names of the checks of addresses */
    private WatchRules(
            Broken broken, String field, ClusterName cluster, List<HostSpec> hosts, Pace pace, Set<String> addresses) {
        this.broken = broken;
        this.field = field;
        this.cluster = cluster;
        this.hosts = hosts;
        this.pace = pace;
        this.addresses = addresses;
    }

    /** @param hosts those that could be read */
    static void judge(Broken broken, String field, String text, ClusterName cluster, List<HostSpec> hosts, Pace pace) {
        Reading reading = Monitrc.read(text);
        for (Fault fault : reading.faults()) {
            String place = "line " + fault.line() + ", column " + fault.column();
            broken.rule(field, place, fault.instead().isEmpty() ? fault.what() : fault.what() + "; " + fault.instead());
        }
        if (!reading.file().cycle().isZero()) {
            broken.rule(field, "set daemon", "the gap between cycles is watch.cycle here: leave it out");
        }
        List<Check> checks = reading.file().checks();
        Set<String> addresses = checks.stream()
                .filter(check -> check.target() instanceof Target.Host)
                .map(Check::name)
                .collect(Collectors.toSet());
        checks.forEach(new WatchRules(broken, field, cluster, hosts, pace, addresses)::check);
    }

    private void check(Check check) {
        if (!(check.target().isProcess() || check.target() instanceof Target.Program)) {
            new HostRules(broken, field, hosts).check(check);
            return;
        }
        List<InstanceSpec> instances = hosts.stream()
                .flatMap(host -> host.instances().stream())
                .filter(instance -> instance.name().equals(check.name()))
                .toList();
        if (!check.target().isProcess()) {
            refuse(
                    check,
                    check.target().word(),
                    "not judged in this release, which knows check process (the name of an instance), check system,"
                            + " check filesystem and check host (of one of the cluster's own)");
        } else if (instances.isEmpty() && !hosts.isEmpty()) {
            String names = hosts.stream()
                    .flatMap(host -> host.instances().stream())
                    .map(InstanceSpec::name)
                    .distinct()
                    .collect(Collectors.joining(", "));
            refuse(check, check.name(), "no instance is called so; there are " + names);
        }
        check.dependsOn().forEach(parent -> dependsOn(check, parent, instances));
        Set<String> theirs = units(instances);
        program(check, check.programs().start(), theirs);
        program(check, check.programs().stop(), theirs);
        program(check, check.programs().restart(), theirs);
        for (Rule rule : check.rules()) {
            test(check, rule.test(), instances);
            action(check, rule.then());
            action(check, rule.otherwise());
            if (rule.otherwise() instanceof Action.Stop) {
                refuse(check, "else stop", "who has recovered is not stopped by a rule: use stop after then");
            }
            boolean gone = rule.test() instanceof Test.Absent || rule.test() instanceof Test.Connection;
            if ((!gone && starts(rule.then())) || starts(rule.otherwise())) {
                refuse(check, "then restart", "who lives is not restarted by a rule in this release: use alert");
            }
        }
        for (RestartLimit limit : check.limits()) {
            action(check, limit.action());
            if (limit.action() instanceof Action.Exec) {
                refuse(
                        check,
                        "restarts within, then exec",
                        "not supported in this release: use exec in a rule of its own");
            }
            if (pace.slides() && limit.cycles() > SLIDING_MAX) {
                String rule = "with restartWindow: sliding a limit looks at " + SLIDING_MAX + " cycles at most";
                refuse(check, "within " + limit.cycles() + " cycles", rule);
            }
        }
    }

    /** That there is such a check, and that nobody depends on himself, has been seen to when the rules were read. */
    private void dependsOn(Check check, String parent, List<InstanceSpec> instances) {
        if (addresses.contains(parent)) {
            // Of its own instance it would say nothing but what that says, and keep it from being restarted.
            refuse(check, "depends on " + parent, "nobody waits for a check of an address: name the instance there");
        }
        List<HostSpec> of = hosts.stream()
                .filter(host -> host.instances().stream()
                        .anyMatch(instance -> instance.name().equals(parent)))
                .toList();
        boolean together =
                of.stream().anyMatch(host -> host.instances().stream().anyMatch(instances::contains));
        if (!of.isEmpty() && !instances.isEmpty() && !together) {
            refuse(
                    check,
                    "depends on " + parent,
                    "no host has both: a check depends on another of its own host, or on one of the host itself");
        }
    }

    /** By which their builder has them run, without the ending; empty: what runs them is Redfleet's. */
    private static Set<String> units(List<InstanceSpec> instances) {
        Set<String> units = new TreeSet<>();
        for (InstanceSpec instance : instances) {
            OwnPlace at = instance.at();
            String unit = at == null ? null : at.unit();
            if (unit != null) {
                units.add(plain(unit));
            }
        }
        return units;
    }

    private static String plain(String unit) {
        return unit.replaceAll("\\.service$", "");
    }

    /**
     * What starts or stops this very instance is what Redfleet does anyway, by its own hands.
     *
     * @param theirs of one that its builder's units run, which no other name stands for
     */
    private void program(Check check, Command command, Set<String> theirs) {
        if (!command.isPresent()) {
            return;
        }
        Matcher matcher = COMMAND.matcher(String.join(" ", command.words()));
        List<String> units = List.of(
                check.name(),
                "redis-" + cluster,
                check.name() + "-" + cluster,
                check.name() + "@" + cluster,
                "redfleet-" + cluster + "-" + check.name());
        boolean own = matcher.matches()
                && (theirs.isEmpty() ? units.contains(plain(unit(matcher))) : theirs.contains(plain(unit(matcher))));
        if (!own) {
            String named = theirs.isEmpty() ? "this instance" : String.join(" or ", theirs) + ", its unit (at.unit)";
            refuse(
                    check,
                    command.line(),
                    "must be systemctl, service or /etc/init.d with start, stop or restart of " + named
                            + ": Redfleet itself starts and stops it");
        }
    }

    private static String unit(Matcher matcher) {
        for (String group : List.of("unit", "service", "script")) {
            String named = matcher.group(group);
            if (named != null) {
                return named;
            }
        }
        return "";
    }

    private void test(Check check, Test test, List<InstanceSpec> instances) {
        switch (test) {
            case Test.Absent absent -> {}
            case Test.Present present -> {}
            case Test.PidChanged changed -> {}
            case Test.Uptime uptime -> {}
            case Test.Connection connection -> connection(check, connection, instances);
            case Test.Resource resource -> {}
            case Test.ParentChanged changed -> refuse(check, "changed ppid", "not measured in this release");
            case Test.Ping ping -> refuse(check, "ping", "not tested in this release");
            case Test.Status status -> refuse(check, "status", "not tested in this release");
        }
    }

    /** The probe's own connection stands for it: it goes to the instance's address and asks for an answer. */
    private void connection(Check check, Test.Connection connection, List<InstanceSpec> instances) {
        boolean own = OWN.contains(connection.host())
                || hosts.stream().anyMatch(host -> host.address().equals(connection.host()));
        if (!own) {
            refuse(check, connection.host(), "must be the instance's own host: 127.0.0.1, or nothing");
        }
        for (InstanceSpec instance : instances) {
            if (instance.port() != connection.port()) {
                refuse(
                        check,
                        "port " + connection.port(),
                        "must be the port of " + check.name() + ", " + instance.port());
                break;
            }
        }
        if (connection.protocol() instanceof Test.Protocol.Dialogue) {
            refuse(check, "send, expect", "not spoken in this release: use protocol redis");
        }
    }

    private static boolean starts(Action action) {
        return action instanceof Action.Restart || action instanceof Action.Start;
    }

    private void action(Check check, Action action) {
        switch (action) {
            case Action.Alert alert -> {}
            case Action.Restart restart -> {}
            case Action.Start start -> {}
            case Action.Unmonitor unmonitor -> {}
            case Action.Stop stop -> {}
            case Action.Exec exec -> exec(check, exec);
        }
    }

    /** Data too: it names one of the programs that the host's own root allows, and is no command line. */
    private void exec(Check check, Action.Exec exec) {
        String program = exec.command().line();
        if (!AllowList.names(program)) {
            refuse(check, "then exec \"" + program + "\"", AllowList.RULE);
        }
        Duration apart = pace.cycle().multipliedBy(exec.repeat());
        if (exec.repeat() > 0 && apart.compareTo(REPEAT) < 0) {
            String rule = "with a watch.cycle of " + pace.cycle().toSeconds() + " s these are " + apart.toSeconds()
                    + " s; must be at least " + REPEAT.toSeconds() + " s";
            refuse(check, "repeat every " + exec.repeat() + " cycles", rule);
        }
    }

    private void refuse(Check check, String value, String rule) {
        broken.rule(field, value, "check " + check.name() + " in line " + check.line() + ": " + rule);
    }
}
