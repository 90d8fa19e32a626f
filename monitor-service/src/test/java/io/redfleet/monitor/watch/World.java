package io.redfleet.monitor.watch;

import static io.redfleet.monitor.Orders.at;

import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.monitor.Orders;
import io.redfleet.monitor.failover.SentinelLine;
import io.redfleet.monitor.probe.Figures;
import io.redfleet.monitor.probe.Reply;
import io.redfleet.monitor.probe.Standing;
import io.redfleet.monitor.topology.SentinelView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Three nodes and three Sentinels that die, hang and come back by chance, and the network between them and the monitor:
 * probes are lost, lines are late, doubled, lost, and out of order between witnesses (never within one: a connection keeps
 * order).
 */
public final class World {
    private static final long DOWN_AFTER = Orders.DOWN_AFTER.toMillis();

    private enum Life {
        WELL,
        HUNG,
        DEAD
    }

    private final Random chance;
    private final Map<InstanceId, Life> lives = new HashMap<>();
    private final Map<InstanceId, Long> since = new HashMap<>();
    private final Map<InstanceId, Integer> runs = new HashMap<>();
    private final Map<InstanceId, Integer> following = new HashMap<>();
    private final Map<InstanceId, Boolean> greeted = new HashMap<>();
    private final Map<InstanceId, Long> linesUntil = new HashMap<>();
    private final TreeMap<Long, List<Observation>> underWay = new TreeMap<>();
    private long ordinal;
    int master = 1;
    int epoch;
    private long offset = 1_000;
    private long switchAt = Long.MAX_VALUE;
    private boolean healed;

    public World(long seed) {
        this.chance = new Random(seed);
        Orders.roster().members().keySet().forEach(id -> {
            lives.put(id, Life.WELL);
            since.put(id, 0L);
            runs.put(id, 1);
        });
        Orders.NODES.forEach(node -> following.put(node, 1));
    }

    /** What reaches the monitor within this step of 200 ms. */
    public List<Observation> step(long now) {
        offset += chance.nextInt(500);
        Orders.roster().members().keySet().forEach(id -> live(id, now));
        failOver(now);
        List<Observation> seen = new ArrayList<>();
        for (InstanceId id : Orders.roster().members().keySet()) {
            if (chance.nextInt(5) == 0) {
                probe(id, now, seen);
            }
        }
        while (!underWay.isEmpty() && underWay.firstKey() <= now) {
            seen.addAll(underWay.pollFirstEntry().getValue());
        }
        return seen;
    }

    boolean well(InstanceId id) {
        return life(id) == Life.WELL;
    }

    /** How many other Sentinels that can speak hold it for down at this moment. */
    long seenDown(InstanceId id, long now) {
        return Orders.SENTINELS.stream()
                .filter(sentinel -> !sentinel.equals(id) && life(sentinel) == Life.WELL)
                .filter(sentinel -> isDown(id, now))
                .count();
    }

    /** Whoever is sick gets well, and nobody falls ill any more. */
    public void heal() {
        healed = true;
    }

    private void live(InstanceId id, long now) {
        int dice = chance.nextInt(1_000);
        Life next = switch (life(id)) {
            case WELL -> dice < 4 ? (dice < 3 ? Life.DEAD : Life.HUNG) : Life.WELL;
            case HUNG -> dice < 25 ? Life.WELL : Life.HUNG;
            case DEAD -> dice < 15 ? Life.WELL : Life.DEAD;
        };
        next = healed ? Life.WELL : next;
        if (next != life(id)) {
            if (life(id) == Life.DEAD) {
                runs.merge(id, 1, Integer::sum);
            }
            lives.put(id, next);
            since.put(id, now);
            greeted.put(id, false);
        }
    }

    private void probe(InstanceId id, long now, List<Observation> seen) {
        if (chance.nextInt(20) == 0) {
            seen.add(new Observation.Answered(id, new Reply.Unreachable("lost"), null));
            return;
        }
        switch (life(id)) {
            case DEAD -> seen.add(new Observation.Answered(id, new Reply.Refused(), null));
            case HUNG -> seen.add(new Observation.Answered(id, new Reply.Silent(), null));
            case WELL -> {
                boolean fresh = !Boolean.TRUE.equals(greeted.put(id, true));
                @Nullable Figures greeting = fresh ? Orders.run(id.name() + "-" + runs.get(id)) : null;
                seen.add(new Observation.Answered(id, new Reply.Pong(), greeting));
                if (Orders.SENTINELS.contains(id)) {
                    seen.add(new Observation.Viewed(view(id, now)));
                } else {
                    seen.add(new Observation.Stood(id, standing(id)));
                }
            }
        }
    }

