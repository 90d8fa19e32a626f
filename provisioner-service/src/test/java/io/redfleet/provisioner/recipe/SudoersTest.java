package io.redfleet.provisioner.recipe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.SshSpec;
import io.redfleet.provisioner.desired.SpecReader;
import io.redfleet.provisioner.survey.RunAs;
import io.redfleet.provisioner.survey.Surveyor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SudoersTest {
    @TempDir
    Path directory;

    @Test
    void ofUnitsItNamesEachUserTheShellAndBothAccounts() {
        assertThat(Sudoers.of(spec("systemd", "none", "ops", "redfleet", "ops")).file())
                .isEqualTo("""
                # What Redfleet asks of sudo on the hosts of cluster orders, for service: systemd.
                # Put it into /etc/sudoers.d/redfleet-orders, of root, mode 0440, and check it with
                # visudo -cf /etc/sudoers.d/redfleet-orders
                #
                # This is as much as root: what Redfleet asks for is a shell,
                #   sudo -n -u redis -- sh -s -- ARGUMENT...
                #   sudo -n -- sh -s -- ARGUMENT...
                #   sudo -n -- sh -c SCRIPT NAME ARGUMENT...
                # and a shell does whatever it is told. A narrower rule would only look like one: guard the keys of
                # these users as you guard root's.

                # On r1, r3
                Defaults:ops !requiretty
                ops ALL=(redis, root) NOPASSWD: /usr/bin/sh, /bin/sh

                # On r2
                Defaults:redfleet !requiretty
                redfleet ALL=(redis, root) NOPASSWD: /usr/bin/sh, /bin/sh
                """);
    }

    @Test
    void ofTuningAloneItIsRootAndNobodyElse() {
        Sudoers sudoers = Sudoers.of(spec("process", "recommended", "ops"));
        assertThat(sudoers.runAs()).isEqualTo(Set.of(RunAs.ROOT));
        assertThat(sudoers.file())
                .contains("for tuning.", "\nops ALL=(root) NOPASSWD: /usr/bin/sh, /bin/sh\n")
                .doesNotContain("redis --", "true");
    }

    @Test
    void ofProcessesWithoutTuningItSaysThatThereIsNoneAndAllowsNothing() {
        Sudoers sudoers = Sudoers.of(spec("process", "none", "ops"));
        assertThat(sudoers.file()).contains("Cluster orders needs no sudo", "an earlier");
        assertThat(sudoers.file().lines()).allMatch(line -> line.startsWith("# "));
        assertThat(sudoers.shown())
                .containsEntry("needed", false)
                .containsEntry("users", List.of())
                .containsEntry("file", sudoers.file());
    }

    /** Whatever stands before a command, these rules have to allow; another form has to be thought of here first. */
    @ParameterizedTest
    @EnumSource(
            value = RunAs.class,
            names = {"REDIS", "ROOT"})
    void itAllowsWhatStandsBeforeACommand(RunAs by) {
        List<String> before = by.before();
        int end = before.size() - 1;
        assertThat(before.subList(0, 2)).containsExactly("sudo", "-n");
        assertThat(before.get(end)).isEqualTo("--");
        List<String> who = before.subList(2, end);
        String account = who.isEmpty() ? "root" : who.getLast();
        assertThat(who).isIn(List.of(), List.of("-u", account));
        assertThat(by.account()).isEqualTo(account);
        String file = Sudoers.of(spec("systemd", "none", "ops")).file();
        assertThat(file).containsPattern("\nops ALL=\\((.*, )?" + account + "(, .*)?\\) NOPASSWD: ");
    }

    @Test
    void itAllowsWhatASurveyAsksToFindOut() throws IOException {
        try (InputStream in = Objects.requireNonNull(Surveyor.class.getResourceAsStream("units.sh"))) {
            List<String> asked = new String(in.readAllBytes(), UTF_8)
                    .lines()
                    .filter(line -> line.contains("sudo -n") && !line.contains("echo"))
                    .toList();
            assertThat(asked).singleElement().asString().contains("sudo -n \"$@\" -- " + RunAs.SHELL + " -s -- ");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ALL",
                "OPS",
                "%wheel",
                "+net",
                "#0",
                "!root",
                "",
                "-u",
                "a b",
                "a,b",
                "a=b",
                "a:b",
                "a\\b",
                "a\"b",
                "ops ALL=(ALL) NOPASSWD: ALL #",
                "ops\nroot ALL=(ALL) NOPASSWD: ALL",
                "ops\r",
                "@include /tmp/x",
                "öps"
            })
    void noNameBreaksOutOfIt(String name) {
        Sudoers sudoers = Sudoers.of(named(name));
        assertThat(sudoers.refusal())
                .hasValueSatisfying(why -> assertThat(why)
                        .startsWith("ssh.user of r1: '")
                        .contains("must match")
                        .matches("[ -~]*"));
        assertThatThrownBy(sudoers::file).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @CsvSource({"systemd, none", "process, recommended", "process, none", "systemd, article"})
    void visudoTakesIt(String service, String profile) throws Exception {
        Optional<Path> visudo = visudo();
        assumeTrue(visudo.isPresent(), "visudo is not installed");
        Path file = Files.writeString(
                directory.resolve("sudoers"),
                Sudoers.of(spec(service, profile, "ops", "_redfleet-2", "a")).file());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r-----"));
        Process check = new ProcessBuilder(visudo.orElseThrow().toString(), "-cf", file.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(check.getInputStream().readAllBytes(), UTF_8);
        assertThat(check.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(check.exitValue()).as(said).isZero();
    }

    private static Optional<Path> visudo() {
        return Stream.of("/usr/sbin", "/sbin", "/usr/bin", "/usr/local/sbin")
                .map(place -> Path.of(place, "visudo"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** @param users of r1, r2 and so on */
    private static ClusterSpec spec(String service, String profile, String... users) {
        List<Map<String, Object>> hosts = new ArrayList<>();
        for (String user : users) {
            int number = hosts.size() + 1;
            hosts.add(Map.of("name", "r" + number, "address", "10.0.0.1" + number, "ssh", Map.of("user", user)));
        }
        // One host has no majority to speak of, and no other rule of a spec is of interest here.
        Map<String, Object> sentinel = Map.of("allowWeakQuorum", true);
        Map<String, Object> spec =
                Map.of("service", service, "tuning", Map.of("profile", profile), "sentinel", sentinel, "hosts", hosts);
        SpecReader.Reading reading = SpecReader.read(Map.of("metadata", Map.of("name", "orders"), "spec", spec));
        assertThat(reading).isInstanceOf(SpecReader.Good.class);
        return ((SpecReader.Good) reading).spec();
    }

    /** As no reader of specs would let it through. */
    private static ClusterSpec named(String user) {
        ClusterSpec like = spec("systemd", "none", "ops");
        HostSpec host = like.hosts().getFirst();
        SshSpec ssh = new SshSpec(user, 22, "default", null);
        return new ClusterSpec(
                like.name(),
                like.labels(),
                like.redis(),
                like.durability(),
                like.sentinel(),
                List.of(new HostSpec(
                        host.name(), host.address(), host.zone(), ssh, host.directory(), host.instances())),
                like.bootstrapMaster(),
                like.service(),
                like.watch(),
                like.security(),
                like.monit(),
                like.tuning());
    }
}
