package io.redfleet.alert.desk;

import static io.redfleet.contracts.health.ReplicationRole.MASTER;
import static io.redfleet.contracts.health.ReplicationRole.REPLICA;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.alert.Story;
import io.redfleet.alert.delivery.Answer;
import io.redfleet.alert.desk.Memory.Row;
import io.redfleet.alert.route.ReceiverName;
import io.redfleet.alert.route.Repeat;
import io.redfleet.alert.route.Route;
import io.redfleet.alert.route.Routes;
import io.redfleet.contracts.alert.Incident;
import io.redfleet.contracts.alert.Incident.State;
import io.redfleet.contracts.alert.IncidentId;
import io.redfleet.contracts.alert.Severity;
import io.redfleet.contracts.event.Fact;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Clusters break and mend, people acknowledge, receivers fail, the service dies in the middle of its work and is away for
 * hours. Whoever is reminded is reminded of what lasts, in its period, under a key of its own. {@code -Dseed=N} plays one
 * again.
 */
class ReminderSimulationTest {
    private static final int SEEDS = 200;
    private static final int STEPS = 250;
    private static final String R1 = "r1/redis-server";
    private static final String R2 = "r2/redis-server";

    private static final Map<ReceiverName, Duration> PERIODS =
            Map.of(new ReceiverName("pager"), Duration.ofMinutes(10), new ReceiverName("chat"), Duration.ofHours(1));
    private static final ReceiverName DIARY = new ReceiverName("diary");
    private static final List<Route> ROUTES = List.of(
            new Route(new ReceiverName("pager"), Severity.CRITICAL, new Repeat.Every(Duration.ofMinutes(10))),
            new Route(new ReceiverName("chat"), Severity.WARNING, new Repeat.Every(Duration.ofHours(1))),
            new Route(DIARY, Severity.WARNING, new Repeat.Never()));

    private int reminders;
    private int withheld;
    private int deaths;
    private int outages;

    @Test
    void nobodyIsRemindedTooEarlyTwiceOrOfWhatIsOver() {
        long one = Long.getLong("seed", 0);
        for (long seed = Math.max(one, 1); seed <= (one == 0 ? SEEDS : one); seed++) {
            try {
                new Run(seed).play();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("-Dseed=" + seed, e);
            }
        }
        System.out.printf(
                "reminders: %d, withheld or withdrawn %d, deaths %d, outages %d%n",
                reminders, withheld, deaths, outages);
        if (one == 0) {
            assertThat(reminders).isGreaterThan(10 * SEEDS);
            assertThat(withheld).isGreaterThan(SEEDS / 2);
            assertThat(deaths).isGreaterThan(10 * SEEDS);
            assertThat(outages).isGreaterThan(SEEDS);
        }
    }

    private record Line(IncidentId incident, ReceiverName receiver) {}

    private final class Run {
        private final Random random;
        private final World world;
        private final List<Story> stories =
                IntStream.range(0, 3).mapToObj(i -> Story.of("c" + i)).toList();
        private final Map<ReceiverName, Boolean> well = new HashMap<>();
        /** When the last notice was queued or taken, as this test saw it. */
        private final Map<Line, Instant> last = new HashMap<>();

        private final Map<Line, Integer> numbers = new HashMap<>();
        private final Map<String, Row> seen = new HashMap<>();
        private final Set<String> keys = new HashSet<>();
        /** Or over. */
        private final Set<IncidentId> acknowledged = new HashSet<>();

        Run(long seed) {
            random = new Random(seed);
            world = new World(new Routes(ROUTES), this::dies);
        }

        void play() {
            for (int step = 0; step < STEPS; step++) {
                boolean away = random.nextInt(60) == 0;
                outages += away ? 1 : 0;
                world.pass(away ? Duration.ofMinutes(random.nextInt(3_000)) : Duration.ofSeconds(random.nextInt(120)));
                happens();
                look();
                world.tick();
                look();
                deliver();
                look();
            }
            withheld += world.said("notification.withheld").size();
            settled();
        }

        private boolean dies() {
            boolean dies = random.nextInt(12) == 0;
            deaths += dies ? 1 : 0;
            return dies;
        }

        private void happens() {
            Story story = stories.get(random.nextInt(stories.size()));
            story.startingAt(world.now().minusSeconds(1));
            switch (random.nextInt(40)) {
                case 0 -> hear(story.down(R1, MASTER));
                case 1 -> hear(story.down(R2, REPLICA));
                case 2 -> hear(story.up(R1));
                case 3 -> hear(story.up(R2));
                case 4 -> hear(story.failoverStarted());
                case 5 -> hear(story.completed());
                case 6 -> acknowledge();
                default -> {
                    // Most of the time nothing happens.
                }
            }
        }

