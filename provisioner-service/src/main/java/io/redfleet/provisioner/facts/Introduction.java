package io.redfleet.provisioner.facts;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.event.About;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.HostEvent;
import io.redfleet.provisioner.apply.Ledger;
import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.provisioner.survey.KeyBook;
import io.redfleet.provisioner.survey.LearntKey;
import io.redfleet.provisioner.survey.Place;
import java.util.HashSet;
import java.util.Set;

/**
 * Tells which keys one host of one cluster, or its jump host, was believed by at first contact. One is told once, and under the
 * same id by whoever learns the same: a second provisioner with a known_hosts of its own that learns another key is heard.
 */
final class Introduction {
    private final ClusterName cluster;
    private final ClusterUid uid;
    private final String host;
    private final HostAccess access;
    private final KeyBook keys;
    private final Set<LearntKey> told = new HashSet<>();

    Introduction(ClusterState state, HostSpec host, KeyBook keys) {
        this.cluster = state.name();
        this.uid = state.uid();
        this.host = host.name().value();
        this.access = Place.access(host);
        this.keys = keys;
    }

    void tick(Ledger ledger) {
        for (LearntKey key : keys.learnt(access)) {
            if (told.contains(key)) {
                continue;
            }
            String reason = "the first key that " + key.place() + " showed is pinned now, " + key.type() + " "
                    + key.fingerprint() + "; nobody has compared it";
            About about = new About(cluster, uid, null, reason, "", null);
            String id = Fact.id(uid, host, "keyLearnt:" + key.place() + ":" + key.fingerprint());
            HostEvent.KeyLearnt event = new HostEvent.KeyLearnt(host, key.place(), key.type(), key.fingerprint());
            ledger.tell(new Fact(id, key.at(), about, event));
            told.add(key);
        }
    }
}
