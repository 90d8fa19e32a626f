package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.provisioner.packages.Family;
import io.redfleet.provisioner.packages.PackageSurvey;
import io.redfleet.provisioner.packages.RpmSurvey;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Scripts;
import io.redfleet.provisioner.survey.Surveyor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The packages.sh and packages-rpm.sh of a survey with a real shell, and what is read of them. */
@Timeout(60)
class PackageRpmSurveyScriptTest {
    private static final String OFFERS = """
            redis 0:6.2.17-1.el9
            redis 0:7.2.10-1.el9
            Updating Subscription Management repositories.
            redis 0:7.2.7-1.el9
            redis 0:7.2.7-1.el9
            """;

    @TempDir
    Path root;

    @TempDir
    Path fakes;

    private FakeDnf dnf;

    @BeforeEach
    void aMachine() throws IOException {
        dnf = new FakeDnf(fakes);
        plugin("1");
    }

    /** Each row: ID and ID_LIKE of os-release, and whether it is of the family. */
    @ParameterizedTest
    @CsvSource({
        "rhel,      fedora,             true",
        "centos,    rhel fedora,        true",
        "rocky,     rhel centos fedora, true",
        "almalinux, rhel centos fedora, true",
        "ol,        fedora,             true",
        "eurolinux, rhel fedora centos, true",
        "fedora,    '',                 false",
        "debian,    '',                 false",
        "ubuntu,    debian,             false",
        "opensuse,  suse opensuse,      false",
        "xrhel,     rheli,              false"
    })
    void theFamilyIsWhatTheHostSaysOfItself(String id, String like, boolean family) throws Exception {
        release("ID=\"" + id + "\"\n" + (like.isEmpty() ? "" : "ID_LIKE=\"" + like + "\"\n"));
        PackageSurvey seen = PackageSurvey.read(machine());
        assertThat(seen.family() == Family.RHEL).isEqualTo(family);
        assertThat(seen.apt() && family).as("apt that somebody has put there").isFalse();
    }

    @Test
    void aBareHostSaysWhatDnfOffersTheHighestFirstAndFetchesNothing() throws Exception {
        dnf.set("offers", OFFERS);
        PackageSurvey seen = surveyed();
        assertThat(seen.of("redis").installed()).isFalse();
        assertThat(seen.rpm()).isEqualTo(new RpmSurvey(true, true, false, true, Map.of(), "", false));
        assertThat(seen.offers().get("redis"))
                .satisfies(offer -> assertThat(offer.versions())
                        .containsExactly("0:7.2.10-1.el9", "0:7.2.7-1.el9", "0:6.2.17-1.el9"));
        assertThat(dnf.calls())
                .filteredOn(call -> call.startsWith("dnf "))
                .singleElement()
                .satisfies(call -> assertThat(call).startsWith("dnf -q -C repoquery --available "));
    }

    @Test
    void listsThatWereNeverReadOfferNothingAndThatIsNoError() throws Exception {
        PackageSurvey seen = surveyed();
        assertThat(seen.rpm().lock()).isTrue();
        assertThat(seen.offers()).doesNotContainKey("redis");
    }

    @Test
    void whereItIsInstalledDnfIsNotAskedForOffersAndALockIsSeen() throws Exception {
        dnf.has("redis", FakeDnf.VERSION);
        assertThat(surveyed().of("redis").held()).isFalse();
        locks("redis-0:7.2.7-1.el9_2.*\n!redis-" + FakeDnf.VERSION + ".*\n");
        assertThat(surveyed().of("redis").held())
                .as("of another version, and an exclude")
                .isFalse();
        locks("# Added lock on Fri Nov 27 10:00:00 2026\nredis-" + FakeDnf.VERSION + ".*\n");
        PackageSurvey seen = surveyed();
        assertThat(seen.of("redis").held()).isTrue();
        assertThat(seen.of("redis").version()).isEqualTo(FakeDnf.VERSION);
        assertThat(dnf.calls()).noneMatch(call -> call.startsWith("dnf "));

        dnf.has("redis", FakeDnf.VERSION + "\n0:7.2.6-1.el9");
        assertThat(surveyed().of("redis").status()).isEqualTo("several");
    }

