package io.redfleet.monitor.failover;

import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.event.FailoverEvent;
import io.redfleet.monitor.clock.Moment;
import io.redfleet.monitor.topology.NodeView;
import io.redfleet.monitor.topology.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads one published line into the chronicle.
 *
 * <p>Lines carry neither id nor time, and +switch-master not even an epoch: {@link Attribution} says of which one they are. A
 * switch whose epoch cannot be told is left to {@link Settlement}, which sees it in the Sentinels' state.
 */
public final class Listener {
    private final InstanceId witness;
    private final SentinelLine line;
    private final Snapshot scene;
    private final Attribution whose;
    private final List<Told> told = new ArrayList<>();

    private Listener(InstanceId witness, SentinelLine line, Snapshot scene) {
        this.witness = witness;
        this.line = line;
        this.scene = scene;
        this.whose = new Attribution(witness, line, scene);
    }

    public static Heard hear(Chronicle chronicle, InstanceId witness, SentinelLine line, Snapshot scene) {
        Listener listener = new Listener(witness, line, scene);
        return new Heard(listener.fold(chronicle), listener.told);
    }

    /** Something that the monitor saw itself and that belongs on the timeline. */
    public static Chronicle note(Chronicle chronicle, String what, Moment now) {
        return mark(chronicle, new Mark(now, "monitor", what));
    }

    /** The master has failed. */
    public static Chronicle trouble(Chronicle chronicle, String what, Moment now) {
        return mark(chronicle, new Mark(now, "monitor", what, true));
    }

    /** The master answers: what was said of it before is over, unless a failover has begun upon it. */
    public static Chronicle relief(Chronicle chronicle, String what, Moment now) {
        return chronicle.newestOpen().isPresent() ? note(chronicle, what, now) : chronicle.withPrelude(List.of());
    }

    private Chronicle fold(Chronicle chronicle) {
        if (line.name().equals("+new-epoch") || line.name().equals("+vote-for-leader")) {
            return line.epoch() > 0 ? chronicle.heardEpoch(witness, line.epoch()) : chronicle;
        }
        if (!line.master().equals(scene.roster().sentinel().masterName())) {
            return chronicle;
        }
        return switch (line.name()) {
            case "+sdown", "+odown", "-sdown", "-odown" ->
                line.type().equals("master") ? mark(chronicle, ownMark()) : chronicle;
            case "+try-failover" -> tried(chronicle);
            case "+elected-leader" -> elected(chronicle);
            case "+selected-slave" -> selected(chronicle);
            case "+promoted-slave" -> promoted(chronicle);
            case "+switch-master" -> switched(chronicle);
            case "+failover-end", "+failover-end-for-timeout" -> ended(chronicle);
            case "-failover-abort-not-elected",
                    "-failover-abort-no-good-slave",
                    "-failover-abort-slave-timeout",
                    "-failover-abort-x-sdown" -> aborted(chronicle);
            default -> chronicle.newestOpen().isPresent() ? mark(chronicle, ownMark()) : chronicle;
        };
    }

    private Chronicle tried(Chronicle chronicle) {
        int epoch = chronicle.epochs().getOrDefault(witness, 0);
        return epoch == 0 ? chronicle : story(chronicle.standing(witness, epoch), epoch);
    }

    private Chronicle elected(Chronicle chronicle) {
        return step(chronicle, story -> {
            if (story.steps().leader() != null) {
                return story;
            }
            tell(
                    story.epoch(),
                    new FailoverEvent.LeaderElected(story.epoch(), witness),
                    witness + " leads the failover");
            return story.with(story.steps().led(witness));
        });
    }

    private Chronicle selected(Chronicle chronicle) {
        Optional<Endpoint> replica = line.subject();
        return step(chronicle, story -> {
            if (replica.isEmpty() || story.steps().replica() != null) {
                return story;
            }
            tell(
                    story.epoch(),
                    new FailoverEvent.ReplicaSelected(story.epoch(), replica.get()),
                    name(replica.get()) + " is chosen to become master");
            return story.with(story.steps().selected(replica.get()));
        });
    }

    private Chronicle promoted(Chronicle chronicle) {
        Optional<Endpoint> replica = line.subject();
        return step(chronicle, story -> {
            if (replica.isEmpty() || story.steps().promotedAt() != null) {
                return story;
            }
            tell(
                    story.epoch(),
                    new FailoverEvent.Promoted(story.epoch(), replica.get()),
                    name(replica.get()) + " calls itself master");
            return story.with(toll(story.oldMaster(), replica.get()))
                    .with(story.steps().promoted(replica.get(), scene.now()));
        });
    }

