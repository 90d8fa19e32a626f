package io.redfleet.provisioner.packages;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MonitPackageTest {
    /** Each row: what dpkg has, what apt would take by itself, what it offers, the choice (- none). */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            unknown not-installed                | 1:5.33.0-1 | 1:5.33.0-1 | 1:5.33.0-1
            deinstall config-files 1:5.32.0-1    | 1:5.33.0-1 | 1:5.33.0-1 | 1:5.33.0-1
            install installed 1:5.32.0-1         | 1:5.33.0-1 | 1:5.33.0-1 | 1:5.32.0-1
            hold installed 1:5.32.0-1            | (none)     | -          | 1:5.32.0-1
            unknown not-installed                | (none)     | 1:5.33.0-1 | -
            unknown not-installed                | 1:5.33.0-1 | -          | -
            """)
    void whatIsInstalledStaysAndElseItIsAptsChoice(String dpkg, String candidate, String offered, String choice) {
        assertThat(MonitPackage.choose(seen(dpkg, candidate, offered, "")))
                .isEqualTo(choice.equals("-") ? new MonitPackage.Unlisted() : new MonitPackage.Pinned(choice));
    }

    @Test
    void halfAnInstallationIsGoneOnWithWhereItIsOurs() {
        String half = "install half-configured 1:5.33.0-1";
        assertThat(MonitPackage.choose(seen(half, "(none)", "-", "")))
                .isEqualTo(new MonitPackage.Unsound(
                        "monit 1:5.33.0-1 is half-configured, and not by Redfleet: mend it" + " (dpkg --audit)"));
        String pending = """
                packages.monit.noted=yes
                packages.monit.notes=# redfleet-packages
                packages.monit.notes=pending u1
                """;
        assertThat(MonitPackage.choose(seen(half, "(none)", "-", pending)))
                .isEqualTo(new MonitPackage.Pinned("1:5.33.0-1"));
        String redis = pending.replace("monit.", "");
        assertThat(MonitPackage.choose(seen(half, "(none)", "-", redis)))
                .as("an installation of Redis that was interrupted says nothing of Monit")
                .isInstanceOf(MonitPackage.Unsound.class);
    }

    private static PackageSurvey seen(String dpkg, String candidate, String offered, String notes) {
        boolean versionless = dpkg.endsWith("not-installed");
        String version = offered.equals("-") ? "" : """
                packages.policy=     %1$s 500
                packages.policy=        500 file:/srv/packages ./ Packages
                """.formatted(offered);
        return PackageSurvey.read("packages.apt=yes\npackages.dpkg=monit " + dpkg + (versionless ? " " : "") + "\n"
                + "packages.policy=monit:\npackages.policy=  Candidate: " + candidate + "\n" + version + notes);
    }
}
