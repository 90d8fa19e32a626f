package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.provisioner.packages.HostPackages;
import io.redfleet.provisioner.packages.HostPackages.Pinned;
import io.redfleet.provisioner.packages.MonitPackage;
import io.redfleet.provisioner.packages.PackageSurvey;
import io.redfleet.provisioner.packages.PackageSurvey.Needrestart;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Scripts;
import io.redfleet.provisioner.survey.Surveyor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The packages.sh of a survey with a real shell, and what is read of it. */
@Timeout(60)
class PackageSurveyScriptTest {
    private static final List<String> ALL = HostPackages.ALL;

    @TempDir
    Path root;

    @TempDir
    Path fakes;

    private FakeApt apt;

    @BeforeEach
    void aMachine() throws IOException {
        apt = new FakeApt(fakes);
    }

    @Test
    void aBareHostSaysWhatAptOffers() throws Exception {
        PackageSurvey seen = surveyed(ALL);
        assertThat(seen.apt()).isTrue();
        assertThat(seen.running()).isEmpty();
        assertThat(seen.readAgo()).isEmpty();
        assertThat(seen.needrestart()).isEqualTo(Needrestart.ABSENT);
        assertThat(seen.notes()).isEqualTo(PackageSurvey.NONE.notes());
        assertThat(HostPackages.choose(ALL, "7.0", seen))
                .isInstanceOfSatisfying(
                        Pinned.class,
                        pinned -> assertThat(pinned.pins()).containsEntry("redis-sentinel", FakeApt.VERSION));
        assertThat(apt.calls()).contains("apt-cache policy redis-tools redis-server redis-sentinel");
    }

    @Test
    void whereNothingIsMissingAptIsNotAsked() throws Exception {
        apt.has("redis-tools", "hold installed " + FakeApt.VERSION);
        apt.has("redis-server", "install installed " + FakeApt.VERSION);
        PackageSurvey seen = surveyed(List.of("redis-tools", "redis-server"));
        assertThat(seen.of("redis-tools").held()).isTrue();
        assertThat(seen.of("redis-server").held()).isFalse();
        assertThat(seen.of("redis-server").version()).isEqualTo(FakeApt.VERSION);
        assertThat(seen.of("redis-sentinel").installed()).isFalse();
        assertThat(apt.calls()).noneMatch(call -> call.startsWith("apt-"));
    }

    /** Also of what is there and not needed: it would have to change with the rest. */
    @ParameterizedTest(name = "{0} is wanted: {1}")
    @CsvSource({
        "7.0, false",
        "7, false",
        "7.0.15, false",
        "5:7.0.15-1, false",
        "7.0.1, true",
        "7.2, true",
        "5:7.0.15-1~deb12u6, true"
    })
    void whereAnotherVersionIsWantedAptIsAskedOfAllThatIsThere(String wanted, boolean asked) throws Exception {
        for (String name : ALL) {
            apt.has(name, "hold installed " + FakeApt.VERSION);
        }
        PackageSurvey seen = surveyed(List.of("redis=" + wanted, "redis-tools", "redis-server"));
        assertThat(seen.of("redis-sentinel").installed()).isTrue();
        String question = "apt-cache policy redis-tools redis-server redis-sentinel";
        assertThat(apt.calls().contains(question)).isEqualTo(asked);

        write("var/lib/redfleet-host/packages", "# redfleet-packages\npending u1\ncluster u1 orders\n");
        surveyed(List.of("redis=" + wanted, "redis-tools", "redis-server"));
        assertThat(apt.calls()).as("a change was interrupted").contains(question);
    }

