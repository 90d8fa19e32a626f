package io.redfleet.alert;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.event.About;
import io.redfleet.contracts.event.Event;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.FailoverEvent;
import io.redfleet.contracts.event.FailoverReport;
import io.redfleet.contracts.event.InstanceEvent;
import io.redfleet.contracts.health.Liveness;
import io.redfleet.contracts.health.ReplicationRole;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Events of one cluster, one second apart unless told otherwise; each has an id of its own. */
public final class Story {
    public static final Instant START = Instant.parse("2026-11-22T10:00:00Z");
    public static final Endpoint OLD = new Endpoint("127.0.0.11", 6379);
    public static final Endpoint NEW = new Endpoint("127.0.0.12", 6379);

    private final ClusterName cluster;
    private final ClusterUid uid;
    private final String run;
    private Instant at = START;
    private int told;

    /** @param run part of every event id, so that stories on one bus do not repeat each other's ids */
    public Story(String cluster, String run) {
        this.cluster = cluster.equals("_fleet") ? ClusterName.FLEET : new ClusterName(cluster);
        this.uid = new ClusterUid(cluster + "-" + run);
        this.run = run;
    }

    public static Story of(String cluster) {
        return new Story(cluster, "1");
    }

    public ClusterName cluster() {
        return cluster;
    }

    public ClusterUid uid() {
        return uid;
    }

    public Story later(long millis) {
        at = at.plusMillis(millis);
        return this;
    }

    public Story startingAt(Instant start) {
        at = start;
        return this;
    }

    public Instant now() {
        return at;
    }

    public Fact tell(@Nullable String instance, Event event) {
        told++;
        at = at.plusSeconds(1);
        String subject = instance == null ? cluster.value() : cluster + "/" + instance;
        var about = new About(
                cluster,
                uid,
                instance == null ? null : new InstanceId(instance),
                event.getClass().getSimpleName() + " on " + subject,
                "",
                null);
        return new Fact(Fact.id(uid, run, told, event.getClass().getSimpleName()), at, about, event);
    }

    public Fact down(String instance, ReplicationRole role) {
        return tell(instance, new InstanceEvent.Down(Liveness.DOWN, role, "run-1"));
    }

    public Fact up(String instance) {
        return tell(instance, new InstanceEvent.Up("run-2", 1000));
    }

    public Fact failoverStarted() {
        return tell(null, new FailoverEvent.Started(1, OLD));
    }

    public Fact switched() {
        return tell(null, new FailoverEvent.Switched(1, OLD, NEW, false));
    }

    public Fact completed() {
        return tell(
                null,
                new FailoverEvent.Completed(new FailoverReport(
                        "fo-1", 1, OLD, NEW, false, START, START.plusSeconds(2), 1300, 2200, 0, List.of())));
    }
}
