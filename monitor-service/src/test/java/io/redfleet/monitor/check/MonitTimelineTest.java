package io.redfleet.monitor.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.monitor.check.Timeline.Cycle;
import io.redfleet.monitor.check.Timeline.Row;
import io.redfleet.monitrc.ControlFile;
import io.redfleet.monitrc.Monitrc;
import io.redfleet.monitrc.Reading;
import io.redfleet.monitrc.Rule;
import io.redfleet.monitrc.Test.Connection;
import io.redfleet.monitrc.Test.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What real Monit did with the same observations: the same is asked for and told in the same cycles. */
class MonitTimelineTest {
    private static final String ARTICLE = """
            check process redis-server with pidfile "/run/redis.pid"
              start program = "/etc/init.d/redis-server start"
              stop program = "/etc/init.d/redis-server stop"
              if failed host 127.0.0.1 port 6379 then restart
              if 5 restarts within 5 cycles then timeout
            """;

    private static final Map<String, String> FILES = Map.of(
            "S15b",
            ARTICLE.replace("server start\"", "server start\" with timeout 1 seconds"),
            "S18b",
            ARTICLE + "  if changed pid then alert\n",
            "S4",
            ARTICLE.replace("6379", "6379 protocol redis"),
            "S6",
            ARTICLE.replace("redis-server", "redis-sentinel")
                    .replace("with pidfile \"/run/redis.pid\"", "matching \"redis-sentinel\""),
            "S7",
            """
            check process redis-server with pidfile "/run/redis.pid"
              start program = "/etc/init.d/redis-server start" with timeout 3 seconds
              stop program = "/etc/init.d/redis-server stop"
              if failed port 6379 protocol redis retry 2 for 3 cycles then restart
            check host redis-ratio with address 127.0.0.1
              if failed port 6379 protocol redis for 2 times within 4 cycles then alert
            check host redis-plain with address 127.0.0.1
              if failed port 6379 then alert else if succeeded for 2 cycles then alert
            """,
            "S9",
            """
            check process redis-server with pidfile "/run/redis.pid"
              start program = "/etc/init.d/redis-server start"
              stop program = "/etc/init.d/redis-server stop"
              if failed port 6379 then restart
            check program after-redis with path "/usr/local/bin/after-redis"
              depends on redis-server
              every 2 cycles
              if status != 0 then alert
            check process redis-passive with pidfile "/run/redis.pid"
              mode passive
              if 3 restarts within 3 cycles then unmonitor
            check host dep-host with address 127.0.0.1
              depends on redis-server
              if failed port 6379 protocol redis then alert
            """,
            "S10",
            ARTICLE + """
            check process redis-b with pidfile "/run/redis-b.pid"
              mode passive
            check program prog with path "/usr/local/bin/prog"
              if status != 0 then alert
            """);

    private static int compared;

    @AfterAll
    static void somethingWasCompared() {
        assertThat(compared).as("events and deeds of all timelines").isGreaterThan(150);
    }

    static List<Timeline> timelines() {
        return Timeline.all();
    }

    @ParameterizedTest
    @MethodSource("timelines")
    void itDecidesAndTellsWhatMonitDoes(Timeline timeline) {
        Replay replay = new Replay(FILES.getOrDefault(timeline.scenario(), ARTICLE));
        for (Cycle cycle : timeline.cycles()) {
            replay.cycle(cycle);
        }
        compared += replay.compared;
    }

    /** Feeds what Monit saw, service by service, and what came of its deeds at once, as Monit waits for them. */
    private static final class Replay {
        private static final Duration LONG_UP = Duration.ofDays(1);

        private final Plan plan;
        private Map<String, ServiceState> states;
        private Instant now = Instant.EPOCH;
        private int compared;

        Replay(String file) {
            Reading reading = Monitrc.read(file);
            assertThat(reading.faults()).isEmpty();
            ControlFile read = reading.file();
            plan = Plan.of(read, 0);
            states = plan.fresh();
        }

        void cycle(Cycle cycle) {
            now = now.plusSeconds(2);
            Round round = new Round(plan, states, now);
            for (Service service : plan.services()) {
                List<Row> rows = cycle.rows().getOrDefault(service.name(), List.of());
                Story said = said(round);
                replay(round, service, rows);
                Story now = said(round);
                List<String> told = now.told.subList(said.told.size(), now.told.size());
                List<String> deeds = now.deeds.subList(said.deeds.size(), now.deeds.size());
                String which = "cycle " + cycle.number() + " of " + service.name() + ": " + rows;
                assertThat(told).as(which).isEqualTo(events(rows));
                assertThat(deeds).as(which).isEqualTo(deeds(rows));
                compared += told.size() + deeds.size();
            }
            states = round.end().states();
        }

