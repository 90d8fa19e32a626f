package io.redfleet.monitor.edge.redis;

import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.contracts.cluster.WatchSpec;
import io.redfleet.monitor.clock.Moment;
import io.redfleet.monitor.fleet.Lines;
import io.redfleet.monitor.probe.Figures;
import io.redfleet.monitor.probe.Standing;
import io.redfleet.monitor.roster.Roster;
import io.redfleet.monitor.watch.Observation;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The lines of every cluster. All calls and all callbacks are on one event loop. */
public final class RedisLines implements Lines {
    private static final Duration BRISK = Duration.ofMillis(200);
    private static final long INFO_DEADLINE_MS = 2_000;

    /**
     * Between the beginnings of two lines. All at once, the first answers of thousands kept the loop from its ticks for seconds: no
     * time that could be trusted for half a minute.
     */
    private static final long APART_NANOS = 1_500_000;

    private final Vertx vertx;
    private final Dial dial;
    private final Supplier<Moment> clock;
    private final BiConsumer<ClusterName, Observation> sink;
    private final RandomGenerator jitter;
    private final Map<ClusterName, Map<InstanceId, Line>> lines = new HashMap<>();
    private final Map<ClusterName, Duration> periods = new HashMap<>();
    private final Set<ClusterName> hurried = new HashSet<>();
    private final Map<ClusterName, Roster> wanted = new HashMap<>();
    private final Passwords passwords = new Passwords();
    private long nextNanos = System.nanoTime();

    private static final class Line {
        private final Member member;
        private final NodeLine node;
        private final @Nullable Subscription subscription;
        private boolean begun;

        Line(Member member, NodeLine node, @Nullable Subscription subscription) {
            this.member = member;
            this.node = node;
            this.subscription = subscription;
        }

        void begin(long firstAfterMs) {
            begun = true;
            node.start(firstAfterMs);
            if (subscription != null) {
                subscription.start();
            }
        }

        void pace(Duration period) {
            if (begun) {
                node.pace(period);
            }
        }

        void close() {
            node.close();
            if (subscription != null) {
                subscription.close();
            }
        }
    }

    public RedisLines(
            Vertx vertx, Supplier<Moment> clock, RandomGenerator jitter, BiConsumer<ClusterName, Observation> sink) {
        this.vertx = vertx;
        this.dial = new Dial(vertx);
        this.clock = clock;
        this.jitter = jitter;
        this.sink = sink;
    }

    /** What the bus says of a cluster's probe password, before or after the cluster itself. */
    public void learn(ClusterName cluster, ClusterUid uid, Secret password) {
        Roster roster = wanted.get(cluster);
        if (passwords.learn(cluster, uid, password) && roster != null) {
            close(cluster);
            open(roster);
        }
    }

    /** A cluster whose password has not come yet is waited for: nothing is asked of it, and nothing said about it. */
    @Override
    public void open(Roster roster) {
        Roster before = wanted.get(roster.cluster());
        if (before != null && !before.user().equals(roster.user())) {
            // As another, or as nobody any more.
            close(roster.cluster());
        }
        wanted.put(roster.cluster(), roster);
        if (!passwords.opens(roster)) {
            return;
        }
        Map<InstanceId, Line> mine = lines.computeIfAbsent(roster.cluster(), name -> new LinkedHashMap<>());
        mine.values().removeIf(line -> {
            boolean gone = !line.member.equals(roster.members().get(line.member.id()));
            if (gone) {
                line.close();
            }
            return gone;
        });
        WatchSpec watch = roster.watch();
        periods.put(roster.cluster(), watch.probe());
        roster.members().values().forEach(member -> mine.computeIfAbsent(member.id(), id -> line(roster, member)));
    }

    @Override
    public void close(ClusterName cluster) {
        wanted.remove(cluster);
        Map<InstanceId, Line> mine = lines.remove(cluster);
        if (mine != null) {
            mine.values().forEach(Line::close);
        }
        periods.remove(cluster);
        hurried.remove(cluster);
    }

