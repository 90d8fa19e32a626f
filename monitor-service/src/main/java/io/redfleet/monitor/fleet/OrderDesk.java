package io.redfleet.monitor.fleet;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.Label;
import io.redfleet.contracts.health.FleetBrake;
import io.redfleet.contracts.health.LabelAnswer;
import io.redfleet.contracts.health.LabelBrake;
import io.redfleet.contracts.wire.CommandId;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Position;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Request;
import io.redfleet.monitor.clock.Moment;
import io.redfleet.monitor.watch.ClusterWatch;
import io.redfleet.monitor.watch.Turn;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Carries out what people ask of the monitor. Every order gets one answer, and is done once that is on the bus: what this
 * process has not brought so far when it dies, or when the cluster becomes another's, the next owner reads again. An order
 * that is read again is known by what its effect left behind ({@link ClusterWatch#includes}, {@link Brake#includes}).
 *
 * <p>Orders do not wait for each other: one whose outcome is stuck keeps its place on the bus, and those behind it are
 * carried out and answered all the same. Runs on the fleet's thread.
 */
public final class OrderDesk {
    /** Enough for every order that could still be read a second time: they are seldom, and the bus repeats only the last. */
    private static final int SEEN_MAX = 1_000;

    /** They come at the pace of people and their scripts, and stay for seconds, in a tilt for half a minute. */
    static final int OPEN_MAX = 1_000;

    /** Between two tries to bring an outcome to the bus. */
    static final Duration AGAIN = Duration.ofSeconds(1);

    /** So many are under way again at a time: each may keep the sender waiting for 2 s while there is no broker. */
    private static final int AT_ONCE = 8;

    /** As long as facts wait for a broker that is away. Then the order counts as done, and its outcome is lost. */
    static final Duration KEPT = Duration.ofDays(1);

    private record Reply(Answer answer, List<Position> positions) {}

    private final Fleet fleet;
    private final Map<CommandId, Open> open = new LinkedHashMap<>();
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

    /**
     * An order that comes twice is carried out once and answered twice, with the same answer. While the first is still open,
     * its own place on the bus is enough.
     *
     * @param done called when the order need not be read again
     */
    public void take(Order order, Runnable done, Moment now) {
        if (!(order.request() instanceof Request.ToMonitor request) || open.containsKey(order.id())) {
            done.run();
            return;
        }
        if (open.size() >= OPEN_MAX) {
            // Tried once: what comes of it is no reason to keep one more.
            Problem problem = Problem.of(503, "Too many orders", OPEN_MAX + " orders wait for their outcome already");
            fleet.bus().answer(order, new Answer.Refused(problem), List.of(), position -> done.run());
            return;
        }
        Open taken = new Open(order, done, now);
        open.put(order.id(), taken);
        Reply before = seen.get(order.id());
        if (before != null) {
            taken.answer(before);
            return;
        }
        switch (request) {
            case Request.Monitor monitor -> monitored(taken, monitor.instance(), true);
            case Request.Unmonitor unmonitor -> monitored(taken, unmonitor.instance(), false);
            case Request.ShowInfo show -> show(taken, show.section());
            case Request.Disarm disarm -> brake(taken, true, disarm.reason(), null);
            case Request.Rearm rearm -> brake(taken, false, rearm.reason(), null);
            case Request.DisarmLabel disarm -> brake(taken, true, disarm.reason(), disarm.label());
            case Request.RearmLabel rearm -> brake(taken, false, rearm.reason(), rearm.label());
        }
    }

    /** What did not reach the bus is sent again. */
    public void tick(Moment now) {
        long underWay = open.values().stream().filter(each -> each.underWay).count();
        for (Open each : List.copyOf(open.values())) {
            if (now.atLeast(KEPT, each.at)) {
                each.close();
            } else if (underWay < AT_ONCE && each.sentAgain(now)) {
                underWay++;
            }
        }
    }

    /** Another process carries out the orders of these, those included that wait here. */
    public void released(Predicate<ClusterName> clusters) {
        open.values().removeIf(each -> clusters.test(each.order.cluster()));
    }

    private void monitored(Open taken, @Nullable InstanceId instance, boolean monitored) {
        Order order = taken.order;
        Optional<ClusterWatch> watch = fleet.watched(order.cluster());
        boolean known = watch.isPresent() && watch.get().includes(order.id());
        if (!known && taken.isTooLate()) {
            return;
        }
        if (watch.isEmpty() || (instance != null && !watch.get().instances().containsKey(instance))) {
            String what = instance == null ? order.cluster().value() : order.cluster() + "/" + instance;
            taken.refuse(Problem.notFound(what + " is not watched"));
            return;
        }
        boolean failed =
                fleet.failsAt(order.cluster(), taken.at, () -> monitored(taken, watch.get(), instance, monitored));
        if (failed) {
            taken.refuse(Problem.of(500, "Failed", "the watch of " + order.cluster() + " has failed at this order"));
        }
    }

    private void monitored(Open taken, ClusterWatch watch, @Nullable InstanceId instance, boolean monitored) {
        Order order = taken.order;
        Turn turn = watch.includes(order.id())
                ? new Turn(watch, List.of(), List.of(), List.of())
                : watch.monitored(order.id(), instance, monitored, order.actor(), taken.at);
        fleet.apply(order.cluster(), turn, taken.at, position -> {
            if (position.isPresent()) {
                taken.answer(new Reply(new Answer.Done(), List.of(position.get())));
            } else {
                taken.refuse(Problem.notFound(order.cluster() + " is not watched any more"));
            }
        });
    }

    private void show(Open taken, String section) {
        if (taken.isTooLate()) {
            return;
        }
        ClusterName cluster = taken.order.cluster();
        Optional<ClusterWatch> watch = fleet.watched(cluster);
        if (watch.isEmpty()) {
            taken.refuse(Problem.notFound(cluster + " is not watched"));
        } else if (!section.matches("[a-z]{1,32}")) {
            taken.refuse(Problem.of(422, "Invalid request", "a section of INFO is a word of lower case letters"));
        } else {
            fleet.lines()
                    .info(
                            watch.get().roster(),
                            section,
                            figures -> taken.answer(new Reply(new Answer.Shown(figures), List.of())));
        }
    }

    private void brake(Open taken, boolean disarm, String reason, @Nullable Label label) {
        Order order = taken.order;
        if (!order.cluster().equals(ClusterName.FLEET)) {
            taken.refuse(Problem.of(422, "Invalid request", "the brake is the whole fleet's"));
            return;
        }
        Brake brake = fleet.brake();
        Brake.Wish wish = new Brake.Wish(disarm, reason, order.actor(), order.id(), label);
        brake.whenKnown(() -> {
            boolean known = brake.includes(order.id());
            if (!known && taken.isTooLate()) {
                return;
            }
            Optional<Problem> refusal = known ? Optional.empty() : brake.refusal(wish);
            if (refusal.isPresent()) {
                taken.refuse(refusal.get());
                return;
            }
            if (!disarm && !known && label == null) {
                fleet.pardon();
            }
            String note = known ? "" : brake.note(wish);
            brake.set(
                    wish,
                    taken.at,
                    (record, position) -> taken.answer(new Reply(
                            answer(label, note, record), position.stream().toList())));
        });
    }

    private static Answer answer(@Nullable Label label, String note, FleetBrake record) {
        if (label == null) {
            return new Answer.Brake(record);
        }
        LabelBrake on = record.labelled().of(label).orElse(null);
        return new Answer.OfLabel(new LabelAnswer(label, on != null, note, on));
    }

    /** An order and its way to the bus. One that is not on the desk any more hears what comes late, and does nothing. */
    private final class Open {
        final Order order;
        final Moment at;
        private final Runnable done;
        private @Nullable Reply reply;
        private boolean underWay;
        private @Nullable Moment failedAt;

        Open(Order order, Runnable done, Moment at) {
            this.order = order;
            this.done = done;
            this.at = at;
        }

        boolean isTooLate() {
            boolean late = at.wall().isAfter(order.notAfter());
            if (late) {
                refuse(Problem.of(504, "Too late", "the order was valid until " + order.notAfter()));
            }
            return late;
        }

        void refuse(Problem problem) {
            answer(new Reply(new Answer.Refused(problem), List.of()));
        }

        void answer(Reply given) {
            if (isHere() && reply == null) {
                reply = given;
                seen.put(order.id(), given);
                send(given);
            }
        }

        /** Whether it was time to. */
        boolean sentAgain(Moment now) {
            Reply given = reply;
            if (given == null || underWay) {
                return false;
            }
            Moment failed = failedAt;
            if (failed == null) {
                failedAt = now;
                return false;
            }
            boolean time = now.atLeast(AGAIN, failed);
            if (time) {
                failedAt = null;
                send(given);
            }
            return time;
        }

        private void send(Reply given) {
            underWay = true;
            fleet.bus().answer(order, given.answer(), given.positions(), position -> {
                underWay = false;
                if (position.isPresent() && isHere()) {
                    close();
                }
            });
        }

        private void close() {
            open.remove(order.id());
            done.run();
        }

        private boolean isHere() {
            return equals(open.get(order.id()));
        }
    }
}
