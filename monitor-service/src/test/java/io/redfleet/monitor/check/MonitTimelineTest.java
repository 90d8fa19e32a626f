package io.redfleet.monitor.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.monitor.check.Timeline.Cycle;
import java.util.List;
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
            replay.cycle(cycle, Replay::seen);
        }
        compared += replay.compared();
    }
}