    private Chronicle switched(Chronicle chronicle) {
        Optional<Endpoint> to = line.switchedTo();
        int epoch = whose.epoch(chronicle);
        if (to.isEmpty() || epoch == 0) {
            return chronicle;
        }
        Chronicle next = story(chronicle, epoch);
        Story story = next.stories().get(epoch);
        if (story == null) {
            return next;
        }
        boolean overtaken = !story.open() || epoch < next.switched();
        if (!story.switched() && !overtaken) {
            if (epoch > next.switched()) {
                tell(
                        epoch,
                        new FailoverEvent.Switched(epoch, story.oldMaster(), to.get(), false),
                        name(to.get()) + " is master instead of " + name(story.oldMaster()));
                next = next.switchTold(epoch);
            }
            Story.Toll toll = story.steps().promotedAt() == null ? toll(story.oldMaster(), to.get()) : story.toll();
            story = story.with(toll).with(story.steps().switched(to.get(), scene.now(), true));
        }
        return next.with(story.marked(ownMark()));
    }

    private Chronicle ended(Chronicle chronicle) {
        return step(chronicle, story -> story.with(story.steps().over()));
    }

    /**
     * Of two candidates of one epoch at most one is elected; the other's giving up is not the failover's, and may be heard
     * before the one is known: {@link Settlement} tells it when nobody is elected.
     */
    private Chronicle aborted(Chronicle chronicle) {
        return step(chronicle, story -> {
            InstanceId leader = story.steps().leader();
            if (story.switched() || !story.open() || (leader != null && !leader.equals(witness))) {
                return story;
            }
            String cause = line.name().substring("-failover-abort-".length());
            if (leader == null && cause.equals(Settlement.NOT_ELECTED)) {
                return story.with(story.steps().unelected(scene.now()));
            }
            tell(story.epoch(), new FailoverEvent.Aborted(story.epoch(), cause), "Sentinel gave up: " + cause);
            return story.in(Story.State.aborted(cause));
        });
    }

    private Chronicle step(Chronicle chronicle, java.util.function.UnaryOperator<Story> change) {
        int epoch = whose.epoch(chronicle);
        if (epoch == 0) {
            return chronicle;
        }
        Chronicle next = story(chronicle, epoch);
        Story story = next.stories().get(epoch);
        return story == null ? next : next.with(change.apply(story).marked(ownMark()));
    }

    /** The chronicle with a story of this epoch in it, begun now if need be; not for one that is over and told. */
    private Chronicle story(Chronicle chronicle, int epoch) {
        if (chronicle.stories().containsKey(epoch) || epoch <= chronicle.completed()) {
            return chronicle;
        }
        Optional<Endpoint> old = whose.replaced();
        if (old.isEmpty()) {
            return chronicle;
        }
        Moment now = scene.now();
        List<Mark> head = chronicle.head(scene.roster().sentinel().downAfter(), now);
        tell(epoch, new FailoverEvent.Started(epoch, old.get()), "a failover of " + name(old.get()) + " has begun");
        return chronicle
                .with(Story.begun(epoch, old.get(), now, head).marked(ownMark()))
                .withPrelude(List.of());
    }

    private Story.Toll toll(Endpoint oldMaster, Endpoint newMaster) {
        Optional<NodeView> old = scene.at(oldMaster);
        long newOffset = scene.at(newMaster).map(NodeView::replicaOffset).orElse(-1L);
        return new Story.Toll(
                old.map(node -> node.standing().offset()).orElse(-1L),
                newOffset,
                old.map(node -> node.pulse().heard()).orElse(null),
                old.filter(NodeView::up).isPresent());
    }

    private static Chronicle mark(Chronicle chronicle, Mark mark) {
        Optional<Story> open = chronicle.newestOpen();
        if (open.isPresent()) {
            return chronicle.with(open.get().marked(mark));
        }
        List<Mark> marks = new ArrayList<>(chronicle.prelude());
        marks.add(mark);
        return chronicle.withPrelude(marks.subList(Math.max(0, marks.size() - Chronicle.PRELUDE_MAX), marks.size()));
    }

    private Mark ownMark() {
        boolean trouble = line.name().equals("+sdown") || line.name().equals("+odown");
        return new Mark(scene.now(), witness.value(), line.name() + " " + line.payload(), trouble);
    }

    private void tell(int epoch, FailoverEvent event, String reason) {
        told.add(new Told(epoch, event, reason));
    }

    private String name(Endpoint address) {
        return scene.roster().at(address).map(InstanceId::value).orElse(address.toString());
    }
}
