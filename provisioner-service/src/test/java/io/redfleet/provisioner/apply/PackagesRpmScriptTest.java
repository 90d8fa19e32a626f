package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.provisioner.lease.LeaseProcess;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Scripts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** packages-rpm.sh with a real shell, on a directory that looks like a machine; rpm, dnf and systemd are none of a host's. */
@Timeout(120)
class PackagesRpmScriptTest {
    private static final String NOTES = "var/lib/redfleet-host/packages";
    private static final String VERSION = FakeDnf.VERSION;
    private static final String REDIS = "redis=" + VERSION;
    private static final String LOCK = "redis-" + VERSION + ".*";
    private static final String DNF =
            "dnf --setopt=install_weak_deps=False --setopt=clean_requirements_on_remove=False ";
    private static final String LOCKS = DNF + "-q -C versionlock list";
    private static final String SAID = "0 experimental: not tested on a host of this family\n";

    @TempDir
    Path base;

    @TempDir
    Path root;

    @TempDir
    Path fakes;

    private FakeDnf dnf;
    private LeaseProcess lease;

    @BeforeEach
    void aMachine() throws IOException {
        Files.createDirectories(root.resolve("proc"));
        dnf = new FakeDnf(fakes);
        lease = LeaseProcess.start(base, "lease-1", 60);
        assertThat(lease.beat()).startsWith("held");
    }

    @AfterEach
    void itIsGivenBack() throws IOException {
        lease.close();
    }

    @Test
    void thePackageComesAtItsVersionMaskedAndIsLockedAndASecondTimeNothingIsDone() throws Exception {
        dnf.set("also", FakeDnf.BRINGS);
        assertThat(orders("install", REDIS)).isEqualTo(SAID + "changed");

        assertThat(dnf.rpm("redis")).isEqualTo(VERSION);
        assertThat(dnf.locks()).containsExactly(LOCK);
        assertThat(dnf.maskedThen()).containsExactly("redis-sentinel.service", "redis.service");
        assertThat(dnf.masked()).isEmpty();
        assertThat(dnf.calls())
                .containsSubsequence(
                        LOCKS,
                        DNF + "-C --assumeno install redis-" + VERSION,
                        "systemctl mask --runtime redis.service",
                        "systemctl mask --runtime redis-sentinel.service",
                        DNF + "-y --downloadonly install redis-" + VERSION,
                        DNF + "-C --assumeno install redis-" + VERSION,
                        DNF + "-y -C install redis-" + VERSION,
                        "systemctl unmask --runtime redis.service",
                        "systemctl disable --now redis.service",
                        "systemctl unmask --runtime redis-sentinel.service",
                        "systemctl disable --now redis-sentinel.service",
                        DNF + "-q -C versionlock add --raw " + LOCK)
                .noneMatch(call -> call.contains(" start ") || call.contains(" enable ") || call.contains("makecache"));
        assertThat(notes())
                .containsExactlyInAnyOrder(
                        "# redfleet-packages",
                        "cluster u1 orders",
                        "package redis - free " + VERSION,
                        "brought " + FakeDnf.LONG + " 0:3.6-3.el9");

        assertThat(orders("install", REDIS)).isEqualTo(SAID + "unchanged");
        assertThat(dnf.calls()).containsExactly(LOCKS);
    }

    @Test
    void whatWasInstalledIsLockedAndNothingIsInstalledOrDisabled() throws Exception {
        dnf.has("redis", VERSION);
        assertThat(orders("install", REDIS)).isEqualTo(SAID + "changed");
        assertThat(dnf.locks()).containsExactly(LOCK);
        assertThat(dnf.calls())
                .noneMatch(call -> call.contains(" install "))
                .noneMatch(call -> call.startsWith("systemctl") && !call.contains("is-active"));
        assertThat(notes()).contains("package redis " + VERSION + " free " + VERSION);
    }

    @Test
    void aVersionThatIsInstalledIsNotChanged() throws Exception {
        dnf.has("redis", "0:7.2.6-1.el9");
        assertThat(orders("install", REDIS))
                .startsWith(
                        "1 redis 0:7.2.6-1.el9 is installed, and no version is changed here, also not to " + VERSION)
                .endsWith("(experimental: not tested on a host of this family)");
        nothingWasTouched();
    }

