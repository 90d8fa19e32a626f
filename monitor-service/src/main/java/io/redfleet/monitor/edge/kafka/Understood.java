package io.redfleet.monitor.edge.kafka;

import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.codec.Unreadable;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.operation.HostFacts;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.report.HostReport;
import io.redfleet.monitor.check.ServiceRules;
import io.redfleet.monitor.fleet.Unread;
import io.redfleet.monitor.watch.Observation;
import java.util.Optional;

/** Records of which every part has to say something to this release before a cluster is watched by them. */
final class Understood {
    private Understood() {}

    /** @throws Unreadable also for rules that a later release would understand: others are not put in their place */
    static ClusterState cluster(BusRecord record) throws Unreadable {
        ClusterState state = record.as(ClusterState.class);
        try {
            var unused = ServiceRules.read(state.spec().watch().rules());
            return state;
        } catch (IllegalArgumentException e) {
            throw Unreadable.because(String.valueOf(e.getMessage()));
        }
    }

    /** What the provisioner or a host's Monit says around a cluster. */
    static Gathering.Around around(BusRecord record) throws Unreadable {
        return switch (record.topic()) {
            case OPERATIONS -> {
                OperationState operation = record.as(OperationState.class);
                yield new Gathering.Around(operation.cluster(), new Observation.Operated(operation));
            }
            case HOSTS -> {
                HostFacts facts = record.as(HostFacts.class);
                yield new Gathering.Around(facts.cluster(), new Observation.HostSeen(facts));
            }
            case REPORTS -> {
                HostReport report = record.as(HostReport.class);
                yield new Gathering.Around(report.cluster(), new Observation.Reported(report));
            }
            default -> throw new IllegalStateException("nothing around a cluster: " + record);
        };
    }

    /** An operation by its key alone: a word on it that nobody understands still says that the one before is old. */
    static Optional<Gathering.Around> operation(BusRecord record) {
        String cluster = record.clusterKey();
        if (record.topic() != Topic.OPERATIONS || !ClusterName.allowed(cluster)) {
            return Optional.empty();
        }
        try {
            OperationId id = new OperationId(rest(record));
            return Optional.of(new Gathering.Around(new ClusterName(cluster), new Observation.OperationUnread(id)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Whether a record of the secrets holds what a probe needs, by its key alone. */
    static boolean forProbes(BusRecord record) {
        return record.topic() == Topic.SECRETS
                && ClusterName.allowed(record.clusterKey())
                && rest(record).equals(Purpose.PROBE.word());
    }

    private static String rest(BusRecord record) {
        return record.key()
                .substring(
                        Math.min(record.clusterKey().length() + 1, record.key().length()));
    }

    /** What can be made out of a record that cannot be read. */
    static Unread unread(BusRecord record, Unreadable why) {
        ClusterUid uid = record.word("uid")
                .filter(word -> !word.isBlank())
                .map(ClusterUid::new)
                .orElse(null);
        boolean ours = record.topic() == Topic.HEALTH;
        String whose = record.topic() == Topic.SECRETS ? "the probe's password: " : "";
        return new Unread(record.position(), uid, whose + why.getMessage(), ours);
    }
}
