package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.provisioner.lease.LeaseProcess;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Scripts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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

/** packages.sh with a real shell, on a directory that looks like a machine; dpkg, apt and systemd are not this one's. */
@Timeout(120)
class PackagesScriptTest {
    private static final String NOTES = "var/lib/redfleet-host/packages";
    private static final String NEEDRESTART = "etc/needrestart/conf.d/redfleet.conf";
    private static final String TOOLS = "redis-tools=" + FakeApt.VERSION;
    private static final String SERVER = "redis-server=" + FakeApt.VERSION;
    private static final String BEFORE = "5:7.0.11-1";
    private static final String TOOLS_BEFORE = "redis-tools=" + BEFORE;
    private static final String SERVER_BEFORE = "redis-server=" + BEFORE;
    private static final String EXACTLY = "--allow-downgrades --allow-change-held-packages ";
    private static final String MONIT = "monit=" + FakeApt.VERSION;
    private static final String MONIT_NOTES = "var/lib/redfleet-host/monit";
    private static final String HELD = "hold installed " + FakeApt.VERSION;
    private static final String OPTIONS = "-q -y -o DPkg::Lock::Timeout=60 -o Dpkg::Options::=--force-confdef"
            + " -o Dpkg::Options::=--force-confold -o APT::Install-Recommends=false";

    @TempDir
    Path base;

    @TempDir
    Path root;

    @TempDir
    Path fakes;

    private FakeApt apt;
    private LeaseProcess lease;

    @BeforeEach
    void aMachine() throws IOException {
        Files.createDirectories(root.resolve(NEEDRESTART).getParent());
        Files.createDirectories(root.resolve("proc"));
        apt = new FakeApt(fakes);
        lease = LeaseProcess.start(base, "lease-1", 60);
        assertThat(lease.beat()).startsWith("held");
    }

    @AfterEach
    void itIsGivenBack() throws IOException {
        lease.close();
    }