    @Test
    void severalAtOnceAreSomebodysToMend() throws Exception {
        dnf.has("redis", "0:7.2.6-1.el9\n" + VERSION);
        assertThat(orders("install", REDIS)).startsWith("1 redis is installed more than once");
        nothingWasTouched();
    }

    @Test
    void aRedisOfSomebodyElseThatRunsStopsAllOfIt() throws Exception {
        dnf.set("active/redis-sentinel.service", "");
        assertThat(orders("install", REDIS))
                .startsWith("1 redis-sentinel.service runs here and is not Redfleet's: nothing was installed");
        nothingWasTouched();
    }

    /** Each row: what dnf would do besides, as its table has it, and what is said of it. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            Upgrading:                    | ' glibc    x86_64    2.34-100.el9   baseos    2.0 M' | Upgrading glibc 0:2.34-100.el9
            Downgrading:                  | ' glibc    x86_64    2.34-10.el9    baseos    2.0 M' | Downgrading glibc 0:2.34-10.el9
            Removing:                     | ' redis6   x86_64    6.2.7-1.el9    @epel     2.0 M' | Removing redis6 0:6.2.7-1.el9
            Removing dependent packages:  | ' exporter x86_64    1.45-1.el9     @epel     2.0 M' | Removing-dependent-packages
            Installing weak dependencies: | ' redis-doc noarch   7.2.7-1.el9    appstream 0.6 M' | Installing-weak-dependencies
            Enabling module streams:      | ' redis              7                             ' | Enabling-module-streams redis
            Installing dependencies:      | ' newer    x86_64    1:2-1  epel 1 k replacing older.x86_64 1' | Replacing older.x86_64 1
            """)
    void whatWouldChangeAnythingElseIsNotDone(String section, String line, String said) throws Exception {
        dnf.set("also", section + "\n" + line + "\n");
        assertThat(orders("install", REDIS))
                .startsWith("1 dnf would do more for redis-" + VERSION + " than install it and what it needs")
                .contains(said);
        nothingWasTouched();
    }

    @Test
    void anotherVersionThanWasAskedForIsNotInstalled() throws Exception {
        dnf.set("shown", "7.2.9-1.el9\n");
        assertThat(orders("install", REDIS)).startsWith("1 ").contains("Installing redis 0:7.2.9-1.el9");
        nothingWasTouched();
    }

    @Test
    void aPlanThatIsAnotherOnceAllIsFetchedIsNotCarriedOut() throws Exception {
        dnf.set("later", FakeDnf.BRINGS);
        assertThat(orders("install", REDIS)).startsWith("1 what dnf would do has changed meanwhile");
        assertThat(dnf.rpm("redis")).isEmpty();
        assertThat(dnf.masked()).isEmpty();
        assertThat(notes()).contains("pending u1");
    }

    @Test
    void whatDnfCannotDoIsSaidInItsWords() throws Exception {
        dnf.set("unknown", "");
        assertThat(orders("install", REDIS))
                .startsWith("1 dnf cannot install redis-" + VERSION)
                .contains("Error: Unable to find a match: redis-" + VERSION);
        dnf.set("broken", "");
        assertThat(orders("install", REDIS)).startsWith("1 dnf versionlock list: Error: out of order");
        assertThat(orders("lists")).startsWith("1 dnf makecache: Error: out of order");
        assertThat(root.resolve(NOTES + ".read")).doesNotExist();
        nothingWasTouched();
    }

    @Test
    void whatRpmDoesNotSayIsNotTakenForNothing() throws Exception {
        dnf.set("broken-rpm", "");
        assertThat(orders("install", REDIS)).startsWith("1 rpm -q redis: error: cannot open Packages database");
        nothingWasTouched();
    }

    @Test
    void withoutThePluginThatLocksNothingIsInstalled() throws Exception {
        dnf.set("lockless", "");
        assertThat(orders("install", REDIS)).startsWith("1 dnf versionlock list: No such command: versionlock");
        nothingWasTouched();
    }

    @Test
    void aLockThatDoesNotHoldIsSaidAndNotDone() throws Exception {
        dnf.set("forgetful", "");
        assertThat(orders("install", REDIS)).startsWith("1 dnf's locks do not hold redis-" + VERSION);
        assertThat(notes()).contains("pending u1");
        dnf.unset("forgetful");
        assertThat(orders("install", REDIS)).isEqualTo(SAID + "changed");
        assertThat(notes()).doesNotContain("pending u1");
    }

    @Test
    void aUnitThatCannotBeMaskedIsNotLetInto() throws Exception {
        dnf.set("unmaskable", "");
        assertThat(orders("install", REDIS)).startsWith("1 redis.service cannot be masked");
        assertThat(dnf.rpm("redis")).isEmpty();
        assertThat(dnf.masked()).isEmpty();
    }

    @Test
    void anInstallationThatWasCutOffIsGoneOnWith() throws Exception {
        dnf.set("dies", "");
        assertThat(orders("install", REDIS))
                .startsWith("1 dnf install redis-" + VERSION)
                .contains("Error: Transaction failed");
        assertThat(notes()).contains("pending u1", "package redis - free " + VERSION);
        assertThat(dnf.masked()).isEmpty();
        dnf.calls();

        // What had come by then was enabled by somebody's preset, and a boot has started it.
        dnf.unset("dies");
        dnf.has("redis", VERSION);
        dnf.set("active/redis.service", "");
        assertThat(orders("install", REDIS)).isEqualTo(SAID + "changed");
        assertThat(dnf.calls())
                .contains("systemctl disable --now redis.service", DNF + "-q -C versionlock add --raw " + LOCK)
                .noneMatch(call -> call.contains(" install "));
        assertThat(notes()).doesNotContain("pending u1").contains("package redis - free " + VERSION);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "openssh-server=0:1-1",
                "redis",
                "redis=",
                "redis=7.2.7-1.el9",
                "redis=0:7.2.7",
                "redis=0:7.2.7-1;reboot",
                "redis=0:7.2.7-1 -x",
                "redis=--installroot"
            })
    void whatIsNoPackageOfRedissOrNoVersionIsRefused(String pin) throws Exception {
        assertThat(orders("install", pin)).startsWith("1 ").contains(" is no");
        nothingWasTouched();
    }

    @Test
    void notesThatRedfleetDidNotMakeAreLeftAsTheyAre() throws Exception {
        Files.createDirectories(root.resolve(NOTES).getParent());
        Files.writeString(root.resolve(NOTES), "mine\n");
        assertThat(orders("install", REDIS)).contains("packages was not made by Redfleet and is left as it is");
        assertThat(orders("release")).startsWith("1 ");
        assertThat(Files.readString(root.resolve(NOTES))).isEqualTo("mine\n");
    }

    @Test
    void theListsAreReadWhereSomebodyAsksAndThatIsNoted() throws Exception {
        assertThat(orders("lists")).isEqualTo(SAID + "changed");
        assertThat(dnf.calls()).containsExactly(DNF + "-q makecache --refresh");
        assertThat(root.resolve(NOTES + ".read")).exists();
    }

    @Test
    void theLastClusterGivesItUpAndTheOneBeforeDoesNot() throws Exception {
        dnf.set("also", FakeDnf.BRINGS);
        orders("install", REDIS);
        assertThat(ran("u2", "billing", "install", REDIS)).isEqualTo(SAID + "changed");

        assertThat(orders("release", "redis")).isEqualTo(SAID + "left the packages to billing\nchanged");
        assertThat(dnf.locks()).containsExactly(LOCK);
        assertThat(orders("release", "redis")).isEqualTo(SAID + "unchanged");
        dnf.calls();

        assertThat(ran("u2", "billing", "release", "redis", FakeDnf.LONG)).isEqualTo(SAID + "changed");
        assertThat(dnf.calls())
                .containsSubsequence(
                        DNF + "-q -C versionlock delete " + LOCK,
                        DNF + "-C --assumeno remove redis " + FakeDnf.LONG,
                        DNF + "-y -C remove redis " + FakeDnf.LONG);
        assertThat(dnf.rpm("redis")).isEmpty();
        assertThat(dnf.rpm(FakeDnf.LONG)).isEmpty();
        assertThat(dnf.locks()).isEmpty();
        assertThat(root.resolve(NOTES)).doesNotExist();
        assertThat(ran("u2", "billing", "release")).isEqualTo(SAID + "unchanged");
    }

    @Test
    void whatWasHereBeforeStaysAndIsLockedAsItWas() throws Exception {
        dnf.has("redis", VERSION);
        dnf.set("locks", "redis-" + VERSION + ".x86_64\nkernel-0:5.14.0-1.el9.*\n");
        orders("install", REDIS);
        assertThat(notes()).contains("package redis " + VERSION + " held " + VERSION);
        dnf.calls();
        assertThat(orders("release", "redis", "glibc")).isEqualTo(SAID + "changed");
        assertThat(dnf.rpm("redis")).isEqualTo(VERSION);
        assertThat(dnf.locks()).containsExactly("redis-" + VERSION + ".x86_64", "kernel-0:5.14.0-1.el9.*");
        assertThat(dnf.calls()).containsExactly(LOCKS);
    }

    @Test
    void onlyWhatThePlanNamedGoes() throws Exception {
        orders("install", REDIS);
        assertThat(orders("release")).isEqualTo(SAID + "changed");
        assertThat(dnf.rpm("redis")).isEqualTo(VERSION);
        assertThat(dnf.locks()).isEmpty();
        assertThat(dnf.calls()).noneMatch(call -> call.contains(" remove "));
    }

    @Test
    void whatStillRunsByItOrMayKeepsIt() throws Exception {
        orders("install", REDIS);
        Path process = Files.createDirectories(root.resolve("proc/42"));
        Files.createSymbolicLink(process.resolve("exe"), Path.of("/usr/bin/redis-server"));
        assertThat(orders("release", "redis")).isEqualTo(SAID + "left redis: " + process + " runs\nchanged");
        assertThat(dnf.rpm("redis")).isEqualTo(VERSION);
        assertThat(dnf.locks()).as("no lock of ours is left").isEmpty();

        Files.delete(process.resolve("exe"));
        dnf.unset("pkg/redis");
        orders("install", REDIS);
        Path unit = root.resolve("etc/systemd/system/redfleet-carts-redis-server.service");
        Files.createDirectories(unit.getParent());
        Files.createFile(unit);
        assertThat(orders("release", "redis")).contains(unit + " is there");
    }

    @Test
    void whatOtherPackagesNeedStays() throws Exception {
        orders("install", REDIS);
        dnf.set("also-gone", "Removing dependent packages:\n exporter x86_64 1.45-1.el9 @epel 2.0 M\n");
        assertThat(orders("release", "redis")).isEqualTo(SAID + "left redis: other packages need them\nchanged");
        assertThat(dnf.rpm("redis")).isEqualTo(VERSION);
    }

    @Test
    void withoutTheLeaseNothingIsInstalled() throws Exception {
        assertThat(said("lease-2", "u1", "orders", base.toString(), "install", REDIS))
                .startsWith("1 fenced off");
        nothingWasTouched();
    }

    private void nothingWasTouched() throws IOException {
        assertThat(root.resolve(NOTES)).doesNotExist();
        assertThat(dnf.masked()).isEmpty();
        assertThat(dnf.locks()).isEmpty();
        assertThat(dnf.calls())
                .noneMatch(
                        call -> call.contains(" -y ") || call.contains("versionlock add") || call.contains(" mask "));
    }

    private List<String> notes() throws IOException {
        return Files.readAllLines(root.resolve(NOTES));
    }

    private String orders(String... words) throws Exception {
        return ran("u1", "orders", words);
    }

    private String ran(String uid, String cluster, String... words) throws Exception {
        List<String> all = new ArrayList<>(List.of(uid, cluster, base.toString()));
        all.addAll(Arrays.asList(words));
        return said("lease-1", all.toArray(String[]::new));
    }

    /** The exit status, and what was said. */
    private String said(String by, String... words) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(base.toString(), by, "0", root.toString()));
        arguments.addAll(Arrays.asList(words));
        Script script = Scripts.of(Hands.class, "packages-rpm", Duration.ofSeconds(30), arguments);
        List<String> command = new ArrayList<>(List.of("sh", "-s", "--"));
        command.addAll(script.arguments());
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        dnf.on(builder);
        Process shell = builder.start();
        shell.getOutputStream().write(script.text().getBytes(StandardCharsets.UTF_8));
        shell.getOutputStream().close();
        assertThat(shell.waitFor(40, TimeUnit.SECONDS)).isTrue();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return shell.exitValue() + " " + said.strip();
    }
}
