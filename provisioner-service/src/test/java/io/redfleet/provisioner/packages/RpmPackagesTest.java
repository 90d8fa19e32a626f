package io.redfleet.provisioner.packages;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.provisioner.packages.HostPackages.Choice;
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

/** Which version a host of the RHEL family is to have, by what rpm and dnf say. */
class RpmPackagesTest {
    /** Each row: what the spec says, what dnf offers, the choice (- none). */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''    | 0:7.2.7-1.el9 0:6.2.17-1.el9           | 0:7.2.7-1.el9
            7     | 0:7.2.7-1.el9 0:6.2.17-1.el9           | 0:7.2.7-1.el9
            6.2   | 0:7.2.7-1.el9 0:6.2.17-1.el9           | 0:6.2.17-1.el9
            7.2.7 | 0:7.2.10-1.el9 1:7.2.7-1.module+el8+1  | 1:7.2.7-1.module+el8+1
            7.2.1 | 0:7.2.10-1.el9                         | -
            ''    | 0:5.0.3-5.module+el8.4.0               | -
            ''    | 7.2.7-1.el9                            | -
            ''    | ''                                     | -
            """)
    void theHighestIsChosenThatFits(String wanted, String offered, String choice) {
        Choice chosen = RpmPackages.choose(wanted, seen("unknown not-installed ", offered));
        if (choice.equals("-")) {
            assertThat(chosen).isInstanceOf(Unlisted.class);
        } else {
            assertThat(chosen).isEqualTo(new Pinned(Map.of("redis", choice), DebianVersion.release(choice)));
        }
    }

    @Test
    void whatIsInstalledSettlesTheVersion() {
        PackageSurvey seen = seen("install installed 0:7.2.6-1.el9", "0:7.2.7-1.el9");
        assertThat(RpmPackages.choose("7.2", seen)).isEqualTo(new Pinned(Map.of("redis", "0:7.2.6-1.el9"), "7.2.6"));
        assertThat(RpmPackages.choose("6.2", seen))
                .isEqualTo(new Otherwise(new TreeMap<>(Map.of("redis", "0:7.2.6-1.el9"))));
        assertThat(RpmPackages.choose("", seen("hold installed 0:5.0.3-1.el8", "")))
                .as("older than what is managed")
                .isInstanceOf(Otherwise.class);
    }

    @Test
    void whatDnfOffersIsNamedWhereNothingFits() {
        assertThat(RpmPackages.choose(
                        "7.4", seen("unknown not-installed ", "0:7.2.7-2.el9 0:7.2.7-1.el9 0:6.2.17-1.el9")))
                .isEqualTo(new Unlisted("", List.of("7.2.7", "6.2.17")));
    }

    @Test
    void severalAtOnceAreNotBuiltOn() {
        assertThat(RpmPackages.choose("", seen("install several 0:7.2.6-1.el9", "")))
                .isInstanceOfSatisfying(
                        Unsound.class,
                        unsound -> assertThat(unsound.reason()).contains("redis is installed more than once"));
        assertThat(RpmPackages.choose("", seen("install installed (none)", ""))).isInstanceOf(Unsound.class);
    }

    @ParameterizedTest
    @CsvSource({
        "0:7.2.7-1.el9,                             true",
        "2:6.2.7-1.module+el8.7.0+15197+cc495aeb,   true",
        "0:7.2.0~rc1-0.1.el9,                       true",
        "7.2.7-1.el9,                               false",
        "0:7.2.7,                                   false",
        "0:7.2.7-1;reboot,                          false",
        "0:-1,                                      false",
        "--installroot,                             false"
    })
    void aVersionIsOneWord(String text, boolean allowed) {
        assertThat(RpmPackages.allowed(text)).isEqualTo(allowed);
    }

    @Test
    void whatPackagesRpmSaysIsReadOfAHostOfTheFamilyAlone() {
        String rest = """
                packages.rpm.lock=yes
                packages.rpm.selinux=enforcing
                packages.rpm.context=var_lib_t
                packages.rpm.port=6379 redis_port_t
                packages.rpm.port=7000 none
                packages.rpm.port=x y z
                packages.rpm.firewalld=yes
                packages.rpm.end=yes
                """;
        assertThat(PackageSurvey.read("packages.rpm=yes\n" + rest).rpm())
                .isEqualTo(new RpmSurvey(
                        true, true, true, true, Map.of("6379", "redis_port_t", "7000", "none"), "var_lib_t", true));
        assertThat(PackageSurvey.read("packages.apt=yes\n" + rest).rpm()).isEqualTo(RpmSurvey.NONE);
        assertThat(PackageSurvey.read("packages.rpm=yes\npackages.rpm.semanage=no\n")
                        .rpm())
                .isEqualTo(new RpmSurvey(true, false, false, false, Map.of(), "", false));
    }

    @Test
    void aFamilyIsWhatInstallsThere() {
        assertThat(PackageSurvey.read("packages.rpm=yes\n").family()).isEqualTo(Family.RHEL);
        assertThat(PackageSurvey.read("packages.apt=yes\n").family()).isEqualTo(Family.DEBIAN);
        assertThat(PackageSurvey.NONE.family()).isEqualTo(Family.NONE);
    }

    /** @param words what rpm has, in dpkg's three words */
    private static PackageSurvey seen(String words, String offered) {
        StringBuilder text = new StringBuilder("packages.rpm=yes\npackages.rpm.found=redis " + words + "\n");
        Arrays.stream(offered.split(" ", -1))
                .filter(version -> !version.isEmpty())
                .forEach(version -> text.append("packages.rpm.offer=redis " + version + "\n"));
        return PackageSurvey.read(text.toString());
    }
}
