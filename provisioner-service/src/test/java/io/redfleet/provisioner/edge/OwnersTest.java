package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.provisioner.edge.OwnerLane.Fault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The provisioner at work is killed in the middle of a provision, fifty times, and some times stopped for half a minute; a
 * moment that came after the operation's end is drawn again. {@code -Druns} sets the number of kills, an eighth of which are
 * the stops; {@code -Dseed} repeats a run.
 */
@Tag("long")
class OwnersTest {
    private static final int KILLS = Integer.getInteger("runs", 50);
    private static final int STOPS = Math.ceilDiv(KILLS, 8);
    private static final long SEED = Long.getLong("seed", System.nanoTime());
    /** Most of a run is waiting for the dead one's session to end, so two share the time; more would share two cores. */
    private static final int LANES = Math.min(2, KILLS);

    @TempDir
    Path home;

    @Test
    void noStepIsRunByTwoAndNoOperationIsLostHoweverOwnersDieOrStandStill() throws Exception {
        OwnerLane.Count all = OwnerLane.Count.NONE;
        try (ExecutorService threads = Executors.newFixedThreadPool(LANES)) {
            ExecutorCompletionService<OwnerLane.Count> ended = new ExecutorCompletionService<>(threads);
            List<Future<OwnerLane.Count>> lanes = new ArrayList<>();
            for (int lane = 0; lane < LANES; lane++) {
                int number = lane;
                lanes.add(ended.submit(() -> suffered(number)));
            }
            try {
                for (int lane = 0; lane < lanes.size(); lane++) {
                    all = all.and(ended.take().get());
                }
            } finally {
                threads.shutdownNow();
            }
        }
        System.out.printf("owners: seed=%d %s%n", SEED, all);
        assertThat(all.killed()).as("kills during a provision").isEqualTo(KILLS);
        assertThat(all.stopped()).as("stops during a provision").isEqualTo(STOPS);
    }

    private OwnerLane.Count suffered(int number) throws Exception {
        Random random = new Random(SEED + number);
        List<Fault> faults = new ArrayList<>(Collections.nCopies(share(KILLS, number), Fault.KILL));
        faults.addAll(Collections.nCopies(share(STOPS, number), Fault.STOP));
        Collections.shuffle(faults, random);
        try (OwnerLane lane =
                new OwnerLane(home.resolve("lane-" + number), "seed " + SEED + ", lane " + number, random)) {
            return lane.suffer(faults);
        }
    }

    private static int share(int all, int lane) {
        return all / LANES + (lane < all % LANES ? 1 : 0);
    }
}
