package io.redfleet.local.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.bus.backup.HomeFile;
import io.redfleet.local.Home;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeysTest {
    @TempDir
    Path directory = Path.of("");

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "credentials/ops, true",
        "credentials/admin-token, true",
        "credentials/seal/monitor.key, true",
        "credentials/whatever-a-later-release-adds, true",
        "data/provisioner/known_hosts, true",
        "credentials/postgres-alert, false",
        "credentials/kafka/admin.properties, false",
        "credentials/audit-key, false",
        "credentials/.new123, false",
        "credentials/kafka.new, false",
        "data/kafka/meta.properties, false",
        "run/kafka.pid, false"
    })
    void whatOpensSomethingTravelsAndWhatUpMakesForOneInstallationDoesNot(String path, boolean travels) {
        assertThat(Keys.travels(path)).isEqualTo(travels);
    }

    @Test
    void filesAreNamedAsTheyLieInTheHome() throws Exception {
        Home home = new Home(directory.resolve("home"));
        home.prepare();
        Files.writeString(home.credentials().resolve("ops"), "key");
        Files.writeString(home.credentials().resolve("audit-key"), "key");
        Files.createDirectories(home.credentials().resolve("seal"));
        Files.writeString(home.credentials().resolve("seal/k1"), "key");
        assertThat(new Keys(home).files())
                .extracting(HomeFile::path)
                .containsExactly("credentials/ops", "credentials/seal/k1");
    }
}
