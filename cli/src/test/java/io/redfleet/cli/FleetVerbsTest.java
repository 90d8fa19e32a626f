package io.redfleet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FleetVerbsTest {
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
    void disarmAsksTheGatewayFirst() {
        gateway.on("POST /fleet/disarm", 200, "{\"disarmed\":true,\"reason\":\"rack 4\"}");
        var ran = gateway.run("disarm", "--reason", "rack 4");
        assertThat(ran.exit()).isZero();
        assertThat(ran.out()).isEqualTo("Disarmed: rack 4\n");
        assertThat(gateway.asked.get(0).body()).isEqualTo("{\"reason\":\"rack 4\"}");
        assertThat(dir.resolve("disarmed")).doesNotExist();
    }

    @Test
    void disarmWorksWithoutAGatewayAndRearmUndoesIt() throws IOException {
        gateway.close();
        var ran = gateway.run("disarm", "--reason", "rack\n4");
        assertThat(ran.exit()).isZero();
        assertThat(ran.out()).contains("Disarmed by file: " + dir.resolve("disarmed"));
        assertThat(dir.resolve("disarmed")).hasContent("rack 4\n");
        assertThat(Files.getPosixFilePermissions(dir.resolve("disarmed")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(gateway.run("rearm").exit()).isEqualTo(3);
        assertThat(dir.resolve("disarmed")).doesNotExist();
    }

    @Test
    void anUnconfirmedBrakeIsPulledByFileToo() {
        gateway.on("POST /fleet/disarm", 202, "{\"cluster\":\"_fleet\",\"operation\":null,\"state\":\"pending\"}");
        var ran = gateway.run("disarm");
        assertThat(ran.exit()).isZero();
        assertThat(ran.err()).contains("not confirmed it in time");
        assertThat(dir.resolve("disarmed")).exists();
    }

    @ParameterizedTest
    @CsvSource({"503,Kafka cannot be reached", "503,The gateway is not ready", "401,Unauthorized", "404,Not found"})
    void aBrakeThatTheGatewayRefusesIsPulledByFile(int status, String title) {
        gateway.on("POST /fleet/disarm", status, "{\"status\":" + status + ",\"title\":\"" + title + "\"}");
        var ran = gateway.run("disarm", "--reason", "rack 4");
        assertThat(ran.exit()).isZero();
        assertThat(ran.err()).contains(title + " (" + status + ")", "The gateway has not confirmed it");
        assertThat(ran.out()).contains("Disarmed by file: " + dir.resolve("disarmed"), "gateway has not confirmed");
        assertThat(dir.resolve("disarmed")).hasContent("rack 4\n");
    }

    @Test
    void aWellMeantAnswerThatIsNoBrakeIsNotBelieved() {
        gateway.on("POST /fleet/disarm", 200, "{\"status\":\"ok\"}");
        assertThat(gateway.run("disarm").exit()).isZero();
        assertThat(dir.resolve("disarmed")).exists();
    }

    @Test
    void aRefusedBrakeOfAnInstallationElsewhereIsARefusal() {
        gateway.on("POST /fleet/disarm", 503, "{\"status\":503,\"title\":\"Kafka cannot be reached\"}");
        gateway.env.put("REDFLEET_HOME", dir.resolve("none").toString());
        gateway.env.put(
                "REDFLEET_TOKEN_FILE", dir.resolve("credentials/admin-token").toString());
        var ran = gateway.run("disarm");
        assertThat(ran.exit()).isEqualTo(1);
        assertThat(ran.err()).contains("Kafka cannot be reached (503)", "Not disarmed");
    }

    @Test
    void anUnconfirmedOrderIsNotCalledDone() {
        String pending = "{\"cluster\":\"orders\",\"operation\":null,\"state\":\"pending\"}";
        gateway.on("POST /clusters/orders/monitor", 202, pending);
        gateway.on("POST /clusters/orders/instances/r1/redis-server/stop", 202, pending);
        for (var ran :
                new PlayedGateway.Ran[] {gateway.run("monitor", "orders"), gateway.run("stop", "orders/r1/redis-server")
                }) {
            assertThat(ran.exit()).isEqualTo(1);
            assertThat(ran.err()).contains("Not confirmed");
        }
    }

    @Test
    void disarmWorksWithoutAToken() throws IOException {
        Files.delete(dir.resolve("credentials/admin-token"));
        assertThat(gateway.run("disarm").exit()).isZero();
        assertThat(dir.resolve("disarmed")).exists();
    }

    @Test
    void disarmOfAnInstallationElsewhereDoesNotPretend() {
        gateway.close();
        gateway.env.put("REDFLEET_HOME", dir.resolve("none").toString());
        gateway.env.put(
                "REDFLEET_TOKEN_FILE", dir.resolve("credentials/admin-token").toString());
        var ran = gateway.run("disarm");
        assertThat(ran.exit()).isEqualTo(3);
        assertThat(ran.err()).contains("Not disarmed");
    }

    @Test
    void aNewTokenGoesToAPrivateFileAndNotToTheScreen() throws IOException {
        gateway.on("POST /tokens", 201, "{\"id\":\"t1\",\"name\":\"ci\",\"role\":\"OPERATOR\",\"token\":\"rf_new\"}");
        Path file = dir.resolve("ci-token");
        var ran = gateway.run(
                "token",
                "create",
                "--name",
                "ci",
                "--role",
                "operator",
                "--labels",
                "team=a,env=b",
                "--expires",
                "90d",
                "--to",
                file.toString());
        assertThat(ran.exit()).isZero();
        assertThat(ran.out() + ran.err()).doesNotContain("rf_new");
        assertThat(file).hasContent("rf_new\n");
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(gateway.asked.get(0).body())
                .isEqualTo(
                        "{\"name\":\"ci\",\"role\":\"OPERATOR\",\"labels\":{\"team\":\"a\",\"env\":\"b\"},\"expires\":\"90d\"}");
        assertThat(gateway.run("token", "create", "--name", "x", "--role", "viewer", "--to", file.toString())
                        .exit())
                .isEqualTo(2);
    }

    @Test
    void tokensAreListedAndRevoked() {
        gateway.on("GET /tokens?limit=1000", 200, """
                {"items":[{"id":"t1","name":"ci","role":"OPERATOR","labels":{"team":"a"},
                  "createdAt":"2026-02-01T00:00:00Z","revokedAt":null,"expiresAt":"2026-05-02T00:00:00Z"},
                 {"id":"t2","name":"root","role":"ADMIN","labels":{},
                  "createdAt":"2026-02-01T00:00:00Z","revokedAt":null,"expiresAt":null}],"next":null}""");
        gateway.on("DELETE /tokens/t1", 200, "{}");
        assertThat(gateway.run("token", "list").out()).isEqualTo("""
                        ID  NAME  ROLE      LABELS  CREATED                   EXPIRES                   REVOKED
                        t1  ci    OPERATOR  team=a  2026-02-01T00:00:00.000Z  2026-05-02T00:00:00.000Z  -
                        t2  root  ADMIN     -       2026-02-01T00:00:00.000Z  -                         -
                        """);
        assertThat(gateway.run("token", "revoke", "t1").out()).isEqualTo("t1: revoked\n");
    }
}
