package io.redfleet.monitor.failover;

import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.monitor.topology.Snapshot;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Of which failover a line tells.
 *
 * <p>A Sentinel publishes +new-epoch before whatever belongs to that epoch, so a line belongs to the epoch that its witness spoke
 * of last; a leader's lines to the one in which it stood. Sentinels that watch the masters of several clusters speak of epochs
 * that are others' too, and nothing in those lines says whose: so a switch that a follower publishes belongs first to the failover
 * that does just this.
 */
record Attribution(InstanceId witness, SentinelLine line, Snapshot scene) {
    /** 0 when it cannot be told. */
    int epoch(Chronicle chronicle) {
        Integer stood = chronicle.candidacies().get(witness);
        Integer spoken = chronicle.epochs().get(witness);
        boolean follower = line.name().equals("+switch-master") && !leads(chronicle, stood);
        if (stood != null && !follower) {
            return stood;
        }
        Optional<Integer> meant = follower ? meant(chronicle).or(() -> named(chronicle)) : Optional.empty();
        if (meant.isPresent()) {
            return meant.get();
        }
        if (spoken != null && (!follower || fits(chronicle, spoken))) {
            return spoken;
        }
        int known = spoken == null ? 0 : spoken;
        return chronicle
                .newestOpen()
                .filter(story -> replaced().filter(story.oldMaster()::equals).isPresent())
                .map(Story::epoch)
                .filter(epoch -> epoch > known)
                .orElse(known);
    }

    /** Of whose replacement the line speaks. */
    Optional<Endpoint> replaced() {
        return line.name().equals("+switch-master") ? line.switchedFrom() : line.masterAddress();
    }

    /**
     * The newest failover that does what the line says, and is open or whose switch was the last one told. One that was overtaken
     * by another's switch is not meant, though it is open: masters that change there and back do the same again.
     */
    private Optional<Integer> meant(Chronicle chronicle) {
        return chronicle.stories().values().stream()
                .filter(story -> story.epoch() >= chronicle.switched())
                .filter(story -> story.open() || story.switched())
                .filter(this::does)
                .map(Story::epoch)
                .reduce((older, newer) -> newer);
    }

    /** As far as its leader has said whom it promotes. */
    private boolean does(Story story) {
        Endpoint switched = story.steps().newMaster();
        Endpoint chosen = switched == null ? story.steps().replica() : switched;
        Optional<Endpoint> from = replaced();
        Optional<Endpoint> to = line.switchedTo();
        return chosen != null
                && from.isPresent()
                && to.isPresent()
                && scene.roster().same(from.get(), story.oldMaster())
                && scene.roster().same(to.get(), chosen);
    }

    /** The epoch under which a majority names the line's new master already, where that is not one of before. */
    private Optional<Integer> named(Chronicle chronicle) {
        Optional<Endpoint> to = line.switchedTo();
        return scene.named()
                .filter(named -> named.epoch() > chronicle.switched())
                .filter(named -> to.filter(master -> scene.roster().same(master, named.master()))
                        .isPresent())
                .map(Snapshot.Named::epoch);
    }

    /**
     * Whether a switch that a follower publishes can be of the epoch that it spoke of last. What it published of a later one
     * may have been lost.
     */
    private boolean fits(Chronicle chronicle, int epoch) {
        Story story = chronicle.stories().get(epoch);
        if (story == null) {
            return false;
        }
        Endpoint to = story.steps().newMaster();
        return to == null ? story.open() : line.switchedTo().filter(to::equals).isPresent();
    }

    private boolean leads(Chronicle chronicle, @Nullable Integer stood) {
        Story story = stood == null ? null : chronicle.stories().get(stood);
        return story != null && witness.equals(story.steps().leader()) && story.open();
    }
}