    private Standing standing(InstanceId id) {
        int number = Orders.NODES.indexOf(id) + 1;
        int follows = following.getOrDefault(id, 1);
        if (follows == number) {
            return Standing.master(offset, 2);
        }
        boolean linked = life(Orders.NODES.get(follows - 1)) == Life.WELL;
        return Standing.replica(Orders.address(follows), linked ? "connected" : "connect", linked ? offset : -1);
    }

    private SentinelView view(InstanceId sentinel, long now) {
        Set<Endpoint> down = new HashSet<>();
        Orders.roster().members().values().stream()
                .filter(member -> isDown(member.id(), now))
                .forEach(member -> down.add(member.endpoint()));
        int usable =
                (int) Orders.SENTINELS.stream().filter(id -> !isDown(id, now)).count();
        return new SentinelView(
                sentinel, Orders.address(master), epoch, Set.of("master"), usable >= 2, usable, down, at(now));
    }

    private boolean isDown(InstanceId id, long now) {
        return life(id) != Life.WELL && now - since.getOrDefault(id, 0L) > DOWN_AFTER;
    }

    /** The master is down for long enough, enough Sentinels live, a replica lives: Sentinel does its work in a second. */
    private void failOver(long now) {
        InstanceId old = Orders.NODES.get(master - 1);
        List<InstanceId> voters =
                Orders.SENTINELS.stream().filter(id -> life(id) == Life.WELL).toList();
        List<InstanceId> candidates = Orders.NODES.stream()
                .filter(id -> !id.equals(old) && life(id) == Life.WELL)
                .toList();
        if (switchAt == Long.MAX_VALUE && isDown(old, now) && voters.size() >= 2 && !candidates.isEmpty()) {
            switchAt = now + 1_000;
            publish(voters, now, "+new-epoch", String.valueOf(epoch + 1));
            publish(voters.subList(0, 1), now, "+try-failover", "master orders " + words(master));
            publish(voters.subList(0, 1), now, "+elected-leader", "master orders " + words(master));
        }
        if (now >= switchAt) {
            switchAt = Long.MAX_VALUE;
            if (voters.size() < 2 || candidates.isEmpty()) {
                epoch++;
                publish(
                        Orders.SENTINELS.subList(0, 1),
                        now,
                        "-failover-abort-not-elected",
                        "master orders " + words(master));
                return;
            }
            int chosen = Orders.NODES.indexOf(candidates.getFirst()) + 1;
            publish(voters, now, "+switch-master", "orders " + words(master) + " " + words(chosen));
            publish(voters.subList(0, 1), now, "+failover-end", "master orders " + words(master));
            epoch++;
            master = chosen;
            Orders.NODES.forEach(node -> following.put(node, chosen));
        }
    }

    private void publish(List<InstanceId> witnesses, long now, String name, String payload) {
        for (InstanceId witness : witnesses) {
            if (chance.nextInt(6) == 0) {
                continue;
            }
            // Each witness's lines stay in order: never before the last one that is under way.
            long arrives = Math.max(now + chance.nextInt(600), linesUntil.getOrDefault(witness, 0L) + 1);
            linesUntil.put(witness, arrives);
            int copies = chance.nextInt(8) == 0 ? 2 : 1;
            for (int i = 0; i < copies; i++) {
                SentinelLine line = SentinelLine.parse(name, payload);
                underWay.computeIfAbsent(arrives, key -> new ArrayList<>())
                        .add(new Observation.Published(witness, line, String.valueOf(ordinal++)));
            }
        }
    }

    private Life life(InstanceId id) {
        return lives.getOrDefault(id, Life.WELL);
    }

    private static String words(int node) {
        return "127.0.0.1 " + Orders.address(node).port();
    }
}