    @Test
    void packagesComeAtTheirVersionMaskedAndAreHeldAndASecondTimeNothingIsDone() throws Exception {
        apt.set("also", "Inst liblzf1 (3.6-3 Fake:12/stable [amd64])\n");
        assertThat(orders("install", TOOLS, SERVER)).isEqualTo("0 changed");

        assertThat(apt.dpkg("redis-tools")).isEqualTo(HELD);
        assertThat(apt.dpkg("redis-server")).isEqualTo(HELD);
        assertThat(apt.maskedThen()).containsExactly("redis-server.service");
        assertThat(apt.masked()).isEmpty();
        assertThat(apt.calls())
                .containsSubsequence(
                        "apt-get " + OPTIONS + " install -s --no-remove " + TOOLS + " " + SERVER,
                        "systemctl mask --runtime redis-server.service",
                        "apt-get " + OPTIONS + " install --download-only --no-remove " + TOOLS + " " + SERVER,
                        "apt-get " + OPTIONS + " install --no-remove " + TOOLS + " " + SERVER,
                        "systemctl unmask --runtime redis-server.service",
                        "systemctl disable --now redis-server.service",
                        "apt-mark hold redis-tools redis-server")
                .noneMatch(call ->
                        call.contains("update") || call.contains("redis-sentinel=") || call.contains(" start "));
        assertThat(notes())
                .containsExactlyInAnyOrder(
                        "# redfleet-packages",
                        "cluster u1 orders",
                        "package redis-tools - free " + FakeApt.VERSION,
                        "package redis-server - free " + FakeApt.VERSION,
                        "brought liblzf1 3.6-3");
        assertThat(Files.readString(root.resolve(NEEDRESTART)))
                .startsWith("# redfleet-packages\n")
                .contains("$nrconf{override_rc}{qr(^redis)} = 0;", "$nrconf{override_rc}{qr(^redfleet-)} = 0;");
        for (String path : List.of(NOTES, NEEDRESTART)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve(path))))
                    .as(path)
                    .isEqualTo("rw-r--r--");
        }

        assertThat(orders("install", TOOLS, SERVER)).isEqualTo("0 unchanged");
        assertThat(apt.calls()).isEmpty();
    }

    @Test
    void whatWasInstalledIsHeldAndNothingIsInstalledOrDisabled() throws Exception {
        apt.has("redis-tools", "install installed " + FakeApt.VERSION);
        apt.has("redis-server", "install installed " + FakeApt.VERSION);
        assertThat(orders("install", TOOLS, SERVER)).isEqualTo("0 changed");
        assertThat(apt.dpkg("redis-server")).isEqualTo(HELD);
        assertThat(apt.calls())
                .noneMatch(call -> call.startsWith("apt-get"))
                .noneMatch(call -> call.startsWith("systemctl") && !call.contains("is-active"));
        assertThat(notes()).contains("package redis-server " + FakeApt.VERSION + " free " + FakeApt.VERSION);
    }

    @Test
    void aVersionThatIsInstalledIsNotChanged() throws Exception {
        apt.has("redis-tools", "install installed 5:7.0.11-1");
        assertThat(orders("install", TOOLS, SERVER))
                .startsWith("1 redis-tools 5:7.0.11-1 is installed, and no version is changed here");
        nothingWasTouched();
    }

    @Test
    void aRedisOfSomebodyElseThatRunsStopsAllOfIt() throws Exception {
        apt.set("active/redis-server.service", "");
        assertThat(orders("install", TOOLS, SERVER))
                .isEqualTo("1 redis-server.service runs here and is not Redfleet's: nothing was installed");
        nothingWasTouched();
    }

    @Test
    void whatWouldChangeAnythingElseIsNotDone() throws Exception {
        apt.set("also", "Inst libc6 [2.36-9] (2.36-10 Fake:12/stable [amd64])\n");
        assertThat(orders("install", TOOLS, SERVER)).startsWith("1 with ").contains("change the version of libc6");
        nothingWasTouched();
    }

    @Test
    void whatAptCannotDoIsSaidInItsWords() throws Exception {
        apt.set("broken", "");
        assertThat(orders("install", TOOLS))
                .startsWith("1 apt-get cannot install")
                .contains("E: out of order");
        assertThat(orders("lists")).startsWith("1 apt-get update: E: out of order");
        assertThat(root.resolve(NOTES + ".read")).doesNotExist();
        nothingWasTouched();
    }

    @Test
    void aUnitThatCannotBeMaskedIsNotLetInto() throws Exception {
        apt.set("unmaskable", "");
        assertThat(orders("install", TOOLS, SERVER)).startsWith("1 redis-server.service cannot be masked");
        assertThat(apt.dpkg("redis-server")).isEmpty();
        assertThat(apt.masked()).isEmpty();
    }

    @Test
    void anInstallationThatWasCutOffIsGoneOnWith() throws Exception {
        apt.set("dies", "");
        assertThat(orders("install", TOOLS, SERVER))
                .startsWith("1 apt-get install")
                .contains("Sub-process /usr/bin/dpkg returned an error code");
        assertThat(notes()).contains("pending u1");
        assertThat(apt.masked()).isEmpty();
        assertThat(apt.dpkg("redis-server")).isEqualTo("install unpacked " + FakeApt.VERSION);
        apt.calls();

        apt.unset("dies");
        // A boot has lost the mask meanwhile, and started what had been enabled.
        apt.set("active/redis-server.service", "");
        assertThat(orders("install", TOOLS, SERVER)).isEqualTo("0 changed");
        assertThat(apt.dpkg("redis-server")).isEqualTo(HELD);
        assertThat(apt.dpkg("redis-tools")).isEqualTo(HELD);
        assertThat(apt.calls())
                .contains(
                        "dpkg --force-confdef --force-confold --configure redis-server",
                        "systemctl disable --now redis-server.service");
        assertThat(notes()).doesNotContain("pending u1").contains("package redis-server - free " + FakeApt.VERSION);
    }

    @Test
    void halfAnInstallationOfSomebodyElseIsHisToMend() throws Exception {
        apt.has("redis-server", "install half-configured " + FakeApt.VERSION);
        assertThat(orders("install", TOOLS, SERVER))
                .startsWith("1 redis-server is half-configured, and not by Redfleet");
        nothingWasTouched();
    }

    @Test
    void whatIsInstalledGoesToAnotherVersionAndBackAndIsHeldAllTheTime() throws Exception {
        orders("install", TOOLS_BEFORE, SERVER_BEFORE);
        apt.calls();
        assertThat(orders("change", TOOLS, SERVER)).isEqualTo("0 changed");
        assertThat(apt.dpkg("redis-tools")).isEqualTo(HELD);
        assertThat(apt.dpkg("redis-server")).isEqualTo(HELD);
        assertThat(apt.maskedThen()).containsExactly("redis-server.service");
        assertThat(apt.masked()).isEmpty();
        assertThat(apt.calls())
                .containsSubsequence(
                        "apt-get " + OPTIONS + " install -s --no-remove " + EXACTLY + TOOLS + " " + SERVER,
                        "systemctl mask --runtime redis-server.service",
                        "apt-get " + OPTIONS + " install --download-only --no-remove " + EXACTLY + TOOLS + " " + SERVER,
                        "apt-get " + OPTIONS + " install --no-remove " + EXACTLY + TOOLS + " " + SERVER,
                        "systemctl unmask --runtime redis-server.service",
                        "systemctl disable --now redis-server.service",
                        "apt-mark hold redis-tools redis-server")
                .noneMatch(call -> call.contains("unhold") || call.contains(" start "));
        assertThat(notes())
                .containsExactlyInAnyOrder(
                        "# redfleet-packages",
                        "cluster u1 orders",
                        "package redis-tools - free " + FakeApt.VERSION,
                        "package redis-server - free " + FakeApt.VERSION);
        assertThat(orders("change", TOOLS, SERVER)).isEqualTo("0 unchanged");
        assertThat(apt.calls()).isEmpty();

        assertThat(orders("change", TOOLS_BEFORE, SERVER_BEFORE)).isEqualTo("0 changed");
        assertThat(apt.dpkg("redis-server")).isEqualTo("hold installed " + BEFORE);
    }

    @Test
    void aChangeThatWasCutOffIsGoneOnWith() throws Exception {
        orders("install", TOOLS_BEFORE, SERVER_BEFORE);
        apt.set("dies", "");
        assertThat(orders("change", TOOLS, SERVER))
                .startsWith("1 apt-get install")
                .contains("Sub-process /usr/bin/dpkg returned an error code");
        assertThat(notes()).contains("pending u1");
        assertThat(apt.masked()).isEmpty();
        apt.unset("dies");
        apt.calls();
        assertThat(orders("change", TOOLS, SERVER)).isEqualTo("0 changed");
        assertThat(apt.calls()).contains("dpkg --force-confdef --force-confold --configure redis-server");
        assertThat(apt.dpkg("redis-tools")).isEqualTo(HELD);
        assertThat(apt.dpkg("redis-server")).isEqualTo(HELD);
        assertThat(notes()).doesNotContain("pending u1");

        // Cut between two packages: one has gone, the other has not.
        apt.has("redis-server", "hold installed " + BEFORE);
        assertThat(orders("change", TOOLS, SERVER)).isEqualTo("0 changed");
        assertThat(apt.dpkg("redis-server")).isEqualTo(HELD);
    }

    @Test
    void noVersionIsChangedUnderAnotherClusterOrWithAnythingElse() throws Exception {
        orders("install", TOOLS_BEFORE, SERVER_BEFORE);
        assertThat(billing("change", TOOLS, SERVER)).startsWith("1 billing does not use the packages of this host");
        apt.set("also", "Inst liblzf1 (3.6-3 Fake:12/stable [amd64])\n");
        assertThat(orders("change", TOOLS, SERVER)).startsWith("1 with ").contains("would change liblzf1 too");
        apt.set("also", "Remv redis-sentinel [5:7.0.11-1]\n");
        assertThat(orders("change", TOOLS, SERVER)).contains("would change redis-sentinel too");
        apt.unset("also");
        apt.set("active/redis-server.service", "");
        assertThat(orders("change", TOOLS, SERVER)).contains("redis-server.service runs here and is not Redfleet's");
        apt.unset("active/redis-server.service");
        assertThat(orders("change", TOOLS, "redis-sentinel=" + FakeApt.VERSION))
                .startsWith("1 redis-sentinel is not installed");
        assertThat(orders("change")).startsWith("1 no packages are named");
        assertThat(orders("monit", "change", MONIT)).startsWith("1 no packages are named");
        billing("install", TOOLS_BEFORE, SERVER_BEFORE);
        assertThat(orders("change", TOOLS, SERVER))
                .isEqualTo("1 another cluster uses these packages, and no version was changed: billing");
        assertThat(apt.dpkg("redis-tools")).isEqualTo("hold installed " + BEFORE);
        assertThat(apt.dpkg("redis-server")).isEqualTo("hold installed " + BEFORE);
        assertThat(notes()).doesNotContain("pending u1");
    }

    /** A cluster that has what is there is in no notes. */
    @Test
    void noVersionIsChangedUnderWhatRunsByItAndIsNotTheClusters() throws Exception {
        orders("install", TOOLS_BEFORE, SERVER_BEFORE);
        Path own = Files.createDirectories(base.resolve("orders/redis-server/data"));
        Path process = Files.createDirectories(root.resolve("proc/42"));
        Files.createSymbolicLink(process.resolve("exe"), Path.of("/usr/bin/redis-check-rdb (deleted)"));
        Path cwd = Files.createSymbolicLink(process.resolve("cwd"), root);
        assertThat(orders("change", TOOLS, SERVER))
                .isEqualTo("1 " + process + " runs by these packages, and is none of orders's: no version was changed");
        Files.delete(cwd);
        Files.createSymbolicLink(cwd, own);
        Path other = Files.createDirectories(base.resolve("carts/redis-server"));
        Files.createFile(other.resolve("owner"));
        assertThat(orders("change", TOOLS, SERVER))
                .startsWith("1 " + other + " is managed and has these packages, and is none of orders's");
        assertThat(apt.dpkg("redis-server")).isEqualTo("hold installed " + BEFORE);

        Files.createDirectories(other.resolve("bin"));
        assertThat(orders("change", TOOLS, SERVER)).as("its own links").isEqualTo("0 changed");
    }

    /** A child that saves ends at any time: what is gone a second later, or by the time it is looked at, is nobody's. */
    @Test
    void aProcessThatEndsWhileItIsLookedAtIsInNobodysWay() throws Exception {
        orders("install", TOOLS_BEFORE, SERVER_BEFORE);
        Path process = Files.createDirectories(root.resolve("proc/42"));
        Files.createSymbolicLink(process.resolve("exe"), Path.of("/usr/bin/redis-check-rdb"));
        Files.createSymbolicLink(process.resolve("cwd"), root);
        program("sleep", "rm -r '" + process + "'");
        assertThat(orders("change", TOOLS, SERVER)).isEqualTo("0 changed");
        assertThat(process).doesNotExist();

        program("find", "/usr/bin/find \"$@\"; echo '" + root.resolve("proc/77/exe") + "'");
        assertThat(orders("change", TOOLS_BEFORE, SERVER_BEFORE)).isEqualTo("0 changed");
    }

    /** Somebody has installed Redis before us, lets it start at boot, and runs none now. */
    @Test
    void aUnitThatSomebodyHasEnabledStaysSoWhereAVersionIsChanged() throws Exception {
        apt.has("redis-tools", "install installed " + BEFORE);
        apt.has("redis-server", "install installed " + BEFORE);
        apt.set("enabled/redis-server.service", "");
        orders("install", TOOLS_BEFORE, SERVER_BEFORE);
        apt.calls();
        assertThat(orders("change", TOOLS, SERVER)).isEqualTo("0 changed");
        assertThat(apt.maskedThen()).containsExactly("redis-server.service");
        assertThat(apt.masked()).isEmpty();
        assertThat(apt.calls()).noneMatch(call -> call.startsWith("systemctl disable"));

        apt.unset("enabled/redis-server.service");
        assertThat(orders("change", TOOLS_BEFORE, SERVER_BEFORE)).isEqualTo("0 changed");
        assertThat(apt.calls()).contains("systemctl disable --now redis-server.service");
    }

    /** It was ended once apt was done, and before the units were let go. */
    @Test
    void noMaskOfARunThatWasEndedStays() throws Exception {
        apt.has("redis-tools", HELD);
        apt.has("redis-server", HELD);
        apt.set("enabled/redis-server.service", "");
        Path noted = root.resolve(NOTES);
        Files.createDirectories(noted.getParent());
        String pending = "# redfleet-packages\npending u1\ncluster u1 orders\npackage redis-tools " + BEFORE + " free "
                + FakeApt.VERSION + "\npackage redis-server " + BEFORE + " free " + FakeApt.VERSION + "\n";
        for (String verb : List.of("change", "install", "release")) {
            Files.writeString(noted, pending);
            apt.set("masked/redis-server.service", "");
            assertThat(verb.equals("release") ? orders(verb) : orders(verb, TOOLS, SERVER))
                    .as(verb)
                    .isEqualTo("0 changed");
            assertThat(apt.masked()).as(verb).isEmpty();
            assertThat(apt.calls()).as(verb).noneMatch(call -> call.startsWith("systemctl disable"));
        }
    }

    /** The notes name what was to come, and the host has what came before. */
    @Test
    void afterAChangeThatCouldNotBeFetchedTheyGoAllTheSame() throws Exception {
        orders("install", TOOLS_BEFORE, SERVER_BEFORE);
        apt.set("offline", "");
        assertThat(orders("change", TOOLS, SERVER))
                .startsWith("1 apt-get cannot fetch")
                .contains("Failed to fetch");
        assertThat(apt.dpkg("redis-server")).isEqualTo("hold installed " + BEFORE);
        assertThat(apt.masked()).isEmpty();
        assertThat(notes()).contains("pending u1");
        assertThat(orders("release", "redis-tools", "redis-server")).isEqualTo("0 changed");
        assertThat(apt.dpkg("redis-tools")).startsWith("deinstall config-files");
        assertThat(apt.dpkg("redis-server")).startsWith("deinstall config-files");
    }

    @Test
    void whatSomebodyElseHasPutThereSinceStaysAndIsNamed() throws Exception {
        orders("install", TOOLS, SERVER);
        apt.has("redis-server", "hold installed 5:7.0.16-1");
        assertThat(orders("release", "redis-tools", "redis-server"))
                .isEqualTo(
                        "0 left redis-server: 5:7.0.16-1 is installed, and " + FakeApt.VERSION + " was noted\nchanged");
        assertThat(apt.dpkg("redis-tools")).startsWith("deinstall config-files");
        assertThat(apt.dpkg("redis-server")).isEqualTo("install installed 5:7.0.16-1");
    }

    @Test
    void whatIsNoPackageOfRedissOrNoVersionIsRefused() throws Exception {
        for (String pin :
                List.of("openssh-server=1", "redis-tools=", "redis-tools=1;reboot", "redis-tools=-o", "-s=1")) {
            assertThat(orders("install", pin)).as(pin).startsWith("1 ");
        }
        nothingWasTouched();
    }

    @Test
    void filesThatRedfleetDidNotMakeAreLeftAsTheyAre() throws Exception {
        Files.writeString(root.resolve(NEEDRESTART), "$nrconf{restart} = 'l';\n");
        assertThat(orders("install", TOOLS)).contains("redfleet.conf was not made by Redfleet and is left as it is");
        nothingWasTouched();
        Files.delete(root.resolve(NEEDRESTART));
        Files.createDirectories(root.resolve(NOTES).getParent());
        Files.writeString(root.resolve(NOTES), "mine\n");
        assertThat(orders("install", TOOLS)).startsWith("1 ");
        assertThat(orders("release")).startsWith("1 ");
        assertThat(Files.readString(root.resolve(NOTES))).isEqualTo("mine\n");
    }

    @Test
    void theListsAreReadWhereSomebodyAsksAndThatIsNoted() throws Exception {
        assertThat(orders("lists")).isEqualTo("0 changed");
        assertThat(apt.calls()).containsExactly("apt-get " + OPTIONS + " update");
        assertThat(root.resolve(NOTES + ".read")).exists();
    }

    @Test
    void theLastClusterGivesThemUpAndTheOneBeforeDoesNot() throws Exception {
        apt.set("also", "Inst liblzf1 (3.6-3 Fake:12/stable [amd64])\n");
        orders("install", TOOLS, SERVER);
        assertThat(billing("install", TOOLS, SERVER)).isEqualTo("0 changed");

        assertThat(orders("release", "redis-tools", "redis-server"))
                .isEqualTo("0 left the packages to billing\nchanged");
        assertThat(apt.dpkg("redis-server")).isEqualTo(HELD);
        assertThat(orders("release", "redis-tools", "redis-server")).isEqualTo("0 unchanged");
        apt.calls();

        assertThat(billing("release", "redis-tools", "redis-server", "liblzf1")).isEqualTo("0 changed");
        assertThat(apt.calls())
                .containsSubsequence(
                        "apt-mark unhold redis-tools",
                        "apt-mark unhold redis-server",
                        "apt-get " + OPTIONS + " remove -s redis-tools redis-server liblzf1",
                        "apt-get " + OPTIONS + " remove redis-tools redis-server liblzf1");
        assertThat(apt.dpkg("redis-server")).startsWith("deinstall config-files");
        assertThat(root.resolve(NOTES)).doesNotExist();
        assertThat(root.resolve(NEEDRESTART)).doesNotExist();
        assertThat(billing("release")).isEqualTo("0 unchanged");
    }

    @Test
    void whatWasHereBeforeStaysAndIsHeldAsItWas() throws Exception {
        apt.has("redis-tools", "install installed " + FakeApt.VERSION);
        apt.has("redis-server", "hold installed " + FakeApt.VERSION);
        orders("install", TOOLS, SERVER);
        apt.calls();
        assertThat(orders("release", "redis-tools", "redis-server", "libc6")).isEqualTo("0 changed");
        assertThat(apt.dpkg("redis-tools")).isEqualTo("install installed " + FakeApt.VERSION);
        assertThat(apt.dpkg("redis-server")).isEqualTo(HELD);
        assertThat(apt.calls()).containsExactly("apt-mark unhold redis-tools");
    }

    @Test
    void onlyWhatThePlanNamedGoes() throws Exception {
        orders("install", TOOLS, SERVER);
        apt.calls();
        assertThat(orders("release")).isEqualTo("0 changed");
        assertThat(apt.dpkg("redis-server")).isEqualTo("install installed " + FakeApt.VERSION);
        assertThat(apt.calls()).noneMatch(call -> call.startsWith("apt-get"));
    }

    @Test
    void whatStillRunsByThemOrMayKeepsThem() throws Exception {
        orders("install", TOOLS, SERVER);
        Path process = Files.createDirectories(root.resolve("proc/42"));
        Files.createSymbolicLink(process.resolve("exe"), Path.of("/usr/bin/redis-check-rdb"));
        assertThat(orders("release", "redis-tools", "redis-server"))
                .isEqualTo("0 left redis-tools redis-server: " + process + " runs\nchanged");
        assertThat(apt.dpkg("redis-server")).as("no hold of ours is left").startsWith("install installed");

        Files.delete(process.resolve("exe"));
        somebodyRemovesThem();
        orders("install", TOOLS, SERVER);
        Path unit = root.resolve("etc/systemd/system/redfleet-carts-redis-server.service");
        Files.createDirectories(unit.getParent());
        Files.createFile(unit);
        assertThat(orders("release", "redis-tools", "redis-server")).contains(unit + " is there");
    }

    @Test
    void anInstanceOfAnotherClusterBesideKeepsThemAndARetiredOneDoesNot() throws Exception {
        orders("install", TOOLS, SERVER);
        Path own = Files.createDirectories(base.resolve("orders/redis-server"));
        Files.createFile(own.resolve("owner"));
        Path other = Files.createDirectories(base.resolve("carts/redis-server"));
        Files.createFile(other.resolve("owner"));
        assertThat(orders("release", "redis-tools", "redis-server")).contains(other + " is managed");
        somebodyRemovesThem();
        orders("install", TOOLS, SERVER);
        Files.createFile(other.resolve("retired"));
        assertThat(orders("release", "redis-tools", "redis-server")).isEqualTo("0 changed");
        assertThat(apt.dpkg("redis-tools")).startsWith("deinstall config-files");
    }

    @Test
    void whatOtherPackagesNeedStays() throws Exception {
        orders("install", TOOLS, SERVER);
        apt.set("also-gone", "Remv prometheus-redis-exporter [1.45]\n");
        assertThat(orders("release", "redis-tools", "redis-server"))
                .isEqualTo("0 left redis-tools redis-server: other packages need them\nchanged");
        assertThat(apt.dpkg("redis-server")).startsWith("install installed");
    }

    @Test
    void monitsPackageIsNotedApartAndGoesWithoutRedisOnes() throws Exception {
        orders("install", TOOLS, SERVER);
        apt.calls();
        assertThat(orders("monit", "install", MONIT)).isEqualTo("0 changed");
        assertThat(apt.dpkg("monit")).isEqualTo(HELD);
        assertThat(apt.maskedThen()).containsExactly("monit.service");
        assertThat(apt.masked()).isEmpty();
        assertThat(apt.calls())
                .containsSubsequence(
                        "systemctl mask --runtime monit.service",
                        "apt-get " + OPTIONS + " install --no-remove " + MONIT,
                        "systemctl unmask --runtime monit.service",
                        "systemctl disable --now monit.service",
                        "apt-mark hold monit")
                .noneMatch(call -> call.contains("redis"));
        assertThat(Files.readAllLines(root.resolve(MONIT_NOTES)))
                .containsExactlyInAnyOrder(
                        "# redfleet-packages", "cluster u1 orders", "package monit - free " + FakeApt.VERSION);
        assertThat(orders("monit", "install", MONIT)).isEqualTo("0 unchanged");
        assertThat(orders("install", TOOLS, SERVER)).isEqualTo("0 unchanged");
        List<String> redis = notes();

        assertThat(orders("monit", "release", "monit")).isEqualTo("0 changed");
        assertThat(apt.dpkg("monit")).startsWith("deinstall config-files");
        assertThat(root.resolve(MONIT_NOTES)).doesNotExist();
        assertThat(apt.dpkg("redis-server")).isEqualTo(HELD);
        assertThat(notes()).isEqualTo(redis);
        assertThat(root.resolve(NEEDRESTART)).exists();
        assertThat(orders("monit", "release", "monit")).isEqualTo("0 unchanged");
    }

    @Test
    void aMonitOfSomebodyElseIsHeldAndGoesOnAsItRuns() throws Exception {
        apt.has("monit", "install installed " + FakeApt.VERSION);
        apt.set("active/monit.service", "");
        assertThat(orders("monit", "install", MONIT)).isEqualTo("0 changed");
        assertThat(apt.dpkg("monit")).isEqualTo(HELD);
        assertThat(orders("monit", "release")).isEqualTo("0 changed");
        assertThat(apt.dpkg("monit")).isEqualTo("install installed " + FakeApt.VERSION);
        assertThat(apt.calls()).noneMatch(call -> call.startsWith("apt-get") || call.startsWith("systemctl"));
    }

    @Test
    void aMonitThatStillRunsOrMayKeepsItsPackage() throws Exception {
        orders("monit", "install", MONIT);
        Path process = Files.createDirectories(root.resolve("proc/42"));
        Files.createSymbolicLink(process.resolve("exe"), Path.of("/usr/bin/monit"));
        assertThat(orders("monit", "release", "monit")).isEqualTo("0 left monit: " + process + " runs\nchanged");
        assertThat(apt.dpkg("monit")).as("no hold of ours is left").startsWith("install installed");

        Files.delete(process.resolve("exe"));
        apt.has("monit", "deinstall config-files " + FakeApt.VERSION);
        orders("monit", "install", MONIT);
        Path unit = root.resolve("etc/systemd/system/redfleet-carts.monit.service");
        Files.createDirectories(unit.getParent());
        Files.createFile(unit);
        assertThat(orders("monit", "release", "monit")).contains(unit + " is there");
    }

    /** Its unit is one of an init script, which systemd does not stop by disabling it. */
    @Test
    void aMonitThatABootHasStartedInTheMiddleOfItsInstallationIsStopped() throws Exception {
        Path noted = root.resolve(MONIT_NOTES);
        Files.createDirectories(noted.getParent());
        Files.writeString(
                noted,
                "# redfleet-packages\npending u1\ncluster u1 orders\npackage monit - free " + FakeApt.VERSION + "\n");
        apt.has("monit", "install installed " + FakeApt.VERSION);
        apt.set("active/monit.service", "");
        assertThat(orders("monit", "install", MONIT)).isEqualTo("0 changed");
        assertThat(apt.calls()).contains("systemctl disable --now monit.service", "systemctl stop monit.service");
        assertThat(Files.readString(noted)).doesNotContain("pending");
    }

    @Test
    void neitherIsInstalledUnderTheOthersName() throws Exception {
        assertThat(orders("monit", "install", TOOLS)).startsWith("1 redis-tools is none of the packages");
        assertThat(orders("install", MONIT)).startsWith("1 monit is none of the packages");
        nothingWasTouched();
    }

    @Test
    void withoutTheLeaseNothingIsInstalled() throws Exception {
        assertThat(said("lease-2", "u1", "orders", base.toString(), "install", TOOLS))
                .startsWith("1 fenced off");
        nothingWasTouched();
    }

    /** What a script finds before the machine's own. */
    private void program(String name, String text) throws IOException {
        Path file = fakes.resolve("bin").resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** What was left once is the machine's own from then on. */
    private void somebodyRemovesThem() throws IOException {
        apt.has("redis-tools", "deinstall config-files " + FakeApt.VERSION);
        apt.has("redis-server", "deinstall config-files " + FakeApt.VERSION);
    }

    private void nothingWasTouched() throws IOException {
        assertThat(root.resolve(NOTES)).doesNotExist();
        assertThat(apt.masked()).isEmpty();
        assertThat(apt.calls())
                .noneMatch(call -> call.matches("apt-mark .*|dpkg .*|.* install (--download-only )?--no-remove .*"));
    }

    private List<String> notes() throws IOException {
        return Files.readAllLines(root.resolve(NOTES));
    }

    private String orders(String... words) throws Exception {
        return ran("u1", "orders", words);
    }

    private String billing(String... words) throws Exception {
        return ran("u2", "billing", words);
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
        Script script = Scripts.of(Hands.class, "packages", Duration.ofSeconds(30), arguments);
        List<String> command = new ArrayList<>(List.of("sh", "-s", "--"));
        command.addAll(script.arguments());
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        apt.on(builder);
        Process shell = builder.start();
        shell.getOutputStream().write(script.text().getBytes(StandardCharsets.UTF_8));
        shell.getOutputStream().close();
        assertThat(shell.waitFor(40, TimeUnit.SECONDS)).isTrue();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return shell.exitValue() + " " + said.strip();
    }
}
