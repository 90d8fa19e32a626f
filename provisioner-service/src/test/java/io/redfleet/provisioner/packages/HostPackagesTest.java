package io.redfleet.provisioner.packages;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.InstanceSpec;
import io.redfleet.contracts.cluster.SshSpec;
import io.redfleet.provisioner.packages.HostPackages.Choice;
import io.redfleet.provisioner.packages.HostPackages.Moved;
import io.redfleet.provisioner.packages.HostPackages.Otherwise;
import io.redfleet.provisioner.packages.HostPackages.Pinned;
import io.redfleet.provisioner.packages.HostPackages.Unlisted;
import io.redfleet.provisioner.packages.HostPackages.Unsound;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostPackagesTest {
    private static final List<String> ALL = HostPackages.ALL;

    @Test
    void aHostNeedsTheToolsAndWhatItsInstancesAre() {
        assertThat(HostPackages.needed(host(InstanceRole.REDIS, InstanceRole.SENTINEL)))
                .isEqualTo(ALL);
        assertThat(HostPackages.needed(host(InstanceRole.REDIS))).containsExactly("redis-tools", "redis-server");
        assertThat(HostPackages.needed(host(InstanceRole.SENTINEL))).containsExactly("redis-tools", "redis-sentinel");
    }

    /** Each row: what the spec says, what apt would take by itself, what it offers, the choice (- none). */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''     | 5:7.0.15-1 | 5:7.2.4-1 5:7.0.15-1           | 5:7.0.15-1
            7.0    | 5:7.0.15-1 | 5:7.2.4-1 5:7.0.15-1           | 5:7.0.15-1
            7      | 5:7.0.15-1 | 5:7.2.4-1 5:7.0.15-1           | 5:7.0.15-1
            7.2    | 5:7.0.15-1 | 5:7.2.5-1 5:7.2.4-1 5:7.0.15-1 | 5:7.2.5-1
            7.2.4  | 5:7.0.15-1 | 5:7.2.5-1 5:7.2.4-1 5:7.0.15-1 | 5:7.2.4-1
            7.0.1  | 5:7.0.15-1 | 5:7.0.15-1                     | -
            7.4    | 5:7.0.15-1 | 5:7.2.4-1 5:7.0.15-1           | -
            ''     | 5:6.0.16-1 | 5:6.0.16-1                     | -
            6      | 5:6.0.16-1 | 5:6.2.6-1 5:6.0.16-1           | 5:6.2.6-1
            ''     | -          | 7.0.15-1                       | 7.0.15-1
            """)
    void aVersionIsChosenThatFits(String wanted, String candidate, String offered, String choice) {
        Choice chosen = HostPackages.choose(ALL, wanted, seen(Map.of(), candidate, offered));
        if (choice.equals("-")) {
            assertThat(chosen).isInstanceOf(Unlisted.class);
        } else {
            assertThat(chosen)
                    .isInstanceOfSatisfying(
                            Pinned.class,
                            pinned -> assertThat(pinned.pins())
                                    .containsExactly(
                                            Map.entry("redis-tools", choice),
                                            Map.entry("redis-server", choice),
                                            Map.entry("redis-sentinel", choice)));
        }
    }

    @Test
    void aVersionThatNotAllPackagesHaveIsNoChoice() {
        PackageSurvey seen = new PackageSurvey(
                true,
                Map.of(),
                Map.of(
                        "redis-tools", new Offer("5:7.2.4-1", List.of("5:7.2.4-1", "5:7.0.15-1")),
                        "redis-server", new Offer("5:7.0.15-1", List.of("5:7.0.15-1")),
                        "redis-sentinel", new Offer("5:7.0.15-1", List.of("5:7.0.15-1"))),
                PackageSurvey.NONE.running(),
                PackageNotes.NONE,
                PackageSurvey.Needrestart.ABSENT,
                PackageSurvey.NONE.readAgo(),
                PackageNotes.NONE);
        assertThat(HostPackages.choose(ALL, "", seen))
                .isInstanceOfSatisfying(
                        Pinned.class, pinned -> assertThat(pinned.release()).isEqualTo("7.0.15"));
        assertThat(HostPackages.choose(ALL, "7.2", seen)).isEqualTo(new Unlisted("", List.of("7.2.4", "7.0.15")));
    }

    @Test
    void whatIsInstalledSettlesTheVersion() {
        Map<String, String> tools = Map.of("redis-tools", "install installed 5:7.0.11-1");
        assertThat(HostPackages.choose(ALL, "7.0", seen(tools, "5:7.0.15-1", "5:7.0.15-1 5:7.0.11-1")))
                .isInstanceOfSatisfying(
                        Pinned.class, pinned -> assertThat(pinned.pins()).containsEntry("redis-server", "5:7.0.11-1"));
        assertThat(HostPackages.choose(ALL, "7.0", seen(tools, "5:7.0.15-1", "5:7.0.15-1")))
                .as("the others are not to be had at that version")
                .isEqualTo(new Unlisted("5:7.0.11-1", List.of("7.0.15")));
        assertThat(HostPackages.choose(List.of("redis-tools"), "7.0", seen(tools, "-", "")))
                .as("nothing is missing, and nobody asked apt")
                .isInstanceOf(Pinned.class);
        assertThat(HostPackages.choose(ALL, "7.2", seen(tools, "5:7.2.4-1", "5:7.2.4-1")))
                .isEqualTo(new Otherwise(new TreeMap<>(Map.of("redis-tools", "5:7.0.11-1"))));
    }

    /** Each row: what the spec says, what apt offers, what takes the place of 5:7.0.15-1 (- nothing). */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            7.2                | 5:7.2.5-1 5:7.2.4-1 5:7.0.15-1 | 5:7.2.5-1
            7.2.4              | 5:7.2.5-1 5:7.2.4-1 5:7.0.15-1 | 5:7.2.4-1
            7.0.11             | 5:7.0.15-1 5:7.0.11-1          | 5:7.0.11-1
            5:7.0.15-1~deb12u6 | 5:7.0.15-1~deb12u6 5:7.0.15-1  | 5:7.0.15-1~deb12u6
            7.2                | 5:7.0.15-1                     | -
            5:7.0.15-2         | 5:7.0.15-1                     | -
            6.0                | 5:6.0.16-1                     | -
            """)
    void whatIsInstalledAndDoesNotFitMakesRoomForWhatAptOffers(String wanted, String offered, String choice) {
        Map<String, String> all = Map.of(
                "redis-tools", "hold installed 5:7.0.15-1",
                "redis-server", "hold installed 5:7.0.15-1",
                "redis-sentinel", "install installed 5:7.0.15-1");
        // Who needs no Sentinel has its package all the same, and that goes with the others.
        Choice chosen = HostPackages.choose(List.of("redis-tools", "redis-server"), wanted, seen(all, "-", offered));
        if (choice.equals("-")) {
            assertThat(chosen).isInstanceOf(Otherwise.class);
        } else {
            assertThat(chosen)
                    .isInstanceOfSatisfying(
                            Moved.class,
                            moved -> assertThat(moved.pins())
                                    .containsExactly(
                                            Map.entry("redis-tools", choice),
                                            Map.entry("redis-server", choice),
                                            Map.entry("redis-sentinel", choice)));
        }
    }

    @Test
    void theWholeVersionOfAPackageIsOneOfIt() {
        Map<String, String> tools = Map.of("redis-tools", "hold installed 5:7.0.15-1");
        List<String> needed = List.of("redis-tools");
        assertThat(HostPackages.choose(needed, "5:7.0.15-1", seen(tools, "-", "")))
                .isInstanceOfSatisfying(
                        Pinned.class, pinned -> assertThat(pinned.release()).isEqualTo("7.0.15"));
        assertThat(HostPackages.choose(needed, "7.0.15-1", seen(tools, "-", "")))
                .as("without its epoch it is another one")
                .isInstanceOf(Otherwise.class);
    }

    @Test
    void aChangeOfOursThatWasCutBetweenTwoPackagesIsGoneOnWith() {
        String text = """
                packages.apt=yes
                packages.dpkg=redis-tools install installed 5:7.2.4-1
                packages.dpkg=redis-server hold installed 5:7.0.15-1
                packages.noted=yes
                packages.notes=# redfleet-packages
                packages.notes=pending u1
                """;
        List<String> needed = List.of("redis-tools", "redis-server");
        assertThat(HostPackages.choose(needed, "7.2", PackageSurvey.read(text + policy("5:7.2.4-1 5:7.0.15-1"))))
                .isInstanceOfSatisfying(
                        Moved.class,
                        moved -> assertThat(moved.pins())
                                .containsEntry("redis-tools", "5:7.2.4-1")
                                .containsEntry("redis-server", "5:7.2.4-1"));
        assertThat(HostPackages.choose(needed, "7.2", PackageSurvey.read(text + policy("5:7.0.15-1"))))
                .isInstanceOfSatisfying(
                        Unsound.class,
                        unsound -> assertThat(unsound.reason()).startsWith("a change of versions was interrupted"));
    }

    @Test
    void severalVersionsAndHalfAnInstallationAreNotBuiltOn() {
        Map<String, String> two =
                Map.of("redis-tools", "install installed 5:7.0.15-1", "redis-sentinel", "hold installed 5:7.0.11-1");
        assertThat(HostPackages.choose(ALL, "", seen(two, "-", "")))
                .isEqualTo(new Unsound("packages of several versions are installed:"
                        + " redis-sentinel=5:7.0.11-1 redis-tools=5:7.0.15-1"));
        Map<String, String> half = Map.of("redis-server", "install half-configured 5:7.0.15-1");
        assertThat(HostPackages.choose(ALL, "", seen(half, "-", "")))
                .isInstanceOfSatisfying(
                        Unsound.class,
                        unsound -> assertThat(unsound.reason())
                                .contains("redis-server 5:7.0.15-1 is half-configured, and not by Redfleet"));
        PackageSurvey ours = PackageSurvey.read("""
                packages.apt=yes
                packages.dpkg=redis-server install half-configured 5:7.0.15-1
                packages.noted=yes
                packages.notes=# redfleet-packages
                packages.notes=pending u1
                """);
        assertThat(HostPackages.choose(List.of("redis-server"), "", ours))
                .as("an interrupted run of ours is gone on with")
                .isInstanceOf(Pinned.class);
    }

    @ParameterizedTest
    @CsvSource({
        "5:7.0.15-1~deb12u5,        7.0.15",
        "6:7.4.1-1rl1~bookworm1,    7.4.1",
        "5:7.0.15-1ubuntu0.24.04.1, 7.0.15",
        "7.2.4,                     7.2.4",
        "8:8.0.2+dfsg-1,            8.0.2",
        "5:git20240101-1,           ''"
    })
    void aPackagesVersionHoldsRedissOwn(String version, String release) {
        assertThat(DebianVersion.release(version)).isEqualTo(release);
    }

    @ParameterizedTest
    @CsvSource({
        "6.2,    true",
        "6.2.7,  true",
        "6.10,   true",
        "6.1.9,  false",
        "5.0.14, false",
        "10.0,   true",
        "7,      false",
        "x.y,    false"
    })
    void redisIsManagedFromSixTwoOn(String version, boolean managed) {
        assertThat(Release.managed(version)).isEqualTo(managed);
    }

    /** @param installed dpkg's three words by package */
    private static PackageSurvey seen(Map<String, String> installed, String candidate, String offered) {
        StringBuilder text = new StringBuilder("packages.apt=yes\n");
        new TreeMap<>(installed).forEach((name, words) -> text.append("packages.dpkg=" + name + " " + words + "\n"));
        for (String name : ALL) {
            text.append("packages.policy=" + name + ":\n");
            text.append("packages.policy=  Candidate: " + (candidate.equals("-") ? "(none)" : candidate) + "\n");
            Arrays.stream(offered.split(" ", -1))
                    .filter(version -> !version.isEmpty())
                    .forEach(version -> text.append("packages.policy=     " + version + " 500\n")
                            .append("packages.policy=        500 file:/srv/packages ./ Packages\n"));
        }
        return PackageSurvey.read(text.toString());
    }

    /** All packages at these versions. */
    private static String policy(String offered) {
        StringBuilder text = new StringBuilder();
        for (String name : ALL) {
            text.append("packages.policy=" + name + ":\n");
            Arrays.stream(offered.split(" ", -1))
                    .forEach(version -> text.append("packages.policy=     " + version + " 500\n")
                            .append("packages.policy=        500 file:/srv/packages ./ Packages\n"));
        }
        return text.toString();
    }

    private static HostSpec host(InstanceRole... roles) {
        List<InstanceSpec> instances = Arrays.stream(roles)
                .map(role -> new InstanceSpec(
                        role == InstanceRole.REDIS ? "redis-server" : "redis-sentinel",
                        role,
                        6379,
                        100,
                        new Endpoint("10.0.0.1", 6379)))
                .toList();
        return new HostSpec(new HostName("r1"), "10.0.0.1", "", new SshSpec("ops", 22, "ops", null), "/srv", instances);
    }
}
