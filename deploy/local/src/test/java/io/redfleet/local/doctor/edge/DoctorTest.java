package io.redfleet.local.doctor.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.redfleet.bus.brake.BrakeFiles;
import io.redfleet.cli.gateway.LocalBrake;
import io.redfleet.contracts.cluster.Label;
import io.redfleet.contracts.health.LocalBrakes;
import io.redfleet.local.Home;
import io.redfleet.local.Ports;
import io.redfleet.local.doctor.Finding;
import io.redfleet.local.doctor.Finding.State;
import io.redfleet.local.doctor.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A home without a stack. With one: e2e's TruthTest. */
class DoctorTest {
    private static final Ports NOBODY = new Ports(9_900);

    @TempDir
    Path directory = Path.of("");

    @Test
    void aStackThatIsDownIsSaidToBeDownAndWhatCanBeSeenIsLookedAt() throws Exception {
        Home home = new Home(directory.resolve("home"));
        home.prepare();
        Path key = Files.writeString(home.credentials().resolve("ops"), "a very private key");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        Files.writeString(home.root().resolve("disarmed"), "moving house\n");

        Report report = Doctor.visit(home, NOBODY, Instant.now());

        assertThat(report.exit()).isEqualTo(3);
        assertThat(report.lines().getLast()).contains("The stack is down: ./redfleet up starts it");
        assertThat(of(report, key.toString())).satisfies(finding -> {
            assertThat(finding.state()).isEqualTo(State.WRONG);
            assertThat(finding.says()).contains("rw-r--r--");
            assertThat(finding.advice()).contains("chmod 600 " + key);
        });
        // As a part of the stack, and as the door to the fleet.
        assertThat(report.findings())
                .filteredOn(finding -> finding.subject().equals("gateway"))
                .hasSize(2)
                .allMatch(finding -> finding.state() == State.UNSEEN);
        assertThat(of(report, "brake").says()).contains("moving house");
        assertThat(report.lines()).noneMatch(line -> line.contains("a very private key"));
    }

    @Test
    void aLabelThatIsDisarmedByFileIsNamedAndAnEntryThatIsNoneHoldsEverything() throws Exception {
        Home home = new Home(directory.resolve("home"));
        home.prepare();
        LocalBrake brake = new LocalBrake(home.root());
        brake.pull("team=checkout", "load test");
        brake.pull("redfleet.io/tier=a/b", "load test");

        Report report = Doctor.visit(home, NOBODY, Instant.now());

        assertThat(of(report, "brake team=checkout").advice()).contains("redfleet rearm --label team=checkout");
        assertThat(of(report, "brake redfleet.io/tier=a/b").state()).isEqualTo(State.WRONG);
        Files.writeString(brake.labels().resolve("team"), "");
        assertThat(of(Doctor.visit(home, NOBODY, Instant.now()), "brake").says())
                .contains("names no label");
    }

    @Test
    void theFileOfEverythingHidesNothingThatHoldsBesideIt() throws Exception {
        Home home = new Home(directory.resolve("home"));
        home.prepare();
        LocalBrake brake = new LocalBrake(home.root());
        brake.pull("moving house");
        brake.pull("team=checkout", "load test");

        Report report = Doctor.visit(home, NOBODY, Instant.now());

        assertThat(of(report, "brake").advice()).contains("redfleet rearm, which removes the file");
        assertThat(of(report, "brake team=checkout").advice())
                .contains("redfleet rearm --label team=checkout", "the whole fleet is off besides");
        Files.writeString(brake.labels().resolve("team"), "");
        assertThat(Doctor.visit(home, NOBODY, Instant.now()).findings())
                .filteredOn(finding -> finding.subject().equals("brake"))
                .extracting(Finding::advice)
                .satisfiesExactly(
                        file -> assertThat(file).contains("redfleet rearm, which removes the file"),
                        entry -> assertThat(entry)
                                .startsWith("first remove by hand from " + brake.labels())
                                .endsWith("as long as it is so rearm of the fleet lets nothing go on here"));
    }

    @Test
    void whatNoOrderIsSureToRemoveIsRemovedByHand() throws Exception {
        Home home = new Home(directory.resolve("home"));
        home.prepare();
        Path odd = Files.createDirectory(home.root().resolve("disarmed"));
        Files.writeString(odd.resolve("note"), "who did this?");
        assertThat(of(Doctor.visit(home, NOBODY, Instant.now()), "brake").advice())
                .contains("first remove " + odd + " by hand, then redfleet rearm");
    }

    /** What the command line leaves is what the services understand. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "team=checkout",
                "redfleet.io/team=a/b",
                "a=",
                "team",
                "=a",
                "team=a=b",
                "team=a b",
                "team=a\nb=c",
                "../a=b",
                "a=..",
                ".=.",
                "team=a%2fb",
                "team=a%",
                "",
                "team=ä"
            })
    void theCommandLineAndTheServicesKnowTheSameLabels(String label) throws Exception {
        LocalBrake brake = new LocalBrake(directory);
        assertThat(LocalBrake.isLabel(label)).isEqualTo(Label.allowed(label));
        if (LocalBrake.isLabel(label)) {
            brake.pull(label, "drill");
            assertThat(BrakeFiles.read(directory).labels()).containsExactly(new Label(label));
        } else {
            assertThatIllegalArgumentException().isThrownBy(() -> brake.pull(label, "drill"));
            assertThat(BrakeFiles.read(directory)).isEqualTo(LocalBrakes.NONE);
        }
    }

    @Test
    void aHomeThatWasNeverMadeIsNoError() throws Exception {
        Report report = Doctor.visit(new Home(directory.resolve("none")), NOBODY, Instant.now());
        assertThat(report.exit()).isEqualTo(3);
        assertThat(of(report, "home").says()).contains("there is no");
    }

    /** A disk of 16 MiB: nothing can be started on it. */
    @Test
    @Tag("long")
    void aDiskWithoutRoomIsFound() throws Exception {
        Path disk = Files.createDirectory(directory.resolve("disk"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=16m,mode=0700", "tmpfs", disk.toString()), "needs root");
        try {
            Home home = new Home(disk.resolve("home"));
            home.prepare();
            Finding found = of(Doctor.visit(home, NOBODY, Instant.now()), "disk");
            assertThat(found.state()).isEqualTo(State.WRONG);
            assertThat(found.says()).contains("MiB are free at " + home.root());
        } finally {
            assertThat(run("umount", disk.toString())).isTrue();
        }
    }

    private static Finding of(Report report, String subject) {
        List<Finding> found = report.findings().stream()
                .filter(each -> each.subject().equals(subject))
                .toList();
        assertThat(found).as("findings on %s in %s", subject, report.lines()).hasSize(1);
        return found.getFirst();
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    }
}
