package io.redfleet.provisioner.desired;

import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceSpec;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.monitrc.Action;
import io.redfleet.monitrc.Check;
import io.redfleet.monitrc.Rule;
import io.redfleet.monitrc.Target;
import io.redfleet.monitrc.Test;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Whether the checks of a cluster's {@code watch.rules} that are about hosts can be judged. The machine, and the filesystem of
 * the cluster's directory, are judged by what hosts say of themselves, and hold for every host. An address has to be that of one
 * of the cluster's own hosts, and a port that of an instance there: the probe of that instance answers for it, so that no rule
 * makes anybody connect to an address of its choice. They all only tell.
 */
final class HostRules {
    /** It is part of a rule's name, before a colon, and beside a host's. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private final Broken broken;
    private final String field;
    private final List<HostSpec> hosts;

    HostRules(Broken broken, String field, List<HostSpec> hosts) {
        this.broken = broken;
        this.field = field;
        this.hosts = hosts;
    }

    void check(Check check) {
        name(check);
        if (check.target() instanceof Target.Filesystem filesystem) {
            path(check, filesystem.path());
        }
        if (check.target() instanceof Target.Host target) {
            address(check, target.address());
        }
        if (!check.dependsOn().isEmpty()) {
            refuse(check, "depends", "not supported in this release: leave it out");
        }
        if (!check.programs().equals(Check.Programs.NONE)) {
            refuse(check, "start program", "a host is neither started nor stopped: leave it out");
        }
        if (!check.limits().isEmpty()) {
            refuse(check, "restarts within", "a host is not restarted: leave it out");
        }
        for (Rule rule : check.rules()) {
            if (check.target() instanceof Target.Host target) {
                test(check, target.address(), rule.test());
            } else if (!(rule.test() instanceof Test.Resource)) {
                refuse(check, word(rule.test()), "not tested of a host in this release, which knows resources");
            }
            if (!(rule.then() instanceof Action.Alert && rule.otherwise() instanceof Action.Alert)) {
                refuse(check, "then", "nothing is done because of a host: use alert");
            }
        }
    }

    private void name(Check check) {
        if (!NAME.matcher(check.name()).matches()) {
            refuse(check, check.name(), "must be 1 to 64 letters, digits, dots, dashes and underscores");
        }
        boolean taken = hosts.stream()
                .flatMap(host -> host.instances().stream())
                .anyMatch(instance -> instance.name().equals(check.name()));
        if (taken) {
            refuse(check, check.name(), "instances are called so: give the check another name");
        }
    }

    /** Hosts may have directories of their own; each is measured by its own. */
    private void path(Check check, String path) {
        if (!hosts.isEmpty() && hosts.stream().noneMatch(host -> isIn(path, host.directory()))) {
            HostSpec first = hosts.getFirst();
            refuse(
                    check,
                    path,
                    "must be " + first.directory() + ", the cluster's directory on " + first.name()
                            + ", or below it: the filesystem of that is measured");
        }
    }

    private void address(Check check, String address) {
        if (!hosts.isEmpty() && at(address).isEmpty()) {
            HostSpec first = hosts.getFirst();
            refuse(
                    check,
                    address,
                    "must be the address or the name of a host of this cluster, such as " + first.address() + " or "
                            + first.name() + ": nothing else is connected to");
        }
        if (check.rules().isEmpty()) {
            refuse(check, address, "tests nothing, so nobody could say that it is well: say if failed port");
        }
    }

    private void test(Check check, String address, Test test) {
        if (!(test instanceof Test.Connection connection)) {
            refuse(
                    check,
                    word(test),
                    "not tested of an address: use failed port; no ICMP is sent, and a host that cannot be reached is told of"
                            + " without a rule (host.unreachable)");
            return;
        }
        if (!connection.host().isEmpty() && !connection.host().equals(address)) {
            refuse(check, "host " + connection.host(), "must be the address of the check, " + address + ", or nothing");
        }
        List<Integer> ports = at(address).stream()
                .flatMap(host -> host.instances().stream())
                .map(InstanceSpec::port)
                .toList();
        if (!ports.isEmpty() && !ports.contains(connection.port())) {
            String own = ports.stream().map(String::valueOf).collect(Collectors.joining(", "));
            refuse(
                    check,
                    "port " + connection.port(),
                    "must be the port of an instance at " + address + ", which has " + own
                            + ": it is judged by that one's probe, and nothing is connected to for a rule");
        }
        if (connection.protocol() instanceof Test.Protocol.Dialogue) {
            refuse(check, "send, expect", "not spoken in this release: use protocol redis");
        }
    }

    /** As {@link Member#at}, of hosts that may not be right in everything yet. */
    private List<HostSpec> at(String address) {
        List<HostSpec> there =
                hosts.stream().filter(host -> host.address().equals(address)).toList();
        return !there.isEmpty()
                ? there
                : hosts.stream()
                        .filter(host -> host.name().value().equals(address))
                        .toList();
    }

    /** A relative directory is one of a home that nobody knows yet. */
    private static boolean isIn(String path, String directory) {
        String whole = path + "/";
        return directory.startsWith("/") ? whole.startsWith(directory + "/") : whole.contains("/" + directory + "/");
    }

    private static String word(Test test) {
        return switch (test) {
            case Test.Absent absent -> "does not exist";
            case Test.Present present -> "exist";
            case Test.Connection connection -> "failed port";
            case Test.Ping ping -> "failed ping";
            case Test.PidChanged changed -> "changed pid";
            case Test.ParentChanged changed -> "changed ppid";
            case Test.Uptime uptime -> "uptime";
            case Test.Resource resource -> resource.metric().word();
            case Test.Status status -> "status";
        };
    }

    private void refuse(Check check, String value, String rule) {
        broken.rule(field, value, "check " + check.name() + " in line " + check.line() + ": " + rule);
    }
}
