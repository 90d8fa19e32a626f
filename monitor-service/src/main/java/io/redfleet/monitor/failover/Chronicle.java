package io.redfleet.monitor.failover;

import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.health.BegunFailover;
import io.redfleet.monitor.clock.Moment;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The failovers of one cluster, as far as they matter still.
 *
 * @param stories by epoch; at most {@link #STORIES_MAX}, the oldest go
 * @param epochs the newest epoch that each Sentinel spoke of
 * @param candidacies the epoch in which each Sentinel last stood for leader
 * @param prelude what was said of the master lately, for the head of the next timeline
 * @param completed the newest epoch whose end has been told, or that was found at the first look; -1 before that
 * @param switched the newest epoch whose switch has been told
 * @param settledMaster who was master when {@code completed} was
 * @param suspicion since when the Sentinels' state has shown a switch that nobody published; null while it does not
 */
public record Chronicle(
        Map<Integer, Story> stories,
        Map<InstanceId, Integer> epochs,
        Map<InstanceId, Integer> candidacies,
        List<Mark> prelude,
        int completed,
        int switched,
        @Nullable Endpoint settledMaster,
        @Nullable Moment suspicion) {
    /** Attempts follow each other by twice the failover timeout: eight of them are the better part of an hour. */
    static final int STORIES_MAX = 8;

    /** +sdown and +odown of three Sentinels, and our own observations, several times over. */
    static final int PRELUDE_MAX = 24;

    public Chronicle {
        stories = java.util.Collections.unmodifiableMap(new TreeMap<>(stories));
        epochs = Map.copyOf(epochs);
        candidacies = Map.copyOf(candidacies);
        prelude = List.copyOf(prelude);
    }

    public static Chronicle empty() {
        return new Chronicle(Map.of(), Map.of(), Map.of(), List.of(), -1, -1, null, null);
    }

    /** As a former owner of this cluster left it. */
    public static Chronicle restored(int completed, int switched, @Nullable Endpoint master) {
        return new Chronicle(Map.of(), Map.of(), Map.of(), List.of(), completed, switched, master, null);
    }

    /** A switch that a former owner told and of whose end it did not. */
    public Chronicle remembered(int epoch, Endpoint oldMaster, Endpoint newMaster, Moment now) {
        Story known = stories.get(epoch);
        if (epoch <= completed) {
            // Overtaken before everybody had agreed on it: nothing of it is to be told any more.
            return known == null ? this : with(known.in(Story.State.COMPLETED));
        }
        Mark mark = new Mark(now, "monitor", "taken over after the switch to " + newMaster);
        Story story = Story.begun(epoch, oldMaster, now, List.of(mark));
        return switchTold(epoch).with(story.with(story.steps().switched(newMaster, now, false)));
    }

    /**
     * A failover that a former owner told to have begun, and of whose end it said nothing. Its lines come on from its leader; if
     * none comes, it is told to have been given up, counted from now.
     */
    public Chronicle begun(BegunFailover failover, Moment now) {
        int epoch = failover.epoch();
        if (stories.containsKey(epoch) || epoch == completed || epoch == switched) {
            return this;
        }
        Mark mark = new Mark(now, "monitor", "taken over before a switch");
        Story story = Story.begun(epoch, failover.oldMaster(), now, List.of(mark));
        Chronicle next = with(story.with(story.steps().led(failover.leader()))).settledBy(failover.oldMaster());
        InstanceId leader = failover.leader();
        return leader == null ? next : next.standing(leader, epoch);
    }

    /** While the Sentinels named nobody, nobody has written down who was master: whoever is to be replaced was. */
    private Chronicle settledBy(Endpoint master) {
        Endpoint known = settledMaster == null ? master : settledMaster;
        return new Chronicle(stories, epochs, candidacies, prelude, completed, switched, known, suspicion);
    }

    /** Its leader, as a former owner told it. */
    public Chronicle led(int epoch, InstanceId leader) {
        Story story = stories.get(epoch);
        return story == null || !story.open()
                ? this
                : with(story.with(story.steps().led(leader))).standing(leader, epoch);
    }

    /** That it was given up, as a former owner told it. */
    public Chronicle aborted(int epoch, String cause) {
        Story story = stories.get(epoch);
        return story == null || !story.open() || story.switched() ? this : with(story.in(Story.State.aborted(cause)));
    }

    /** Those that were told to have begun, and neither to have switched nor to be over. */
    public List<BegunFailover> begun(String uid) {
        return open().filter(story -> !story.switched())
                .map(story -> new BegunFailover(
                        id(uid, story.epoch()),
                        story.epoch(),
                        story.oldMaster(),
                        story.steps().leader()))
                .toList();
    }

    /** An end that a former owner told. */
    public Chronicle concluded(int epoch, Endpoint master) {
        Story story = stories.get(epoch);
        Chronicle next = story == null ? this : with(story.in(Story.State.COMPLETED));
        return next.settled(epoch, master);
    }

    /** Whether Sentinel is changing masters: from the first word of it until all agree, or until it must be over. */
    public boolean failingOver(Moment now, Duration failoverTimeout) {
        Duration atMost = failoverTimeout.plusSeconds(15);
        return open().anyMatch(story -> !now.atLeast(atMost, story.begun()));
    }

    /** Whether some change of master is begun and not yet told as switched. */
    public boolean undecided() {
        return open().anyMatch(story -> !story.switched());
    }

    /** Whether Sentinel has tried to replace this master since then, and last found nobody to promote. */
    public boolean futile(Endpoint master, Moment since) {
        return stories.values().stream()
                .filter(story -> story.oldMaster().equals(master) && since.isBefore(story.begun()))
                .reduce((older, newer) -> newer)
                .filter(story -> story.state() == Story.State.FUTILE)
                .isPresent();
    }

    /** The correlation id of an epoch's events. */
    public static String id(String uid, int epoch) {
        return uid + "-failover-" + epoch;
    }

    /** How the timeline of a failover that begins now begins: with the first sign of trouble, if that was lately. */
    List<Mark> head(Duration downAfter, Moment now) {
        Duration recent = downAfter.multipliedBy(3).plusSeconds(30);
        return prelude.stream()
                .filter(mark -> !now.atLeast(recent, mark.at()))
                .dropWhile(mark -> !mark.trouble())
                .toList();
    }

    Stream<Story> open() {
        return stories.values().stream().filter(Story::open);
    }

    Optional<Story> newestOpen() {
        return open().reduce((older, newer) -> newer);
    }

    Chronicle with(Story story) {
        TreeMap<Integer, Story> next = new TreeMap<>(stories);
        next.put(story.epoch(), story);
        while (next.size() > STORIES_MAX) {
            next.pollFirstEntry();
        }
        return new Chronicle(next, epochs, candidacies, prelude, completed, switched, settledMaster, suspicion);
    }

    Chronicle heardEpoch(InstanceId witness, int epoch) {
        Map<InstanceId, Integer> next = new HashMap<>(epochs);
        next.merge(witness, epoch, Math::max);
        return new Chronicle(stories, next, candidacies, prelude, completed, switched, settledMaster, suspicion);
    }

    Chronicle standing(InstanceId witness, int epoch) {
        Map<InstanceId, Integer> next = new HashMap<>(candidacies);
        next.put(witness, epoch);
        return new Chronicle(stories, epochs, next, prelude, completed, switched, settledMaster, suspicion);
    }

    Chronicle withPrelude(List<Mark> marks) {
        return new Chronicle(stories, epochs, candidacies, marks, completed, switched, settledMaster, suspicion);
    }

    Chronicle switchTold(int epoch) {
        int newest = Math.max(switched, epoch);
        return new Chronicle(stories, epochs, candidacies, prelude, completed, newest, settledMaster, null);
    }

    Chronicle settled(int epoch, Endpoint master) {
        int newest = Math.max(completed, epoch);
        return new Chronicle(stories, epochs, candidacies, prelude, newest, Math.max(switched, newest), master, null);
    }

    Chronicle suspecting(@Nullable Moment since) {
        return new Chronicle(stories, epochs, candidacies, prelude, completed, switched, settledMaster, since);
    }
}
