package io.redfleet.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.redfleet.testkit.Await;
import io.redfleet.testkit.Checkout;
import io.redfleet.testkit.Child;
import io.redfleet.testkit.TempDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The whole stack from the built tree, by the very mains that the script runs. */
@Tag("long")
class UpTest {
    private static final Duration UP_WITHIN = Duration.ofMinutes(2);
    private static final List<String> PARTS =
            List.of("alert", "backup", "gateway", "kafka", "monitor", "postgres", "provisioner");

    private final TempDirectory directory = TempDirectory.named("up");
    private final Home home = new Home(directory.path().resolve("redfleet"));
    private final Ports ports = FreePorts.choose();

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
    void twoUpsAtOnceMakeOneStackAndAKilledServiceComesBackAndDownLeavesNothing() throws Exception {
        Child first = up("first");
        Child second = up("second");
        awaitEnd(first);
        awaitEnd(second);
        List<Running> once = Running.all(home.run());
        assertThat(once).extracting(Running::part).containsExactlyElementsOf(PARTS);
        assertThat(once).allMatch(each -> each.life().goesOn());
        assertThat(first.output() + second.output())
                .contains("already runs", home.adminToken().toString());

        Running gateway = running("gateway");
        assertThat(Ending.of(gateway.life(), "KILL", Duration.ofSeconds(5))).isEqualTo(Ending.How.IN_ORDER);
        awaitEnd(up("third"));
        assertThat(running("gateway").life().goesOn()).isTrue();
        assertThat(Running.all(home.run()))
                .filteredOn(each -> !each.part().equals("gateway"))
                .isEqualTo(once.stream()
                        .filter(each -> !each.part().equals("gateway"))
                        .toList());

        assertThat(Down.run(home, new RecordedScreen().screen())).isTrue();
        assertThat(once).noneMatch(each -> each.life().goesOn());
        assertThat(PortOwner.free(ports.gateway())).isTrue();
    }

    @Test
    void anUpThatIsToldToStopLeavesNothing() throws Exception {
        Child up = up("stopped");
        Await.until("a recorded part", UP_WITHIN, () -> !recorded().isEmpty());
        List<Running> begun = recorded();
        up.stop();
        assertThat(begun).noneMatch(each -> each.life().goesOn());
        assertThat(recorded()).isEmpty();
        // Nor what only makes a part: PostgreSQL's first start takes longer than Kafka's.
        assertThat(working()).isEmpty();
    }

    /** Whose command line names this home. */
    private List<String> working() {
        return ProcessHandle.allProcesses()
                .flatMap(process -> process.info().commandLine().stream())
                .filter(line -> line.contains(home.root().toString()))
                .toList();
    }

    private Child up(String name) {
        Path target = Checkout.root().resolve("deploy/local/target");
        List<String> command = List.of(
                "env",
                "REDFLEET_HOME=" + home.root(),
                Built.java(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "-Dredfleet.checkout=" + Checkout.root(),
                "-cp",
                target.resolve("classes") + ":" + System.getProperty("java.class.path"),
                "io.redfleet.local.Up",
                "--port-offset",
                Integer.toString(ports.offset()));
        return Child.start(command, directory.path(), directory.path().resolve(name + ".log"));
    }

    private static void awaitEnd(Child up) {
        Await.until("the end of up", UP_WITHIN, () -> !up.alive());
        assertThat(up.output()).contains("Up in ");
    }

    private List<Running> recorded() {
        try {
            return Running.all(home.run());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Running running(String part) throws IOException {
        return Running.read(home.run(), part).orElseThrow();
    }
}
