package io.redfleet.provisioner.packages;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.provisioner.packages.PackageSurvey.Found;
import io.redfleet.provisioner.packages.PackageSurvey.Needrestart;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What is read of the lines of packages.sh. */
class PackageSurveyTest {
    @Test
    void aHostThatNobodyAskedSaysNothing() {
        assertThat(PackageSurvey.read("base=/srv\nend=yes\n")).isEqualTo(PackageSurvey.NONE);
    }

    @Test
    void everythingIsRead() {
        PackageSurvey seen = PackageSurvey.read("""
                base=/srv
                packages.apt=yes
                packages.dpkg=redis-tools hold installed 5:7.0.15-1
                packages.dpkg=redis-server install unpacked 5:7.0.15-1
                packages.dpkg=redis-sentinel unknown not-installed\s
                packages.unit=redis-server.service active
                packages.unit=redis-sentinel.service inactive
                packages.noted=yes
                packages.notes=# redfleet-packages
                packages.notes=pending u1
                packages.notes=cluster u1 orders
                packages.notes=cluster u2 billing
                packages.notes=package redis-tools 5:7.0.15-1 held 5:7.0.15-1
                packages.notes=package redis-server - free 5:7.0.15-1
                packages.notes=brought liblzf1 3.6-3
                packages.read=17
                packages.needrestart=missing
                packages.end=yes
                """);
        assertThat(seen.apt()).isTrue();
        assertThat(seen.of("redis-tools")).isEqualTo(new Found("hold", "installed", "5:7.0.15-1"));
        assertThat(seen.of("redis-tools").held()).isTrue();
        assertThat(seen.of("redis-server").half()).isTrue();
        assertThat(seen.of("redis-sentinel").absent()).isTrue();
        assertThat(seen.running()).containsExactly("redis-server.service");
        assertThat(seen.readAgo()).isEqualTo(OptionalLong.of(17));
        assertThat(seen.needrestart()).isEqualTo(Needrestart.MISSING);
        assertThat(seen.notes())
                .isEqualTo(new PackageNotes(
                        false,
                        true,
                        Map.of("u1", "orders", "u2", "billing"),
                        Map.of(
                                "redis-tools", new PackageNotes.Before("5:7.0.15-1", true, "5:7.0.15-1"),
                                "redis-server", new PackageNotes.Before("", false, "5:7.0.15-1")),
                        Map.of("liblzf1", "3.6-3")));
    }

    @Test
    void notesThatRedfleetDidNotMakeSayNothing() {
        for (String text : new String[] {"packages.noted=yes\n", "packages.noted=yes\npackages.notes=mine\n"}) {
            PackageNotes notes = PackageSurvey.read(text).notes();
            assertThat(notes.strange()).isTrue();
            assertThat(notes.clusters()).isEmpty();
        }
    }

    @Test
    void aClockThatWentBackMakesListsOld() {
        assertThat(PackageSurvey.read("packages.read=-5\n").readAgo()).isEmpty();
    }
}
