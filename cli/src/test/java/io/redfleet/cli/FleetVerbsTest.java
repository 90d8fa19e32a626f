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
import org.junit.jupiter.params.provider.ValueSource;

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
    void aLabelIsDisarmedAndRearmedByTheGatewayFirst() {
        gateway.on("POST /fleet/disarm", 200, """
                {"label":"team=checkout","disarmed":true,"note":"it was disarmed before: by bob",
                 "brake":{"label":"team=checkout","reason":"rack 4","actor":{"name":"bob"},"since":"2026-02-01T00:00:00Z"}}""");
        var ran = gateway.run("disarm", "--label", "team=checkout", "--reason", "load test");
        assertThat(ran.exit()).isZero();
        assertThat(ran.out()).isEqualTo("Disarmed team=checkout: rack 4\n");
        assertThat(ran.err()).contains("it was disarmed before: by bob");
        assertThat(gateway.asked.get(0).body()).isEqualTo("{\"reason\":\"load test\",\"label\":\"team=checkout\"}");
        assertThat(dir.resolve("disarmed.labels")).doesNotExist();

        gateway.on("POST /fleet/rearm", 200, """
                {"label":"team=checkout","disarmed":false,"note":"it was not disarmed","brake":null}""");
        var again = gateway.run("rearm", "--label", "team=checkout");
        assertThat(again.exit()).isZero();
        assertThat(again.out()).isEqualTo("Armed team=checkout: released by hand\n");
        assertThat(again.err()).contains("it was not disarmed");
    }

    @Test
    void aLabelIsDisarmedByFileWithoutAGatewayAndItsRearmingLeavesTheOthers() throws IOException {
        gateway.close();
        assertThat(gateway.run("disarm").exit()).isZero();
        assertThat(gateway.run("disarm", "--label", "io/tier=a/b", "--reason", "rack\n4")
                        .exit())
                .isZero();
        var ran = gateway.run("disarm", "--label", "team=checkout");
        Path labels = dir.resolve("disarmed.labels");
        assertThat(ran.out()).contains("Disarmed by file: " + labels.resolve("team=checkout"));
        assertThat(labels.resolve("io%tier=a%b")).hasContent("rack 4\n");
        assertThat(Files.getPosixFilePermissions(labels)).isEqualTo(PosixFilePermissions.fromString("rwx------"));

        var rearmed = gateway.run("rearm", "--label", "team=checkout");
        assertThat(rearmed.exit()).isEqualTo(3);
        assertThat(labels.resolve("team=checkout")).doesNotExist();
        assertThat(rearmed.err())
                .contains("Removed ", "Still disarmed here: io/tier=a/b", "Still disarmed here, the whole fleet");
        var fleet = gateway.run("rearm");
        assertThat(dir.resolve("disarmed")).doesNotExist();
        assertThat(fleet.err()).contains("Still disarmed here: io/tier=a/b");
        assertThat(labels.resolve("io%tier=a%b")).exists();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "team",
                "=checkout",
                "team=a=b",
                "team=a b",
                "team=a\nenv=b",
                "../../etc=x",
                "team=../../x",
                "*"
            })
    void whatIsNoLabelIsBadUsageAndLeavesNothing(String label) {
        for (String verb : new String[] {"disarm", "rearm"}) {
            var ran = gateway.run(verb, "--label", label);
            assertThat(ran.exit()).as(verb).isEqualTo(2);
            assertThat(ran.err()).contains("--label: not key=value");
        }
        assertThat(gateway.asked).isEmpty();
        assertThat(dir.resolve("disarmed")).doesNotExist();
        assertThat(dir.resolve("disarmed.labels")).doesNotExist();
    }

    /** A gateway of before passes over nothing, but another one might. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"disarmed\":true,\"reason\":\"the whole fleet\"}",
                "{\"label\":\"team=search\",\"disarmed\":true}",
                "{\"label\":\"team=checkout\",\"disarmed\":false}"
            })
    void theBrakeOfAnotherIsNotTakenForTheLabels(String answer) {
        gateway.on("POST /fleet/disarm", 200, answer);
        assertThat(gateway.run("disarm", "--label", "team=checkout").out()).contains("Disarmed by file: ");
        assertThat(dir.resolve("disarmed.labels/team=checkout")).exists();
    }

    @Test
    void aLabelIsDisarmedByFileOnceAndAHundredAreEnough() {
        gateway.close();
        gateway.run("disarm", "--label", "team=t0", "--reason", "first");
        for (int i = 1; i < 100; i++) {
            assertThat(gateway.run("disarm", "--label", "team=t" + i).exit()).isZero();
        }
        var more = gateway.run("disarm", "--label", "team=t100");
        assertThat(more.exit()).isEqualTo(1);
        assertThat(more.err()).contains("100 labels are disarmed here already; rearm one of them first");
        assertThat(gateway.run("disarm", "--label", "team=t0", "--reason", "second")
                        .exit())
                .isZero();
        assertThat(dir.resolve("disarmed.labels/team=t0")).hasContent("first\n");
    }

    @Test
    void rearmingTheFleetSaysWhichLabelsStayDisarmed() {
        gateway.on("POST /fleet/rearm", 200, """
                {"disarmed":false,"reason":"over","labelled":{"count":1,"brakes":[{"label":"team=checkout","reason":"rack 4",
                 "actor":{"name":"ann"},"since":"2026-02-01T00:00:00Z"}]}}""");
        var ran = gateway.run("rearm", "--reason", "over");
        assertThat(ran.out()).isEqualTo("Armed: over\n");
        assertThat(ran.err()).contains("Still disarmed: team=checkout, by ann since 2026-02-01T00:00:00Z: rack 4");
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
