package io.redfleet.monitor.watch;

import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.event.FailoverEvent;
import io.redfleet.contracts.event.SentinelEvent;
import io.redfleet.contracts.event.TopologyEvent;
import io.redfleet.monitor.failover.Chronicle;
import io.redfleet.monitor.failover.Heard;
import io.redfleet.monitor.failover.Listener;
import io.redfleet.monitor.failover.Settlement;
import io.redfleet.monitor.failover.Told;
import io.redfleet.monitor.topology.Assessment;
import io.redfleet.monitor.topology.Conditions;
import io.redfleet.monitor.topology.Conflicts;
import io.redfleet.monitor.topology.Finding;
import io.redfleet.monitor.topology.Judge;
import io.redfleet.monitor.topology.NodeView;
import io.redfleet.monitor.topology.Snapshot;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What concerns the cluster and no single instance: failovers, conditions, the verdict. */
final class Whole {
    static final String COMPLETED = "failover completed";
    static final String SWITCHED = "failover switched";

    /** Followed by the two addresses; its number is the epoch. */
    static final String OPEN = "failover open ";

    private final Step step;

    Whole(Step step) {
        this.step = step;
    }

    /**
     * The failover first: its reader waits for it, the raw line is for the record. What is said of another cluster's master, which
     * the same Sentinel watches, is that one's.
     */
    void published(Observation.Published published) {
        String about = published.line().master();
        if (!about.isEmpty() && !about.equals(step.roster.sentinel().masterName())) {
            return;
        }
        Heard heard = Listener.hear(step.chronicle, published.sentinel(), published.line(), step.snapshot());
        fold(heard);
        step.tell(
                published.sentinel(),
                published.ordinal(),
                new SentinelEvent.Published(
                        published.line().name(),
                        published.line().payload(),
                        published.sentinel(),
                        published.line().fields()),
                published.sentinel() + " says " + published.line().name());
        if (!heard.told().isEmpty()) {
            look();
        }
    }

    void look() {
        new Instances(step).overdue();
        fold(Settlement.look(step.chronicle, step.snapshot()));
        boolean changing =
                step.chronicle.failingOver(step.now, step.roster.sentinel().failoverTimeout());
        Snapshot snapshot = step.snapshot();
        Assessment assessment = new Conflicts(snapshot, step.surroundings.claims())
                .beside(Assessment.of(snapshot, changing), step.conditions);
        // While a cluster is being set up its Sentinels have yet to find each other; where that failed they never did.
        boolean begun =
                step.roster.phase() == Phase.READY || (step.roster.phase() == Phase.FAILED && step.roster.stood());
        Conditions.Step conditions = begun
                ? step.conditions.step(assessment, step.now)
                : new Conditions.Step(step.conditions, List.of(), List.of());
        step.conditions = conditions.after();
        tellConditions(conditions, snapshot, assessment);
        step.verdict = Judge.judge(snapshot, step.conditions, changing, step.verdict);
    }

    /** Of a cluster that nobody watches nothing begins, but what was told to have begun ends. */
    private void tellConditions(Conditions.Step conditions, Snapshot snapshot, Assessment assessment) {
        if (step.instances.values().stream().anyMatch(InstanceWatch::monitored)) {
            assessment.present().forEach((key, finding) -> {
                if (conditions.after().told(key) && !step.open(key)) {
                    open(finding);
                }
            });
        }
        conditions.closed().stream()
                .filter(closed -> step.open(closed.key()))
                .forEach(closed -> close(closed, snapshot, assessment));
    }

    private void fold(Heard heard) {
        step.chronicle = heard.chronicle();
        for (Told told : heard.told()) {
            String correlation = Chronicle.id(step.roster.uid().value(), told.epoch());
            step.tell(null, "failover-" + told.epoch(), told.event(), told.reason(), correlation, null);
        }
        heard.told().stream().map(Told::event).forEach(this::remember);
        if (step.chronicle.completed() >= 0) {
            step.number(COMPLETED, step.chronicle.completed());
            step.number(SWITCHED, step.chronicle.switched());
        }
    }

