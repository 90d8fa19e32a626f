package io.redfleet.monitor.watch;

import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.operation.HostFacts;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.ProcessFacts;
import io.redfleet.monitor.clock.Moment;
import io.redfleet.monitor.remedy.Patient.ProcessSeen;
import io.redfleet.monitor.topology.Claims;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the provisioner says about a cluster's hosts and its own work there, what a Monit on the hosts says, and what other
 * clusters there are.
 *
 * @param expected what each operation that is not done stops; empty for one that stops nothing, or nothing yet
 * @param hosts the latest facts, and what they are measured against
 * @param reports the latest of each host's own Monit
 * @param witnesses the Monits from which reports are to be expected
 * @param claims whose spec has which address
 */
public record Surroundings(
        Map<OperationId, Set<InstanceId>> expected,
        Map<HostName, Measured> hosts,
        Map<HostName, HeardReport> reports,
        Witnesses witnesses,
        Claims claims) {
    static final Surroundings NONE = new Surroundings(Map.of(), Map.of(), Map.of(), Witnesses.NONE, Claims.UNKNOWN);

    /** Of an operation that runs a program of a host's allow-list: it changes no process, so it excuses nothing. */
    private static final String EXEC = "remedy-exec";

    public Surroundings {
        expected = Map.copyOf(expected);
        hosts = Map.copyOf(hosts);
        reports = Map.copyOf(reports);
    }

    Surroundings with(OperationState operation) {
        Map<OperationId, Set<InstanceId>> next = new HashMap<>(expected);
        next.remove(operation.id());
        if (!operation.status().done() && !operation.kind().equals(EXEC)) {
            next.put(operation.id(), operation.expectsDown());
        }
        return new Surroundings(next, hosts, reports, witnesses, claims);
    }

    /** It excuses nothing any more. */
    Surroundings without(OperationId operation) {
        Map<OperationId, Set<InstanceId>> next = new HashMap<>(expected);
        next.remove(operation);
        return new Surroundings(next, hosts, reports, witnesses, claims);
    }

    Surroundings with(HostFacts facts) {
        Map<HostName, Measured> next = new HashMap<>(hosts);
        next.merge(facts.host(), Measured.of(facts), (before, first) -> before.then(facts));
        return new Surroundings(expected, next, reports, witnesses, claims);
    }

    /** A cycle has judged by what the hosts have said so far. */
    Surroundings read() {
        if (hosts.values().stream().allMatch(Measured::judged)) {
            return this;
        }
        Map<HostName, Measured> next = new HashMap<>();
        hosts.forEach((host, measured) -> next.put(host, measured.read()));
        return new Surroundings(expected, next, reports, witnesses, claims);
    }

    Surroundings with(HeardReport heard) {
        Map<HostName, HeardReport> next = new HashMap<>(reports);
        next.put(heard.report().host(), heard);
        return new Surroundings(expected, hosts, next, witnesses, claims);
    }

    Surroundings with(Witnesses next) {
        return new Surroundings(expected, hosts, reports, next, claims);
    }

    Surroundings with(Claims next) {
        return new Surroundings(expected, hosts, reports, witnesses, next);
    }

    /** An operation that is at work on the cluster, or waits its turn. */
    Optional<OperationId> working() {
        return expected.keySet().stream().findFirst();
    }

    /** The running operation that stops this instance, if one does. */
    Optional<OperationId> stopping(InstanceId instance) {
        return expected.entrySet().stream()
                .filter(entry -> entry.getValue().contains(instance))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** What the host says of a process of its own; empty while it cannot be reached. */
    Optional<ProcessFacts> facts(InstanceId instance) {
        Measured host = hosts.get(instance.host());
        return host == null || !host.latest().reachable()
                ? Optional.empty()
                : Optional.ofNullable(host.latest().processes().get(instance));
    }

    /** The host's word on a process; facts from before {@code since} speak of another time. */
    ProcessSeen process(InstanceId instance, Moment since) {
        Measured host = hosts.get(instance.host());
        HostFacts facts = host == null ? null : host.latest();
        ProcessFacts process = facts == null ? null : facts.processes().get(instance);
        if (facts == null || process == null) {
            return ProcessSeen.UNKNOWN;
        }
        if (!process.present() && process.stopped()) {
            return ProcessSeen.STOPPED;
        }
        if (!facts.reachable() || !facts.at().isAfter(since.wall())) {
            return ProcessSeen.UNKNOWN;
        }
        return process.present() ? ProcessSeen.PRESENT : ProcessSeen.ABSENT;
    }
}
