package io.redfleet.provisioner.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.provisioner.archive.ArchiveSurvey.Tree;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is read of archives.sh. */
class ArchiveSurveyTest {
    private static final String SHA256 = "0123456789abcdef".repeat(4);

    @Test
    void aTreeIsOursWithItsUsersOrAStrangers() {
        ArchiveSurvey seen = ArchiveSurvey.read("""
                systemd.init=yes
                archive.tree=7.0.15 ours %1$s whole
                archive.user=7.0.15 u1 orders
                archive.user=7.0.15 u2 carts
                archive.tree=7.2.4 ours %1$s broken
                archive.tree=8.0.2 strange - -
                archive.user=9.9.9 u1 orders
                archive.tree=8.2.0 ours %1$s whole
                archive.user=8.2.0 u1 orders
                archive.source=8.2.0 8.2.0-abc-systemd
                archive.source=9.9.9 8.2.0-abc-systemd
                archive.end=yes
                """.formatted(SHA256));
        assertThat(seen.trees())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "7.0.15", new Tree(true, SHA256, true, Map.of("u1", "orders", "u2", "carts")),
                        "7.2.4", new Tree(true, SHA256, false, Map.of()),
                        "8.0.2", new Tree(false, "", false, Map.of()),
                        "8.2.0", new Tree(true, SHA256, true, Map.of("u1", "orders"), "8.2.0-abc-systemd")));
    }

    @Test
    void whatIsOfAnotherFormSaysNothing() {
        assertThat(ArchiveSurvey.read(
                        "archive.tree=8.0.2 ours\narchive.tree=\narchive.user=8.0.2\narchive.source=8.0.2\nx"))
                .isEqualTo(ArchiveSurvey.NONE);
    }
}
