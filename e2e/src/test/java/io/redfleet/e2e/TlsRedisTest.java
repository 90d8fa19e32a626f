package io.redfleet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.Installation;
import io.redfleet.testkit.LoopbackHost;
import io.redfleet.testkit.RedisCall;
import io.redfleet.testkit.TestAuthority;
import io.redfleet.testkit.ThreeHosts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster that speaks TLS from its first moment: made over SSH, watched, failed over, and never spoken to in the clear. */
@Tag("e2e")
class TlsRedisTest {
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final String R1 = "r1/redis-server";

    @TempDir
    Path directory = Path.of("");

    @Test
    void aClusterIsMadeWithTlsAndItsMasterDiesAndNobodySpeaksInTheClear() throws Exception {
        Path home = Files.createDirectory(directory.resolve("home"));
        TestAuthority authority = TestAuthority.in(directory.resolve("tls"));
        TestAuthority.Signed host =
                authority.signed("host", "ip:127.0.0.11,ip:127.0.0.12,ip:127.0.0.13", "EC", "-1d", 90);
        try (Installation redfleet = Installation.up(home);
                ThreeHosts hosts = new ThreeHosts(directory, home);
                PlainConsumer events = new PlainConsumer(redfleet.bootstrap(), redfleet.login("consumer"))) {
            Api api = new Api(redfleet.gateway(), redfleet.adminToken());
            try {
                String spec = secured(hosts.spec("orders"), authority, host);
                whatIsNotRightIsRefusedBeforeAnythingIsTouched(api, hosts, authority, host);
                made(api, spec);
                everyDoorSpeaksTlsAlone(api, hosts, authority);
                theMasterDies(api, events);
                applyingAgainChangesNothing(api, spec);
                itStaysSo(api, hosts.spec("orders"));
            } catch (AssertionError e) {
                throw new AssertionError(e.getMessage() + "\n" + Evidence.of(redfleet, events), e);
            }
        }
    }

    /** The certificate of somebody else, as a slip of a hand would put it there. */
    private void whatIsNotRightIsRefusedBeforeAnythingIsTouched(
            Api api, ThreeHosts hosts, TestAuthority authority, TestAuthority.Signed host) {
        TestAuthority.Signed stranger =
                TestAuthority.in(directory.resolve("stranger")).signed("host", "ip:127.0.0.11");
        String wrong = secured(hosts.spec("wrong"), authority, stranger);
        JsonNode plan =
                api.post("/clusters?dryRun=true", "application/yaml", wrong).body();
        assertThat(plan.toString()).contains(stranger.certificate().toString(), "vouches for");
        String mixed = wrong.replace(
                stranger.certificate().toString(), host.certificate().toString());
        assertThat(api.post("/clusters?dryRun=true", "application/yaml", mixed)
                        .body()
                        .toString())
                .contains("is not the key of");
        for (LoopbackHost each : hosts.all()) {
            assertThat(each.home().resolve("redfleet/wrong")).doesNotExist();
        }
    }

    private static void made(Api api, String spec) {
        Api.Answer accepted = api.post("/clusters", "application/yaml", spec);
        assertThat(accepted.status()).as("%s", accepted.body()).isEqualTo(202);
        String operation = accepted.body().path("operation").asText();
        within(
                90,
                "the operation has succeeded",
                () -> Look.status(api, operation).equals("SUCCEEDED"));
        within(30, "the cluster is healthy", () -> Look.diagnosis(api).equals("HEALTHY"));
        JsonNode verified = api.get("/operations/" + operation).body().path("verification");
        assertThat(verified.path("holds").asBoolean()).as("%s", verified).isTrue();
        assertThat(StreamSupport.stream(verified.path("findings").spliterator(), false))
                .noneMatch(finding -> finding.path("rule").asText().equals("tls"));
    }

    private static void everyDoorSpeaksTlsAlone(Api api, ThreeHosts hosts, TestAuthority authority) throws IOException {
        String password = api.password("orders", "application");
        for (LoopbackHost each : hosts.all()) {
            for (int port : new int[] {hosts.redisPort(), hosts.sentinelPort()}) {
                try (RedisCall plain = RedisCall.open(each.address(), port, SOON)) {
                    assertThatThrownBy(() -> plain.call("PING"))
                            .isInstanceOf(IOException.class)
                            .isNotInstanceOf(RedisCall.Refused.class);
                }
                try (RedisCall stranger = RedisCall.open(each.address(), port, SOON, authority.client())) {
                    assertThatThrownBy(() -> stranger.call("PING")).hasMessageStartingWith("NOAUTH");
                }
            }
        }
        String first = hosts.all().getFirst().address();
        try (RedisCall master = RedisCall.open(first, hosts.redisPort(), SOON, authority.client())
                .as("application", password)) {
            assertThat(master.call("SET", "kept", "yes")).isEqualTo("OK");
            assertThat(master.call("WAIT", "2", "3000"))
                    .as("replication speaks it too")
                    .isEqualTo(2L);
        }
        JsonNode connection = api.get("/clusters/orders/connection").body();
        assertThat(connection.path("ca").asText()).startsWith("-----BEGIN CERTIFICATE-----");
    }

    private static void theMasterDies(Api api, PlainConsumer events) {
        Look.kill9(Look.pid(api, R1));
        event(events, 5, "instance.down", R1);
        event(events, 20, "failover.switched", "orders");
        event(events, 60, "failover.completed", "orders");
        event(events, 90, "restart.performed", R1);
        within(
                60,
                "the old master follows the new one",
                () -> Look.role(api, R1).equals("REPLICA"));
        within(60, "the cluster is healthy again", () -> Look.diagnosis(api).equals("HEALTHY"));
        within(60, "the incident is resolved", () -> Look.everyIncident(api, "RESOLVED"));
    }

    private static void applyingAgainChangesNothing(Api api, String spec) {
        JsonNode plan = api.put("/clusters/orders?dryRun=true", "application/yaml", spec)
                .body();
        assertThat(plan.path("changes").asInt(-1)).as("%s", plan).isZero();
        JsonNode verified = api.get("/clusters/orders/verify").body();
        assertThat(verified.path("holds").asBoolean()).as("%s", verified).isTrue();
    }

    private static void itStaysSo(Api api, String plain) {
        String off = plain.replace("spec:\n", "spec:\n  security: {tls: off}\n");
        Api.Answer refused = api.put("/clusters/orders", "application/yaml", off);
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.body().toString()).contains("spec.security.tls", "for the cluster's life");
    }

    private static String secured(String spec, TestAuthority authority, TestAuthority.Signed host) {
        try {
            String tls = """
                      security:
                        tls:
                          caFile: "%s"
                          certificate: "%s"
                          key: "%s"
                          ca: |
                    %s""".formatted(
                            authority.certificate(),
                            host.certificate(),
                            host.key(),
                            Files.readString(authority.certificate()).indent(8));
            return spec.replace("spec:\n", "spec:\n" + tls);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void event(PlainConsumer events, int seconds, String type, String about) {
        within(
                seconds,
                type + " of " + about,
                () -> events.first(type, e -> String.valueOf(e.getSubject()).endsWith(about))
                        .isPresent());
    }

    private static void within(int seconds, String what, BooleanSupplier holds) {
        Await.until(what, Duration.ofSeconds(seconds), holds);
    }
}