    @Override
    public void pace(ClusterName cluster, boolean brisk) {
        if (brisk) {
            hurried.add(cluster);
        } else {
            hurried.remove(cluster);
        }
        Duration period = period(cluster);
        lines.getOrDefault(cluster, Map.of()).values().forEach(line -> line.pace(period));
    }

    private Duration period(ClusterName cluster) {
        Duration usual = periods.getOrDefault(cluster, Duration.ofSeconds(1));
        return hurried.contains(cluster) && usual.compareTo(BRISK) > 0 ? BRISK : usual;
    }

    @Override
    public void info(Roster roster, String section, Consumer<Map<InstanceId, Map<String, String>>> answered) {
        Map<InstanceId, Map<String, String>> answers = new LinkedHashMap<>();
        boolean[] told = new boolean[1];
        Runnable tell = () -> {
            if (!told[0]) {
                told[0] = true;
                roster.members().keySet().forEach(id -> answers.putIfAbsent(id, Map.of("error", "no answer")));
                answered.accept(answers);
            }
        };
        long timer = vertx.setTimer(INFO_DEADLINE_MS, id -> tell.run());
        for (InstanceId id : roster.members().keySet()) {
            Line line = lines.getOrDefault(roster.cluster(), Map.of()).get(id);
            Wire wire = line == null ? null : line.node.wire();
            if (wire == null) {
                answers.put(id, Map.of("error", "not connected"));
            } else {
                wire.send("INFO", section).onComplete(info -> {
                    answers.put(
                            id,
                            info.succeeded()
                                    ? Figures.parse(info.result().string()).fields()
                                    : Map.of("error", Failures.text(info.cause())));
                    if (answers.size() == roster.members().size() && vertx.cancelTimer(timer)) {
                        tell.run();
                    }
                });
            }
        }
        if (answers.size() == roster.members().size() && vertx.cancelTimer(timer)) {
            tell.run();
        }
    }

    private Line line(Roster roster, Member member) {
        ClusterName cluster = roster.cluster();
        Target target = passwords.target(roster, member);
        boolean sentinel = member.role() == InstanceRole.SENTINEL;
        Consumer<Observation> report = observation -> sink.accept(cluster, observation);
        Subscription subscription = sentinel
                ? new Subscription(dial, target, report, clock.get().wall().toEpochMilli())
                : null;
        NodeLine node = new NodeLine(
                dial,
                target,
                roster.watch().probe(),
                sentinel ? greetings(member, report, subscription) : report,
                new SentinelAsk(member.id(), roster.sentinel().masterName(), clock, report));
        Line line = new Line(member, node, subscription);
        long firstAfterMs =
                1 + jitter.nextLong(Math.max(1, roster.watch().probe().toMillis()));
        long now = System.nanoTime();
        long waits = Math.max(0, nextNanos - now);
        nextNanos = now + waits + APART_NANOS;
        if (waits < 1_000_000) {
            line.begin(firstAfterMs);
        } else {
            vertx.setTimer(waits / 1_000_000, id -> begin(cluster, line, firstAfterMs));
        }
        return line;
    }

    /** Unless another line has taken its place, or none is wanted any more. */
    private void begin(ClusterName cluster, Line line, long firstAfterMs) {
        if (lines.getOrDefault(cluster, Map.of()).get(line.member.id()) == line) {
            line.begin(firstAfterMs);
            if (hurried.contains(cluster)) {
                line.pace(period(cluster));
            }
        }
    }

    /** A Sentinel that greets anew gets a fresh subscription, and is known for what it is. */
    private static Consumer<Observation> greetings(
            Member member, Consumer<Observation> report, @Nullable Subscription subscription) {
        boolean[] before = new boolean[1];
        return observation -> {
            report.accept(observation);
            if (observation instanceof Observation.Answered answered && answered.greeting() != null) {
                report.accept(new Observation.Stood(member.id(), Standing.SENTINEL));
                if (before[0] && subscription != null) {
                    subscription.renew();
                }
                before[0] = true;
            }
        };
    }
}
