package io.redfleet.monitor.edge.kafka;

import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.codec.Unreadable;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.monitor.check.ServiceRules;
import io.redfleet.monitor.fleet.Unread;

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

    /** What can be made out of a record that cannot be read. */
    static Unread unread(BusRecord record, Unreadable why) {
        ClusterUid uid = record.word("uid")
                .filter(word -> !word.isBlank())
                .map(ClusterUid::new)
                .orElse(null);
        boolean ours = record.topic() == Topic.HEALTH;
        return new Unread(record.position(), uid, String.valueOf(why.getMessage()), ours);
    }
}
