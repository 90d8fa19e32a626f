package io.redfleet.monitor.failover;

import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.event.FailoverEvent;
import io.redfleet.contracts.event.FailoverReport;
import io.redfleet.monitor.clock.Moment;
import io.redfleet.monitor.topology.NodeView;
import io.redfleet.monitor.topology.SentinelView;
import io.redfleet.monitor.topology.Snapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What the state of Sentinels and nodes says about a failover: that it is over, that it came to nothing, or that one
 * happened which nobody heard of.
 */
public final class Settlement {
    /** A published switch precedes what polling shows by milliseconds; this long without it means that it was missed. */
    static final Duration UNHEARD = Duration.ofSeconds(2);

    /** As Sentinel calls the cause of {@code -failover-abort-not-elected}. */
    static final String NOT_ELECTED = "not-elected";

    private final Snapshot scene;
    private final List<Told> told = new ArrayList<>();

    private Settlement(Snapshot scene) {
        this.scene = scene;
    }

    public static Heard look(Chronicle chronicle, Snapshot scene) {
        Optional<Snapshot.Named> named = scene.named();
        if (named.isEmpty()) {
            return Heard.nothing(chronicle);
        }
        if (chronicle.completed() < 0) {
            // The first look at this cluster: whatever happened before it is not ours to tell.
            Optional<Story> first = chronicle.open().findFirst();
            return Heard.nothing(
                    first.isEmpty()
                            ? chronicle.settled(named.get().epoch(), named.get().master())
                            : chronicle.settled(
                                    first.get().epoch() - 1, first.get().oldMaster()));
        }
        Settlement settlement = new Settlement(scene);
        Chronicle next = settlement.infer(chronicle, named.get());
        next = settlement.complete(next);
        next = settlement.expire(next);
        return new Heard(next, settlement.told);
    }

    private Chronicle infer(Chronicle chronicle, Snapshot.Named named) {
        Story known = chronicle.stories().get(named.epoch());
        Endpoint before = chronicle.settledMaster();
        boolean unheard = named.epoch() > chronicle.completed()
                && before != null
                && !scene.roster().same(before, named.master())
                && (known == null || !known.switched())
                && !heard(chronicle, named.master());
        if (!unheard || before == null) {
            return chronicle.suspicion() == null ? chronicle : chronicle.suspecting(null);
        }
        Moment since = chronicle.suspicion();
        if (since == null) {
            return chronicle.suspecting(scene.now());
        }
        if (!scene.now().atLeast(UNHEARD, since)) {
            return chronicle;
        }
        int epoch = named.epoch();
        Story story = known == null ? Story.begun(epoch, before, scene.now(), head(chronicle)) : known;
        if (epoch > chronicle.switched()) {
            told.add(new Told(
                    epoch,
                    new FailoverEvent.Switched(epoch, story.oldMaster(), named.master(), true),
                    "the Sentinels name " + name(named.master()) + " instead of " + name(story.oldMaster())));
        }
        Mark mark = new Mark(scene.now(), "monitor", "the Sentinels' state shows " + named.master() + " as master");
        Story switched = story.in(Story.State.OPEN)
                .with(story.steps().switched(named.master(), scene.now(), false))
                .marked(mark);
        return chronicle.switchTold(epoch).with(switched);
    }

    /** Under an epoch that its witness had spoken of before: what was published of a later one may have been lost. */
    private boolean heard(Chronicle chronicle, Endpoint master) {
        return chronicle
                .newestOpen()
                .filter(story -> {
                    Endpoint to = story.steps().newMaster();
                    return to != null && scene.roster().same(to, master);
                })
                .isPresent();
    }

    private List<Mark> head(Chronicle chronicle) {
        return chronicle.head(scene.roster().sentinel().downAfter(), scene.now());
    }

