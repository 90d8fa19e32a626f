package io.redfleet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a verification found, as the command line shows it. */
class VerifyVerbTest {
    private static final String HOLDS = """
            {"at":"2026-11-01T10:00:00Z","holds":true,
             "hosts":[{"host":"r1","passed":31,"failed":0,"warned":1,"unverified":0},
                      {"host":"r2","passed":30,"failed":0,"warned":0,"unverified":0}],
             "findings":[{"rule":"log-overcommit","ruling":"WARNED","host":"r1","subject":"r1/redis-server",
               "says":"no warning","found":"1 time(s), the last: WARNING Memory overcommit must be enabled!"}],
             "more":0,
             "limits":[{"instance":"r1/redis-server","pid":4711,"openFiles":"65535 65535"}]}""";
    private static final String BROKEN = """
            {"at":"2026-11-01T10:00:00Z","holds":false,
             "hosts":[{"host":"r1","passed":31,"failed":2,"warned":0,"unverified":0},
                      {"host":"r2","passed":0,"failed":0,"warned":0,"unverified":1}],
             "findings":[{"rule":"modes","ruling":"FAILED","host":"r1","subject":"r1/redis-server .",
               "says":"closed","found":"has mode 755"},
              {"rule":"reached","ruling":"UNVERIFIED","host":"r2","subject":"r2","says":"answers","found":"no answer"}],
             "more":1,"limits":[]}""";

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
    void whatHoldsIsCountedAndWhatIsToldIsShown() {
        gateway.on("GET /clusters/orders/verify", 200, HOLDS);
        var ran = gateway.run("verify", "orders");
        assertThat(ran.exit()).isZero();
        assertThat(ran.out()).isEqualTo("""
                  r1/redis-server                pid 4711     open files 65535 65535
                  r1           warned     r1/redis-server: log-overcommit: 1 time(s), the last: \
                WARNING Memory overcommit must be enabled!
                verified: 61 passed, 0 failed, 1 warned, 0 not verified
                """);
    }

    @Test
    void whatDoesNotHoldIsExitOneAlsoForPrograms() {
        gateway.on("GET /clusters/orders/verify", 200, BROKEN);
        var ran = gateway.run("verify", "orders");
        assertThat(ran.exit()).isEqualTo(1);
        assertThat(ran.out()).isEqualTo("""
                  r1           failed     r1/redis-server .: modes: has mode 755
                  r2           unverified r2: reached: no answer
                  and 1 more
                does not verify: 31 passed, 2 failed, 0 warned, 1 not verified
                """);
        var asData = gateway.run("verify", "orders", "-o", "json");
        assertThat(asData.exit()).isEqualTo(1);
        assertThat(asData.out()).contains("\"holds\"", "has mode 755");
    }

    @Test
    void anOperationThatWasWaitedForShowsWhatItsVerificationFound() throws IOException {
        gateway.on(
                "PUT /clusters/orders?wait=true",
                202,
                "{\"cluster\":\"orders\",\"operation\":\"op-7\",\"state\":\"accepted\"}");
        gateway.on("GET /operations/op-7", 200, operation(BROKEN));
        Path spec = Files.writeString(dir.resolve("orders.yaml"), "metadata: {name: orders}\n");
        var ran = gateway.run("apply", "-f", spec.toString(), "--wait");
        assertThat(ran.exit()).isEqualTo(1);
        assertThat(ran.err())
                .contains("failed     r1/redis-server .: modes: has mode 755", "does not verify: 31 passed")
                .contains("Operation op-7 FAILED");
        assertThat(gateway.run("operations", "show", "op-7").out())
                .contains("failed     r1/redis-server .: modes: has mode 755", "does not verify: 31 passed");
    }

    /** Of another kind, or of a provisioner of before. */
    @Test
    void anOperationWithoutAVerificationSaysNothingOfOne() {
        for (String none : new String[] {"null", ""}) {
            gateway.on("GET /operations/op-7", 200, operation(none));
            assertThat(gateway.run("operations", "show", "op-7").out()).doesNotContain("verif");
        }
    }

    private static String operation(String verification) {
        String field = verification.isEmpty() ? "" : ",\"verification\":" + verification;
        return "{\"id\":\"op-7\",\"cluster\":\"orders\",\"kind\":\"provision\",\"status\":\"FAILED\",\"reason\":\"as found\","
                + "\"acceptedAt\":\"2026-11-01T10:00:00Z\",\"finishedAt\":\"2026-11-01T10:01:00Z\","
                + "\"actor\":{\"name\":\"ann\"},\"steps\":[]" + field + "}";
    }
}
