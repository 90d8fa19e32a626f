package io.redfleet.monitor.edge.kafka;

import io.redfleet.bus.BusSettings;
import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.codec.Unreadable;
import io.redfleet.bus.replay.Follower;
import io.redfleet.bus.replay.Start;
import io.redfleet.bus.topics.ClusterPartitioner;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.health.FleetBrake;
import io.redfleet.contracts.wire.CommandId;
import io.redfleet.monitor.fleet.Brake;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The fleet's brake on the bus, and in a header of it the orders that it includes; of use to monitors alone. */
public final class BrakeRecord {
    private static final int ID_MAX = 100;

    private BrakeRecord() {}

    static BusMessage message(FleetBrake brake, List<CommandId> orders) {
        BusMessage bare = BusMessage.of(Topic.HEALTH, ClusterName.FLEET.value(), brake);
        String ids = orders.stream().map(CommandId::value).collect(Collectors.joining(" "));
        return new BusMessage(bare.topic(), bare.key(), Map.of(FleetBrake.ORDERS_HEADER, ids), bare.value());
    }

    /** Follows the brake, whoever owns its partition: it holds for every monitor. */
    public static Follower follow(BusSettings settings, Brake brake, Executor fleet, Losses losses) {
        String key = ClusterName.FLEET.value();
        Start start = new Start.At(Map.of(ClusterPartitioner.partition(key), 0L));
        return Follower.of(settings, List.of(Topic.HEALTH), start, record -> {
            if (record.key().equals(key) && !record.isTombstone()) {
                read(record, brake, fleet, losses);
            }
        });
    }

    /**
     * Hands a record under the fleet's key to the brake.
     *
     * @param fleet the fleet's own thread, the brake's as well
     */
    public static void read(BusRecord record, Brake brake, Executor fleet, Losses losses) {
        try {
            FleetBrake read = record.as(FleetBrake.class);
            fleet.execute(() -> brake.read(read, orders(record), record.position()));
        } catch (Unreadable e) {
            String why = String.valueOf(e.getMessage());
            fleet.execute(() -> brake.unread(why, record.position()));
            losses.lost(record, why);
        }
    }

    /** Empty for a record of a release that wrote none. */
    public static List<CommandId> orders(BusRecord record) {
        return Stream.of(record.headers()
                        .getOrDefault(FleetBrake.ORDERS_HEADER, "")
                        .split(" ", -1))
                .filter(id -> !id.isBlank() && id.length() <= ID_MAX)
                .map(CommandId::new)
                .toList();
    }
}
