package io.redfleet.monitor.fleet;

import io.redfleet.contracts.cluster.Label;
import io.redfleet.contracts.health.FleetBrake;
import io.redfleet.contracts.health.LabelBrake;
import io.redfleet.contracts.health.LabelBrakes;
import io.redfleet.contracts.wire.CommandId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What stands of two records of the brake. The fleet's own brake and the brakes by label each go by their own count: a
 * monitor that disarms the fleet by itself undoes no label that the owner of the orders has just disarmed. Of what was set
 * at once by two, the disarming stands, of each label: a person can end it.
 */
final class Joined {
    /** Enough for those that may be read a second time: they are valid for seconds. */
    private static final int ORDERS_MAX = 16;

    /** Of two that were put on at once, every monitor keeps the same one. */
    private static final Comparator<LabelBrake> FIRST = Comparator.comparing(LabelBrake::since)
            .thenComparing(brake -> brake.actor().name())
            .thenComparing(brake -> brake.actor().tokenId())
            .thenComparing(LabelBrake::reason);

    private Joined() {}

    static FleetBrake of(FleetBrake known, FleetBrake read) {
        FleetBrake fleet = stands(read, known) ? read : known;
        return fleet.with(labels(known.labelled(), read.labelled()));
    }

    private static boolean stands(FleetBrake read, FleetBrake known) {
        boolean atOnce = read.count() == known.count();
        return atOnce ? read.disarmed() || !known.disarmed() : read.count() > known.count();
    }

    private static LabelBrakes labels(LabelBrakes known, LabelBrakes read) {
        if (known.count() != read.count()) {
            return known.count() > read.count() ? known : read;
        }
        Map<Label, LabelBrake> all = new TreeMap<>();
        known.brakes().forEach(brake -> all.put(brake.label(), brake));
        read.brakes()
                .forEach(brake ->
                        all.merge(brake.label(), brake, (one, other) -> FIRST.compare(one, other) <= 0 ? one : other));
        return new LabelBrakes(known.count(), List.copyOf(all.values()));
    }

    /** The newest of both, those of the second last. */
    static List<CommandId> orders(List<CommandId> earlier, List<CommandId> later) {
        List<CommandId> all = new ArrayList<>(earlier);
        all.removeAll(later);
        all.addAll(later);
        return List.copyOf(all.subList(Math.max(0, all.size() - ORDERS_MAX), all.size()));
    }
}