    private Chronicle complete(Chronicle chronicle) {
        Optional<Story> newest = chronicle.newestOpen();
        if (newest.isEmpty()) {
            return chronicle;
        }
        Story story = newest.get();
        Endpoint master = story.steps().newMaster();
        Moment switchedAt = story.steps().switchedAt();
        if (master == null || switchedAt == null || !agreed(master, story.epoch(), switchedAt)) {
            return chronicle;
        }
        // The leader's own end, or, when its line was lost, nobody failing over any more for a while.
        if (!story.steps().ended() && !scene.now().atLeast(UNHEARD, switchedAt)) {
            return chronicle;
        }
        Story done = story.marked(new Mark(scene.now(), "monitor", "all Sentinels and nodes agree"))
                .in(Story.State.COMPLETED);
        FailoverReport report = report(done, master);
        told.add(new Told(
                story.epoch(),
                new FailoverEvent.Completed(report),
                name(master) + " is master and everyone who answers agrees"));
        Chronicle next = chronicle.with(done).settled(story.epoch(), master);
        for (Story older : next.open().filter(Story::switched).toList()) {
            // Overtaken by this one before everybody had agreed on it.
            next = next.with(older.in(Story.State.COMPLETED));
        }
        return next;
    }

    /** Every Sentinel that answers names this master (T1), it alone acts as one (T2), and who is up follows it (T6). */
    private boolean agreed(Endpoint master, int epoch, Moment since) {
        List<SentinelView> views = scene.freshViews();
        boolean named = views.size() >= scene.roster().majority()
                && views.stream()
                        .allMatch(view -> since.isBefore(view.at())
                                && view.master() != null
                                && scene.roster().same(view.master(), master)
                                && view.configEpoch() >= epoch
                                && !view.failingOver());
        return named
                && scene.nodes().filter(NodeView::up).allMatch(node -> settled(node, master, since))
                && scene.at(master).filter(NodeView::actsAsMaster).isPresent();
    }

    private boolean settled(NodeView node, Endpoint master, Moment since) {
        Moment spoke = node.standingAt();
        if (spoke == null || !since.isBefore(spoke)) {
            return false;
        }
        boolean isMaster = scene.at(master).filter(node::equals).isPresent();
        Endpoint following = node.standing().following();
        return isMaster
                ? node.actsAsMaster()
                : following != null
                        && scene.roster().same(following, master)
                        && node.standing().linked();
    }

    /** Sentinel gives an attempt up after the failover timeout and says so; if that was lost, silence says it later. */
    private Chronicle expire(Chronicle chronicle) {
        if (chronicle.suspicion() != null) {
            // It may have switched unheard: that is told first, and then it has not been given up.
            return chronicle;
        }
        Duration atMost = scene.roster().sentinel().failoverTimeout().plusSeconds(15);
        List<Story> stale = chronicle
                .open()
                .filter(story ->
                        !story.switched() && (unelected(story) || scene.now().atLeast(atMost, story.begun())))
                .toList();
        Chronicle next = chronicle;
        for (Story story : stale) {
            boolean unelected = story.steps().unelected() != null;
            told.add(new Told(
                    story.epoch(),
                    new FailoverEvent.Aborted(story.epoch(), unelected ? NOT_ELECTED : "unheard"),
                    unelected
                            ? "Sentinel gave up: " + NOT_ELECTED
                            : "nothing more was heard of it for " + atMost.toSeconds() + " s"));
            next = next.with(story.in(Story.State.ABORTED));
        }
        return next;
    }

    private boolean unelected(Story story) {
        Moment since = story.steps().unelected();
        return since != null && scene.now().atLeast(UNHEARD, since);
    }

    private FailoverReport report(Story story, Endpoint master) {
        List<Mark> marks = story.marks().stream()
                .sorted(Comparator.comparingLong(mark -> mark.at().ticks()))
                .toList();
        Moment first = marks.getFirst().at();
        List<FailoverReport.Moment> timeline = marks.stream()
                .map(mark -> new FailoverReport.Moment(mark.at().millisSince(first), mark.witness(), mark.what()))
                .toList();
        return new FailoverReport(
                Chronicle.id(scene.roster().uid().value(), story.epoch()),
                story.epoch(),
                story.oldMaster(),
                master,
                story.steps().inferred(),
                first.wall(),
                scene.now().wall(),
                story.toll().outageMillis(story.steps().promotedAt()),
                story.steps().inferred()
                        ? -1
                        : story.toll().outageMillis(story.steps().switchedAt()),
                story.toll().lossBoundBytes(),
                timeline);
    }

    private String name(Endpoint address) {
        return scene.roster().at(address).map(id -> id.value()).orElse(address.toString());
    }
}
