package io.redfleet.monitor.fleet;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.wire.CommandId;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Position;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Request;
import io.redfleet.monitor.clock.Moment;
import io.redfleet.monitor.watch.ClusterWatch;
import io.redfleet.monitor.watch.Turn;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Carries out what people ask of the monitor. Every order gets one answer. Runs on the fleet's thread. */
public final class OrderDesk {
    /** Enough for every order that could still be read a second time: they are seldom, and the bus repeats only the last. */
    private static final int SEEN_MAX = 1_000;

    /** What was answered; {@code answer} is null while the order is still being carried out. */
    private record Reply(@Nullable Answer answer, List<Position> positions) {
        static final Reply PENDING = new Reply(null, List.of());
    }

    private final Fleet fleet;
    private final Map<CommandId, Reply> seen = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<CommandId, Reply> eldest) {
            return size() > SEEN_MAX;
        }
    };

    public OrderDesk(Fleet fleet) {
        this.fleet = fleet;
    }

    /** An order that comes twice is carried out once and answered twice, with the same answer. */
    public void take(Order order, Moment now) {
        if (!(order.request() instanceof Request.ToMonitor request)) {
            return;
        }
        Reply before = seen.putIfAbsent(order.id(), Reply.PENDING);
        if (before != null) {
            if (before.answer() != null) {
                fleet.bus().answer(order, before.answer(), before.positions());
            }
            return;
        }
        if (now.wall().isAfter(order.notAfter())) {
            refuse(order, Problem.of(504, "Too late", "the order was valid until " + order.notAfter()));
            return;
        }
        switch (request) {
            case Request.Monitor monitor -> monitored(order, monitor.instance(), true, now);
            case Request.Unmonitor unmonitor -> monitored(order, unmonitor.instance(), false, now);
            case Request.ShowInfo show -> show(order, show.section());
            case Request.Disarm disarm -> brake(order, true, disarm.reason(), now);
            case Request.Rearm rearm -> brake(order, false, rearm.reason(), now);
        }
    }

    private void monitored(Order order, @Nullable InstanceId instance, boolean monitored, Moment now) {
        Optional<ClusterWatch> watch = fleet.watched(order.cluster());
        if (watch.isEmpty() || (instance != null && !watch.get().instances().containsKey(instance))) {
            String what = instance == null ? order.cluster().value() : order.cluster() + "/" + instance;
            refuse(order, Problem.notFound(what + " is not watched"));
            return;
        }
        Turn turn = watch.get().monitored(instance, monitored, order.actor(), now);
        fleet.apply(
                order.cluster(),
                turn,
                now,
                position -> answer(order, new Answer.Done(), position.stream().toList()));
    }

    private void show(Order order, String section) {
        Optional<ClusterWatch> watch = fleet.watched(order.cluster());
        if (watch.isEmpty()) {
            refuse(order, Problem.notFound(order.cluster() + " is not watched"));
        } else if (!section.matches("[a-z]{1,32}")) {
            refuse(order, Problem.of(422, "Invalid request", "a section of INFO is a word of lower case letters"));
        } else {
            fleet.lines()
                    .info(
                            watch.get().roster(),
                            section,
                            figures -> answer(order, new Answer.Shown(figures), List.of()));
        }
    }

    private void brake(Order order, boolean disarm, String reason, Moment now) {
        if (!order.cluster().equals(ClusterName.FLEET)) {
            refuse(order, Problem.of(422, "Invalid request", "the brake is the whole fleet's"));
            return;
        }
        if (!disarm) {
            fleet.pardon();
        }
        fleet.brake()
                .set(
                        disarm,
                        reason,
                        order.actor(),
                        now,
                        (record, position) -> answer(
                                order,
                                new Answer.Brake(record),
                                position.stream().toList()));
    }

    private void refuse(Order order, Problem problem) {
        answer(order, new Answer.Refused(problem), List.of());
    }

    private void answer(Order order, Answer answer, List<Position> positions) {
        seen.replace(order.id(), new Reply(answer, positions));
        fleet.bus().answer(order, answer, positions);
    }
}
