package io.redfleet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchVerbsTest {
    @TempDir
    Path dir;

    private PlayedGateway gateway;

    @BeforeEach
    void open() throws IOException {
        gateway = new PlayedGateway(dir);
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void statusIsMonitsLayoutForPeopleAndItemsForPrograms() {
        gateway.on(
                "GET /status?cluster=orders&instance=r1%2Fredis-server",
                exchange -> {
                    boolean text =
                            exchange.getRequestHeaders().getFirst("Accept").equals("text/plain");
                    PlayedGateway.send(
                            exchange,
                            200,
                            text ? "text/plain;charset=UTF-8" : "application/json",
                            text ? "Process 'x'\n  status OK\n" : "{\"items\":[]}");
                });
        assertThat(gateway.run("status", "orders/r1/redis-server").out()).isEqualTo("Process 'x'\n  status OK\n");
        assertThat(gateway.run("status", "orders/r1/redis-server", "-o", "json").out())
                .isEqualToIgnoringWhitespace("{\"items\":[]}");
    }

    @Test
    void anInstanceIsOrderedByItsThreePartName() {
        gateway.on(
                "POST /clusters/orders/instances/r1/redis-server/restart",
                202,
                "{\"cluster\":\"orders\",\"operation\":\"op-1\",\"state\":\"accepted\"}");
        var ran = gateway.run("restart", "orders/r1/redis-server", "--confirm", "orders");
        assertThat(ran.exit()).isZero();
        assertThat(gateway.asked.get(0).body()).isEqualTo("{\"confirm\":\"orders\"}");
    }

    @Test
    void aNameCannotLeaveItsPlaceInThePath() {
        assertThat(gateway.run("show", "../tokens?x=").exit()).isEqualTo(1);
        assertThat(gateway.asked.get(0).target()).isEqualTo("/clusters/..%2Ftokens%3Fx%3D");
    }

    @Test
    void monitorAllTriesEveryClusterAndTellsTheWorst() {
        gateway.on("GET /clusters?limit=1000", 200, "{\"items\":[{\"name\":\"a\"},{\"name\":\"b\"}],\"next\":null}");
        gateway.on("POST /clusters/b/monitor", 200, "{}");
        var ran = gateway.run("monitor", "all");
        assertThat(ran.exit()).isEqualTo(1);
        assertThat(ran.err()).contains("Not found", "b: monitored");
    }

    @Test
    void whoWasStoppedOnPurposeIsNamedAndNotStarted() {
        gateway.on(
                "POST /clusters/orders/monitor",
                200,
                "{\"cluster\":\"orders\",\"monitored\":true,\"stopped\":[\"r2/redis-server\"]}");
        var ran = gateway.run("monitor", "orders");
        assertThat(ran.exit()).isZero();
        assertThat(ran.err())
                .contains("orders: monitored", "stopped on purpose", "redfleet start orders/r2/redis-server");
    }

    @Test
    void aGroupIsMonitoredInstanceByInstance() {
        gateway.on("GET /status?group=data", 200, """
                {"items":[{"cluster":"orders","id":"r1/redis-server"},{"cluster":"carts","id":"c1/redis-server"}]}""");
        gateway.on("POST /clusters/orders/instances/r1/redis-server/unmonitor", 200, "{}");
        gateway.on("POST /clusters/carts/instances/c1/redis-server/unmonitor", 200, "{}");
        var ran = gateway.run("unmonitor", "-g", "data");
        assertThat(ran.exit()).isZero();
        assertThat(ran.err()).contains("orders/r1/redis-server: unmonitored", "carts/c1/redis-server: unmonitored");
    }

    @Test
    void aCheckOfAHostIsNamedLikeAnInstance() {
        gateway.on(
                "GET /status?cluster=orders&instance=r1%2Fdisk",
                exchange -> {
                    boolean text =
                            exchange.getRequestHeaders().getFirst("Accept").equals("text/plain");
                    PlayedGateway.send(
                            exchange,
                            200,
                            text ? "text/plain;charset=UTF-8" : "application/json",
                            text
                                    ? "Filesystem 'orders/r1/disk'\n"
                                    : "{\"items\":[],\"hosts\":[{\"id\":\"r1/disk\",\"kind\":\"FILESYSTEM\"}]}");
                });
        assertThat(gateway.run("status", "orders/r1/disk").out()).isEqualTo("Filesystem 'orders/r1/disk'\n");
        assertThat(gateway.run("status", "orders/r1/disk", "-o", "json").out())
                .isEqualToIgnoringWhitespace("{\"items\":[],\"hosts\":[{\"id\":\"r1/disk\",\"kind\":\"FILESYSTEM\"}]}");
    }

    /** As a gateway answers that lays nothing out. */
    @Test
    void withoutALayoutEachIsALine() {
        gateway.on("GET /summary", 200, """
                {"items":[{"cluster":"orders","id":"r1/redis-server","status":"OK"}],
                 "hosts":[{"cluster":"orders","id":"r1/disk","status":"Waiting"}]}""");
        assertThat(gateway.run("summary").out()).isEqualTo("""
                        orders/r1/redis-server                   OK
                        orders/r1/disk                           Waiting
                        """);
    }

    @Test
    void ofAGroupOnlyInstancesAreOrderedAndWhereThereAreNoneThatIsSaid() {
        gateway.on("GET /status?group=all", 200, """
                {"items":[{"cluster":"orders","id":"r1/redis-server"}],"hosts":[{"cluster":"orders","id":"r1/disk"}]}""");
        gateway.on("POST /clusters/orders/instances/r1/redis-server/unmonitor", 200, "{}");
        assertThat(gateway.run("unmonitor", "-g", "all").exit()).isZero();
        assertThat(gateway.asked).noneMatch(asked -> asked.target().contains("disk"));

        gateway.on("GET /status?group=disks", 200, """
                {"items":[],"hosts":[{"cluster":"orders","id":"r1/disk"}]}""");
        int asked = gateway.asked.size();
        for (String verb : new String[] {"monitor", "unmonitor", "restart"}) {
            var ran = gateway.run(verb, "-g", "disks");
            assertThat(ran.exit()).isEqualTo(1);
            assertThat(ran.err()).contains("In this group are checks of hosts alone");
        }
        assertThat(gateway.asked).as("looked, and ordered nothing").hasSize(asked + 3);
    }

    @Test
    void manyAreRestartedInTurnAndWhatIsRefusedIsLeftAsItIs() {
        gateway.on("GET /status?cluster=orders", 200, """
                {"items":[{"cluster":"orders","id":"r1/redis-server"},{"cluster":"orders","id":"r2/redis-server"},
                          {"cluster":"orders","id":"r3/redis-server"},{"cluster":"orders","id":"r4/redis-server"}]}""");
        gateway.on(
                "POST /clusters/orders/instances/r1/redis-server/restart?wait=true",
                409,
                "{\"title\":\"Conflict\",\"status\":409,\"detail\":\"switch over first\"}");
        for (String host : new String[] {"r2", "r3"}) {
            gateway.on(
                    "POST /clusters/orders/instances/" + host + "/redis-server/restart?wait=true",
                    202,
                    "{\"cluster\":\"orders\",\"operation\":\"op-" + host + "\",\"state\":\"accepted\"}");
        }
        gateway.on("GET /operations/op-r2", 200, over("SUCCEEDED", "done"));
        gateway.on("GET /operations/op-r3", 200, over("FAILED", "no disk"));

        var ran = gateway.run("restart", "orders");

        assertThat(ran.exit()).isEqualTo(1);
        assertThat(ran.err())
                .contains("switch over first", "op-r2 SUCCEEDED", "op-r3 FAILED", "The rest was left as it is");
        assertThat(gateway.asked).noneMatch(asked -> asked.target().contains("/r4/"));
        assertThat(gateway.run("restart", "orders", "--confirm", "orders").exit())
                .isEqualTo(2);
        assertThat(gateway.run("restart").exit()).isEqualTo(2);
    }

    @Test
    void eachOfManyTakesItsTurnThoughNobodyAsksToWait() {
        gateway.on("GET /status?group=data", 200, """
                {"items":[{"cluster":"orders","id":"r1/redis-server"},{"cluster":"orders","id":"r2/redis-server"},
                          {"cluster":"carts","id":"c1/redis-server"}]}""");
        for (String of : new String[] {"orders/instances/r1", "orders/instances/r2", "carts/instances/c1"}) {
            gateway.on(
                    "POST /clusters/" + of + "/redis-server/restart?wait=true",
                    202,
                    "{\"cluster\":\"orders\",\"operation\":\"op-1\",\"state\":\"accepted\"}");
        }
        gateway.on("GET /operations/op-1", 200, over("SUCCEEDED", "done"));

        var ran = gateway.run("restart", "-g", "data");

        assertThat(ran.exit()).as(ran.err()).isZero();
        assertThat(gateway.asked.stream().filter(asked -> asked.method().equals("POST")))
                .hasSize(3)
                .allSatisfy(asked -> assertThat(asked.target()).endsWith("/restart?wait=true"));
    }

    private static String over(String status, String reason) {
        return "{\"status\":\"" + status + "\",\"reason\":\"" + reason
                + "\",\"finishedAt\":\"2026-03-01T11:00:00Z\",\"steps\":[]}";
    }

    @Test
    void reportIsMonitsLinesOrOneNumber() {
        gateway.on("GET /report", exchange -> {
            boolean text = exchange.getRequestHeaders().getFirst("Accept").equals("text/plain");
            PlayedGateway.send(
                    exchange,
                    200,
                    text ? "text/plain;charset=UTF-8" : "application/json",
                    text ? "up:             5 (71.4%)\n" : "{\"up\":5,\"down\":2,\"total\":7}");
        });
        assertThat(gateway.run("report").out()).isEqualTo("up:             5 (71.4%)\n");
        assertThat(gateway.run("report", "down").out()).isEqualTo("2\n");
        assertThat(gateway.run("report", "asleep").exit()).isEqualTo(2);
    }

    @Test
    void aFailoverIsATimelineInMilliseconds() {
        gateway.on("GET /failovers/f-1", 200, """
                {"id":"f-1","cluster":"orders","epoch":3,"oldMaster":{"host":"127.0.0.11","port":7001},
                 "newMaster":{"host":"127.0.0.12","port":7001},"inferred":false,"startedAt":"2026-03-01T11:00:00.5Z",
                 "completedAt":"2026-03-01T11:00:04Z","writeOutageMillis":2310,"addressOutageMillis":3100,"lossBoundBytes":-1,
                 "timeline":[{"offsetMillis":0,"witness":"monitor","what":"connection lost"},
                             {"offsetMillis":2110,"witness":"s1","what":"+odown"}]}""");
        assertThat(gateway.run("failover", "show", "f-1").out()).isEqualTo("""
                        failover f-1 of orders, epoch 3
                          127.0.0.11:7001 -> 127.0.0.12:7001, started 2026-03-01T11:00:00.500Z

                               +0 ms  monitor                connection lost
                            +2110 ms  s1                     +odown

                          from the old master's last answer to the promotion            2310 ms
                          from the old master's last answer to Sentinel's new address   3100 ms
                          of acknowledged writes lost at most                           unknown
                        """);
    }

    @Test
    void eventsAreReadDownwardsInTime() {
        gateway.on("GET /events?cluster=orders&from=2026-03-01T11%3A00%3A00Z&limit=200", 200, """
                {"items":[
                  {"id":"2","type":"io.redfleet.command.sent.v1","time":"2026-03-01T11:30:01Z","subject":"orders",
                   "reason":"restart","actor":{"name":"kim","tokenId":"t1"}},
                  {"id":"1","type":"io.redfleet.instance.down.v1","time":"2026-03-01T11:30:00.25Z",
                   "subject":"orders/r1/redis-server","reason":"connection refused","actor":null}],"next":null}""");
        var ran = gateway.run("events", "--since", "1h", "--cluster", "orders");
        assertThat(ran.out()).isEqualTo("""
                        2026-03-01T11:30:00.250Z  instance.down            orders/r1/redis-server       connection refused
                        2026-03-01T11:30:01.000Z  command.sent             orders                       restart  (by kim)
                        """);
    }

    @Test
    void alertsAreATable() {
        gateway.on("GET /alerts?limit=1000&state=OPEN", 200, """
                {"items":[{"id":"i-1","cluster":"orders","severity":"CRITICAL","state":"OPEN","cause":"master-down",
                  "openedAt":"2026-03-01T11:59:50Z","summary":"the master is gone"}],"next":null}""");
        assertThat(gateway.run("alerts", "--state", "open").out()).isEqualTo("""
                        ID   CLUSTER  SEVERITY  STATE  OPENED   CAUSE        SUMMARY
                        i-1  orders   CRITICAL  OPEN   10s ago  master-down  the master is gone
                        """);
        gateway.on("POST /alerts/i-1/acknowledge", 200, "{}");
        assertThat(gateway.run("ack", "i-1").out()).isEqualTo("i-1: acknowledged\n");
    }
}
