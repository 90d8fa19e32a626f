package io.redfleet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExitStatusTest {
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
    void anAnswerIsZero() {
        gateway.on("GET /clusters?limit=1000", 200, "{\"items\":[],\"next\":null,\"stale\":false}");
        var ran = gateway.run("list");
        assertThat(ran.exit()).isZero();
        assertThat(gateway.asked.get(0).header("Authorization")).isEqualTo("Bearer " + PlayedGateway.TOKEN);
    }

    @Test
    void aRefusalIsOneAndShowsEachBrokenRuleOnALine() throws IOException {
        Path spec = Files.writeString(dir.resolve("orders.yaml"), "metadata: {name: orders}\n");
        gateway.on("PUT /clusters/orders", 422, """
                {"status":422,"title":"Invalid request","detail":"2 rule(s) broken","errors":[
                  {"field":"spec.sentinel.quorum","value":"9","rule":"at most the number of Sentinels, 3"},
                  {"field":"spec.redis.port","value":"0","rule":"between 1 and 65535"}]}""");
        var ran = gateway.run("apply", "-f", spec.toString());
        assertThat(ran.exit()).isEqualTo(1);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).isEqualTo("""
                        Invalid request (422)
                        2 rule(s) broken
                          spec.sentinel.quorum: 9: at most the number of Sentinels, 3
                          spec.redis.port: 0: between 1 and 65535
                        """);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "lst",
                "list --no-such-option",
                "show",
                "apply",
                "list -o xml",
                "start",
                "start orders/r1",
                "status orders/r1",
                "events --since yesterday",
                "events --limit 0",
                "plan",
                "plan orders -f x",
                "adopt --sentinel 127.0.0.1:1",
                "adopt --draft",
                "adopt --draft --sentinel 127.0.0.1:0",
                "adopt --draft --sentinel 127.0.0.1:99999",
                "adopt --draft --sentinel 127.0.0.1:1 --all --master orders",
                "adopt --draft --sentinel 127.0.0.1:1 --user somebody",
                "adopt --draft --sentinel 127.0.0.1:1 --password-file no-such-file",
                "adopt --draft --sentinel 127.0.0.1:1 --password-file - --sentinel-password-file -",
                "take-in",
                "take-in --sentinel 127.0.0.1 --all --master orders",
                "take-in --sentinel 127.0.0.1 --all --name orders",
                "take-in --sentinel 127.0.0.1 --user watcher",
                "take-in --sentinel 127.0.0.1 --label team",
                "take-in --sentinel 127.0.0.1 --wait --timeout soon",
                "verify",
                "delete orders",
                "delete orders --confirm payments",
                "delete orders --confirm orders --archive",
                "delete orders --dry-run --archive",
                "restart orders/r1/redis-server --timeout soon",
                "token",
                "token create --name x",
                "failover",
                "failover --to r2/redis-server",
                "failover show",
                "failover orders --wait --timeout soon",
                "roll",
                "secret rotate",
                "secret rotate orders --wait --timeout soon",
                "list --url ftp://example.org",
                "up"
            })
    void badUsageIsTwoAndAsksNobody(String line) {
        var ran = gateway.run(line.isEmpty() ? new String[0] : line.split(" "));
        assertThat(ran.exit()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).isNotBlank().doesNotContain("\tat ");
        assertThat(gateway.asked).isEmpty();
    }

    @Test
    void nobodyThereIsThree() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            gateway.env.put("REDFLEET_URL", "http://127.0.0.1:" + taken.getLocalPort());
            taken.close();
            var ran = gateway.run("list");
            assertThat(ran.exit()).isEqualTo(3);
            assertThat(ran.err()).contains("nothing answers", "./redfleet up");
        }
    }

    @Test
    void aStrangerOnThePortIsNotTakenForTheGateway() {
        gateway.on("GET /clusters?limit=1000", exchange -> PlayedGateway.send(exchange, 200, "text/html", "<p>hello"));
        var ran = gateway.run("list");
        assertThat(ran.exit()).isEqualTo(1);
        assertThat(ran.err()).contains("Not Redfleet's gateway");
    }

    @Test
    void aTokenFileOpenToOthersIsRefusedBeforeAnythingIsSent() throws IOException {
        Path file = dir.resolve("credentials/admin-token");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        var ran = gateway.run("list");
        assertThat(ran.exit()).isEqualTo(2);
        assertThat(ran.err()).contains("open to others", "chmod 600 " + file).doesNotContain(PlayedGateway.TOKEN);
        assertThat(gateway.asked).isEmpty();
    }

    @Test
    void aMissingTokenFileSaysWhereOneComesFrom() {
        var ran = gateway.run("list", "--token-file", dir.resolve("none").toString());
        assertThat(ran.exit()).isEqualTo(2);
        assertThat(ran.err()).contains("no token file", "REDFLEET_TOKEN_FILE");
    }

    @Test
    void everyVerbHasHelp() {
        for (String verb : new String[] {
            "apply",
            "plan",
            "verify",
            "list",
            "show",
            "sudoers",
            "delete",
            "status",
            "summary",
            "report",
            "info",
            "start",
            "stop",
            "restart",
            "monitor",
            "unmonitor",
            "failovers",
            "failover",
            "roll",
            "events",
            "alerts",
            "ack",
            "operations",
            "adopt",
            "take-in",
            "disarm",
            "rearm",
            "token"
        }) {
            var ran = gateway.run(verb, "--help");
            assertThat(ran.exit()).as(verb).isZero();
            assertThat(ran.out()).as(verb).startsWith("Usage: redfleet " + verb);
        }
    }

    @Test
    void completionIsAScriptThatBashAccepts() throws IOException, InterruptedException {
        Path script = Files.writeString(
                dir.resolve("completion"), gateway.run("completion", "bash").out());
        Process bash =
                new ProcessBuilder("bash", "-n", script.toString()).inheritIO().start();
        assertThat(bash.waitFor()).isZero();
        assertThat(script).content().contains("failovers", "--token-file");
        assertThat(gateway.run("completion", "zsh").out()).startsWith("autoload -U +X compinit");
    }
}