    @Test
    void aPluginThatIsMissingAndWhatRunsAreTold() throws Exception {
        plugin("0");
        dnf.set("active/redis.service", "");
        dnf.set("active/firewalld.service", "");
        PackageSurvey seen = surveyed();
        assertThat(seen.rpm().lock()).isFalse();
        assertThat(seen.rpm().firewalld()).isTrue();
        Files.delete(root.resolve("etc/dnf/plugins/versionlock.conf"));
        assertThat(surveyed().rpm().lock()).isFalse();
        assertThat(seen.running()).containsExactly("redis.service");
    }

    @Test
    void whatSelinuxThinksOfThePortsIsAskedWhereItEnforces() throws Exception {
        assertThat(surveyed("6379").rpm().enforcing()).isFalse();
        assertThat(dnf.calls()).noneMatch(call -> call.startsWith("semanage"));
        dnf.set("enforcing", "");
        RpmSurvey seen = surveyed("6379", "26379", "7000", "10005", "40000").rpm();
        assertThat(seen.enforcing()).isTrue();
        assertThat(seen.semanage()).isTrue();
        assertThat(seen.context()).isEqualTo("var_lib_t");
        assertThat(seen.ports())
                .isEqualTo(Map.of(
                        "6379", "redis_port_t",
                        "26379", "redis_port_t",
                        "7000", "none",
                        "10005", "http_cache_port_t",
                        "40000", "none"));
        dnf.set("no-semanage", "");
        assertThat(surveyed("6379").rpm().semanage()).isFalse();
    }

    @Test
    void noAnswerIsNotTakenForNothing() throws Exception {
        dnf.set("broken-rpm", "");
        assertThat(asked("packages-rpm", List.of(root.toString(), "/var/lib/redfleet")))
                .doesNotContain("packages.rpm.end=yes");
        dnf.unset("broken-rpm");
        dnf.set("broken", "");
        assertThat(asked("packages-rpm", List.of(root.toString(), "/var/lib/redfleet")))
                .doesNotContain("packages.rpm.end=yes");
    }

    private PackageSurvey surveyed(String... ports) throws Exception {
        release("ID=\"rhel\"\nID_LIKE=\"fedora\"\n");
        List<String> arguments = new ArrayList<>(List.of(root.toString(), "/var/lib/redfleet"));
        arguments.addAll(Arrays.asList(ports));
        String rpm = asked("packages-rpm", arguments);
        assertThat(rpm).endsWith("packages.rpm.end=yes\n");
        return PackageSurvey.read(machine() + rpm);
    }

    private String machine() throws Exception {
        String said = asked("packages", List.of(root.toString()));
        assertThat(said).endsWith("packages.end=yes\n");
        return said;
    }

    private void release(String text) throws IOException {
        write("etc/os-release", text);
    }

    private void plugin(String enabled) throws IOException {
        write(
                "etc/dnf/plugins/versionlock.conf",
                "[main]\nenabled = " + enabled + "\nlocklist = /etc/dnf/plugins/versionlock.list\n");
    }

    private void locks(String text) throws IOException {
        write("etc/dnf/plugins/versionlock.list", text);
    }

    private void write(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private String asked(String name, List<String> words) throws Exception {
        Script script = Scripts.of(Surveyor.class, name, Duration.ofSeconds(20), words);
        List<String> command = new ArrayList<>(List.of("sh", "-s", "--"));
        command.addAll(script.arguments());
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        dnf.on(builder);
        Process shell = builder.start();
        shell.getOutputStream().write(script.text().getBytes(StandardCharsets.UTF_8));
        shell.getOutputStream().close();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return said;
    }
}
