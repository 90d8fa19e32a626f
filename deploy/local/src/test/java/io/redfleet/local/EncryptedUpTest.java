package io.redfleet.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.redfleet.cli.gateway.LocalGateway;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.Checkout;
import io.redfleet.testkit.Child;
import io.redfleet.testkit.TempDirectory;
import io.redfleet.testkit.TestAuthority;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The whole stack with a certificate for a name that is not this machine's, and without it again. */
@Tag("long")
class EncryptedUpTest {
    private static final Duration WITHIN = Duration.ofMinutes(2);

    private final TempDirectory directory = TempDirectory.named("encrypted-up");
    private final Home home = new Home(directory.path().resolve("redfleet"));
    private final Ports ports = FreePorts.choose();
    private final TestAuthority authority = TestAuthority.in(directory.path().resolve("authority"));
    private final TestAuthority.Signed signed = authority.signed("gateway", "dns:gateway.test");

    @BeforeEach
    void requireBuilt() {
        var built = new Built(Checkout.root());
        for (String module : List.of("provisioner-service", "monitor-service", "alert-service", "api-gateway")) {
            Path jar = built.service(module).resolve("quarkus-run.jar");
            assumeTrue(Files.exists(jar), module + " is not packaged in this checkout");
        }
    }

    @AfterEach
    void endAll() throws Exception {
        Down.run(home, new RecordedScreen().screen());
        directory.close();
    }

    @Test
    void whatLooksAtTheGatewayFromThisMachineFindsItByItsCertificate() throws Exception {
        Map<String, String> tls = Map.of(
                "REDFLEET_GATEWAY_TLS_CERTIFICATE", signed.certificate().toString(),
                "REDFLEET_GATEWAY_TLS_KEY", signed.key().toString());
        String url = "https://127.0.0.1:" + ports.gateway();
        assertThat(run("up", tls, "io.redfleet.local.Up")).contains("Up in ", url + "/api/v1");
        assertThat(run("list", Map.of("REDFLEET_URL", url), "io.redfleet.cli.Main", "list"))
                .doesNotContain("certificate");
        assertThat(run("doctor", Map.of(), "io.redfleet.local.doctor.edge.Doctor"))
                .contains("ready, pid")
                .doesNotContain("does not say that it is ready");
        assertThat(run("again", tls, "io.redfleet.local.Up")).contains("already runs");
        assertThat(run(
                        "plain",
                        Map.of("REDFLEET_URL", "http://127.0.0.1:" + ports.gateway()),
                        "io.redfleet.cli.Main",
                        "list"))
                .contains("begins with https://");

        Down.run(home, new RecordedScreen().screen());
        assertThat(run("without", Map.of(), "io.redfleet.local.Up"))
                .contains("http://127.0.0.1:" + ports.gateway() + "/api/v1");
        assertThat(new LocalGateway(home.root(), ports.gateway()).certificate()).doesNotExist();
    }

    @Test
    void aKeyThatDoesNotFitEndsTheStartWithTheSentence() throws Exception {
        TestAuthority.Signed other = authority.signed("other", "dns:gateway.test");
        Map<String, String> tls = Map.of(
                "REDFLEET_GATEWAY_TLS_CERTIFICATE", signed.certificate().toString(),
                "REDFLEET_GATEWAY_TLS_KEY", other.key().toString());
        assertThat(run("unfit", tls, "io.redfleet.local.Up")).contains("gateway has ended");
        assertThat(Files.readString(home.log("gateway")))
                .contains(
                        "redfleet.gateway.tls.key names " + other.key() + ": does not belong to the first certificate");
    }

    private String run(String name, Map<String, String> environment, String main, String... arguments) {
        List<String> command = new ArrayList<>(List.of("env", "REDFLEET_HOME=" + home.root()));
        environment.forEach((key, value) -> command.add(key + "=" + value));
        command.add("REDFLEET_PORT_OFFSET=" + ports.offset());
        command.addAll(List.of(
                Built.java(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "-Dredfleet.checkout=" + Checkout.root(),
                "-cp",
                Checkout.root().resolve("deploy/local/target/classes") + ":" + System.getProperty("java.class.path"),
                main));
        command.addAll(List.of(arguments));
        Child child = Child.start(command, directory.path(), directory.path().resolve(name + ".log"));
        Await.until("the end of " + name, WITHIN, () -> !child.alive());
        return child.output();
    }
}