    /** Where something is missing a host without an answer says nothing, for nothing would seem to be offered. */
    @Test
    void whereAVersionWaitsAnAptThatDoesNotAnswerIsTold() throws Exception {
        for (String name : ALL) {
            apt.has(name, "hold installed " + FakeApt.VERSION);
        }
        apt.set("no-cache", "");
        PackageSurvey seen = surveyed(List.of("redis=7.2", "redis-tools", "redis-server"));
        assertThat(seen.unasked())
                .isEqualTo(
                        "apt-cache policy redis-tools redis-server redis-sentinel: failed, or gave no answer within 8 s");
        assertThat(HostPackages.choose(List.of("redis-tools", "redis-server"), "7.2", seen))
                .isInstanceOf(HostPackages.Otherwise.class);
        assertThat(surveyed(List.of("redis=7.0", "redis-tools", "redis-server")).unasked())
                .as("nothing was asked")
                .isEmpty();

        write("var/lib/redfleet-host/packages", "# redfleet-packages\npending u1\ncluster u1 orders\n");
        assertThat(said(List.of("redis=7.2", "redis-tools", "redis-server"))).doesNotContain("packages.end");
    }

    @Test
    void whatRunsAndWhatRedfleetNotedIsTold() throws Exception {
        apt.set("active/redis-server.service", "");
        write("var/lib/redfleet-host/packages", "# redfleet-packages\ncluster u1 orders\n");
        write("var/lib/redfleet-host/packages.read", "");
        write("etc/needrestart/conf.d/other.conf", "");
        PackageSurvey seen = surveyed(ALL);
        assertThat(seen.running()).containsExactly("redis-server.service");
        assertThat(seen.notes().clusters()).containsEntry("u1", "orders");
        assertThat(seen.readAgo().orElse(-1)).isBetween(0L, 60L);
        assertThat(seen.needrestart()).isEqualTo(Needrestart.MISSING);

        write("etc/needrestart/conf.d/redfleet.conf", "# redfleet-packages\n");
        assertThat(surveyed(ALL).needrestart()).isEqualTo(Needrestart.OURS);
        write("etc/needrestart/conf.d/redfleet.conf", "$nrconf{restart} = 'l';\n");
        write("var/lib/redfleet-host/packages", "");
        PackageSurvey strange = surveyed(ALL);
        assertThat(strange.needrestart()).isEqualTo(Needrestart.STRANGE);
        assertThat(strange.notes().strange()).isTrue();
    }

    @Test
    void monitIsAskedForWhereItIsNamedAndItsNotesAreItsOwn() throws Exception {
        for (String name : ALL) {
            apt.has(name, "hold installed " + FakeApt.VERSION);
        }
        List<String> named = new ArrayList<>(ALL);
        named.add("monit");
        PackageSurvey seen = surveyed(named);
        assertThat(MonitPackage.choose(seen)).isEqualTo(new MonitPackage.Pinned(FakeApt.VERSION));
        assertThat(seen.monit()).isEqualTo(PackageSurvey.NONE.monit());

        write("var/lib/redfleet-host/monit", "# redfleet-packages\ncluster u1 orders\n");
        PackageSurvey noted = surveyed(ALL);
        assertThat(noted.monit().clusters()).containsEntry("u1", "orders");
        assertThat(noted.notes().clusters()).isEmpty();
        write("var/lib/redfleet-host/monit", "mine\n");
        assertThat(surveyed(ALL).monit().strange()).isTrue();
    }

    private PackageSurvey surveyed(List<String> needed) throws Exception {
        String said = said(needed);
        assertThat(said).endsWith("packages.end=yes\n");
        return PackageSurvey.read(said);
    }

    private String said(List<String> needed) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(root.toString()));
        arguments.addAll(needed);
        Script script = Scripts.of(Surveyor.class, "packages", Duration.ofSeconds(20), arguments);
        List<String> command = new ArrayList<>(List.of("sh", "-s", "--"));
        command.addAll(script.arguments());
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        apt.on(builder);
        Process shell = builder.start();
        shell.getOutputStream().write(script.text().getBytes(StandardCharsets.UTF_8));
        shell.getOutputStream().close();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return said;
    }

    private void write(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