    /** A switch whose end is still to be told must outlive this process. */
    private void remember(FailoverEvent event) {
        switch (event) {
            case FailoverEvent.Switched told ->
                step.number(OPEN + told.oldMaster() + " " + told.newMaster(), told.epoch());
            case FailoverEvent.Completed told ->
                step.forget(
                        OPEN + told.report().oldMaster() + " " + told.report().newMaster());
            case FailoverEvent.Started s -> nothing();
            case FailoverEvent.LeaderElected l -> nothing();
            case FailoverEvent.ReplicaSelected r -> nothing();
            case FailoverEvent.Promoted p -> nothing();
            case FailoverEvent.Aborted a -> nothing();
        }
    }

    /** Only a switch and its end matter beyond this process. */
    private static void nothing() {}

    private void open(Finding finding) {
        long number = step.count(finding.key());
        switch (finding) {
            case Finding.QuorumLost lost ->
                step.tell(
                        null,
                        Finding.QuorumLost.KEY + number,
                        new TopologyEvent.QuorumLost(lost.usable(), lost.quorum(), lost.known()),
                        lost.usable() + " of " + lost.known() + " Sentinels can act; quorum is " + lost.quorum());
            case Finding.Disagree disagree ->
                step.tell(
                        null,
                        Finding.Disagree.KEY + number,
                        new TopologyEvent.SentinelsDisagree(disagree.views()),
                        "the Sentinels name different masters or epochs");
            case Finding.SplitBrain split ->
                step.tell(
                        null,
                        Finding.SplitBrain.KEY + number,
                        new TopologyEvent.SplitBrain(split.masters()),
                        split.masters().size() + " nodes call themselves master");
            case Finding.ReplicaBroken broken ->
                step.tell(
                        broken.replica(),
                        number,
                        new TopologyEvent.ReplicaBroken(broken.link()),
                        broken.replica() + " has no link to the master: " + broken.link());
            case Finding.Conflict conflict ->
                step.tell(
                        null,
                        conflict.word() + "-" + number,
                        new TopologyEvent.Conflict(conflict.endpoint(), conflict.other(), conflict.listedBy()),
                        conflict.words());
        }
    }

    private void close(Conditions.Closed closed, Snapshot snapshot, Assessment assessment) {
        String key = closed.key();
        long number = step.count(key);
        long lasted = step.now.millisSince(closed.since());
        if (key.startsWith(Finding.ReplicaBroken.PREFIX)) {
            InstanceId replica = new InstanceId(key.substring(Finding.ReplicaBroken.PREFIX.length()));
            step.tell(
                    replica, number, new TopologyEvent.ReplicaRestored(lasted), replica + " follows the master again");
            return;
        }
        if (key.startsWith(Finding.Conflict.PREFIX)) {
            Finding.Conflict over = Finding.Conflict.ofKey(key);
            step.tell(
                    null,
                    over.word() + "-" + number,
                    new TopologyEvent.ConflictEnded(over.endpoint(), over.other(), lasted),
                    over.endpoint() + " is no longer a data node of cluster " + over.other() + " and of this one");
            return;
        }
        Optional<Endpoint> named = snapshot.named().map(Snapshot.Named::master);
        switch (key) {
            case Finding.QuorumLost.KEY -> {
                int quorum = step.roster.sentinel().quorum();
                int known = step.roster.sentinels().size();
                step.tell(
                        null,
                        key + number,
                        new TopologyEvent.QuorumRestored(assessment.usable(), quorum, known),
                        assessment.usable() + " of " + known + " Sentinels can act");
            }
            case Finding.Disagree.KEY ->
                named.ifPresent(master -> step.tell(
                        null,
                        key + number,
                        new TopologyEvent.SentinelsAgree(master),
                        "the Sentinels all name " + master));
            case Finding.SplitBrain.KEY ->
                snapshot.masters().stream()
                        .min(Comparator.comparing(node -> node.id().value()))
                        .map(NodeView::id)
                        .ifPresent(master -> step.tell(
                                null, key + number, new TopologyEvent.Healed(master), master + " alone is master"));
            default ->
                throw new IllegalStateException("no opposite for " + key + " of " + List.of(step.roster.cluster()));
        }
    }
}