        private void replay(Round round, Service service, List<Row> rows) {
            // Monit says that it watches a child again before it judges it; the engine has done so with its parent's
            // start.
            List<Row> rest =
                    rows.stream().filter(row -> !row.what().equals("monitor")).toList();
            replayed(round, service, rest);
        }

        private void replayed(Round round, Service service, List<Row> rows) {
            List<Row> seen = rows.stream().takeWhile(Row::isSeen).toList();
            round.judge(service.name(), seen(service, seen));
            Deed.Verb verb = Deed.Verb.RESTART;
            Deed.Cause cause = Deed.Cause.RULE;
            for (int i = seen.size(); i < rows.size(); i++) {
                String what = rows.get(i).what();
                if (what.startsWith("asked ")) {
                    Wish wish = Wish.valueOf(what.substring(6).toUpperCase(Locale.ROOT));
                    round.ask(service.name(), wish);
                    cause = Deed.Cause.PERSON;
                    verb = wish == Wish.MONITOR || wish == Wish.UNMONITOR ? verb : Deed.Verb.valueOf(wish.name());
                } else if (what.equals("start succeeded")
                        || (what.equals("stop succeeded") && verb == Deed.Verb.STOP)) {
                    List<Row> fresh = rows.subList(i + 1, rows.size()).stream()
                            .takeWhile(Row::isSeen)
                            .toList();
                    round.ended(service.name(), verb, cause, "", seen(service, fresh));
                } else if (what.endsWith(" failed")) {
                    round.ended(service.name(), verb, cause, "failed to start", seen(service, List.of()));
                } else if (what.equals("unmonitor")) {
                    assertThat(round.end().states().get(service.name()))
                            .isEqualTo(ServiceState.fresh(service, Watched.NOT));
                }
            }
        }

        private Seen seen(Service service, List<Row> rows) {
            Presence presence = Presence.UNKNOWN;
            Result connection = Result.NONE;
            Result status = Result.NONE;
            Duration uptime = LONG_UP;
            long pid = 0;
            boolean zombie = false;
            for (Row row : rows) {
                String[] word = row.what().split(" ", 3);
                switch (word[0]) {
                    case "present" -> pid = Long.parseLong(word[1]);
                    case "absent" -> presence = Presence.ABSENT;
                    case "zombie" -> zombie = true;
                    case "paused" -> uptime = service.grace().minusSeconds(Long.parseLong(word[1]));
                    case "connected" -> connection = Result.passed("");
                    case "not" -> connection = Result.failed(word[2]);
                    case "status" -> status = word[1].equals("failed") ? Result.failed("") : Result.passed("");
                    default -> {}
                }
            }
            if (pid > 0) {
                presence = new Presence.Present(pid, 1, uptime, zombie);
            }
            List<Result> results = new ArrayList<>();
            for (Rule rule : service.rules()) {
                results.add(
                        rule.test() instanceof Connection
                                ? connection
                                : rule.test() instanceof Status ? status : Result.NONE);
            }
            return new Seen(presence, results);
        }

        private static List<String> events(List<Row> rows) {
            return rows.stream()
                    .map(Row::event)
                    .filter(event -> !event.isEmpty())
                    .map(event -> event.equals("Status") ? "Status/failed" : event)
                    .toList();
        }

        private static List<String> deeds(List<Row> rows) {
            List<String> deeds = new ArrayList<>();
            for (Row row : rows) {
                switch (row.what()) {
                    case "restart" -> deeds.add("RESTART");
                    case "asked start" -> deeds.add("START");
                    case "asked stop" -> deeds.add("STOP");
                    default -> {}
                }
            }
            return deeds;
        }

        private record Story(List<String> told, List<String> deeds) {}

        private static Story said(Round round) {
            Turn turn = round.end();
            return new Story(
                    turn.told().stream().map(Replay::event).toList(),
                    turn.deeds().stream().map(deed -> deed.verb().name()).toList());
        }

        private static String event(Told told) {
            String kind = switch (told.kind()) {
                case NONEXIST -> "NonExist";
                case TIMEOUT -> "Timeout";
                case CONNECTION -> "Connection";
                case DATA -> "Data";
                case EXEC -> "Exec";
                case ACTION -> "Action";
                case PID -> "Pid";
                case STATUS -> "Status";
                case PPID, UPTIME, RESOURCE, ICMP, EXIST -> told.kind().name();
            };
            return kind + "/" + told.change().name().toLowerCase(Locale.ROOT);
        }
    }
}