        /** A process that dies hears it again. */
        private void hear(Fact fact) {
            for (int i = 0; i < 10; i++) {
                world.hear(fact);
            }
        }

        private void acknowledge() {
            List<Incident> open = world.kept().all().stream()
                    .map(one -> one.incident())
                    .filter(it -> it.state() == State.OPEN)
                    .toList();
            if (!open.isEmpty()) {
                Incident one = open.get(random.nextInt(open.size()));
                world.acknowledge(one);
                world.acknowledge(one);
            }
        }

        private void deliver() {
            for (Route route : ROUTES) {
                if (random.nextInt(30) == 0) {
                    well.put(route.receiver(), random.nextBoolean());
                }
                boolean takes = well.getOrDefault(route.receiver(), true);
                world.deliver(route.receiver(), takes ? new Answer.Taken() : Answer.Again.because("HTTP 503"));
            }
        }

        /** What is new since the last look, in the order in which it was queued. */
        private void look() {
            for (Row row : world.kept().rows()) {
                String id = row.notice().key() + " to " + row.receiver();
                Row before = seen.put(id, row);
                var line = new Line(row.incident(), row.receiver());
                if (before == null) {
                    if (row.notice().reminder() > 0) {
                        judge(row, line);
                    }
                    last.merge(line, row.notice().at(), ReminderSimulationTest::later);
                }
                if (row.sent() && (before == null || before.queued())) {
                    last.merge(line, world.now(), ReminderSimulationTest::later);
                    assertThat(row.notice().reminder() > 0 && acknowledged.contains(row.incident()))
                            .as("%s taken though it was acknowledged or over before", id)
                            .isFalse();
                }
            }
            world.kept().all().stream()
                    .map(one -> one.incident())
                    .filter(it -> it.state() != State.OPEN)
                    .forEach(it -> acknowledged.add(it.id()));
        }

        private void judge(Row row, Line line) {
            reminders++;
            Incident incident = row.notice().incident();
            Duration period = Objects.requireNonNull(PERIODS.get(row.receiver()), "reminded of nothing");
            Instant before = Objects.requireNonNull(last.get(line), "nothing was told before");
            assertThat(incident.state()).isEqualTo(State.OPEN);
            assertThat(row.notice().at()).isEqualTo(world.now());
            assertThat(row.notice().at()).isAfterOrEqualTo(before.plus(period));
            assertThat(numbers.merge(line, 1, Integer::sum))
                    .isEqualTo(row.notice().reminder());
            assertThat(keys.add(row.notice().key())).as("a key of its own").isTrue();
            assertThat(world.kept().rows().stream()
                            .filter(other -> !other.equals(row)
                                    && other.queued()
                                    && other.incident().equals(row.incident())
                                    && other.receiver().equals(row.receiver())))
                    .as("nothing else is on its way to it")
                    .isEmpty();
        }

        /** Everybody is well and nobody dies: whatever is open is told again in its period, and nothing else is. */
        private void settled() {
            world.lives();
            ROUTES.forEach(route -> world.deliver(route.receiver(), new Answer.Taken()));
            world.tick();
            ROUTES.forEach(route -> world.deliver(route.receiver(), new Answer.Taken()));
            look();
            Map<Line, Integer> before = Map.copyOf(numbers);
            for (int minute = 0; minute < 120; minute++) {
                world.minutes(1, ROUTES.stream().map(Route::receiver).toArray(ReceiverName[]::new));
                look();
            }
            for (var one : world.kept().all()) {
                Incident incident = one.incident();
                PERIODS.forEach((receiver, period) -> {
                    var line = new Line(incident.id(), receiver);
                    int more = numbers.getOrDefault(line, 0) - before.getOrDefault(line, 0);
                    boolean reminded = incident.state() == State.OPEN
                            && last.containsKey(line)
                            && (incident.severity() == Severity.CRITICAL || period.equals(Duration.ofHours(1)));
                    int due = (int) Duration.ofHours(2).dividedBy(period);
                    if (reminded) {
                        assertThat(more).as("%s for %s", incident, receiver).isBetween(due - 1, due);
                    } else {
                        assertThat(more).as("%s for %s", incident, receiver).isZero();
                    }
                });
            }
        }
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
