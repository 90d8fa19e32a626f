package io.redfleet.provisioner.edge.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.provisioner.reach.KeyLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of keys for what goes by their limits alone, and never opens one: clusters that are observed, and taken in. */
class CredentialsTest {
    private static final String KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n-----END OPENSSH PRIVATE KEY-----\n";

    @TempDir
    Path directory;

    private Credentials credentials;

    @BeforeEach
    void keys() throws IOException {
        credentials = new Credentials(directory, false);
        Files.writeString(directory.resolve("ops"), KEY);
        Files.writeString(directory.resolve("ops.pub"), "ssh-ed25519 AAAA ops\n");
        Files.writeString(directory.resolve("free"), KEY);
        Files.writeString(directory.resolve("putty"), "PuTTY-User-Key-File-2: ssh-ed25519\n");
        Files.createDirectory(directory.resolve("folder"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nosuch", "ops.pub", "folder", "default"})
    void aNameWithoutAKeyLiftsNoLimits(String name) throws IOException {
        assertThat(credentials.of(name)).isInstanceOf(KeyLimits.None.class);
        limit("ops");
        assertThat(credentials.of(name))
                .isEqualTo(new KeyLimits.Unusable("is no key of this provisioner's, where others have limits"));
    }

    @Test
    void aKeyWithoutLimitsHasNoneBesideOneThatHasSome() throws IOException {
        limit("ops");
        assertThat(credentials.of("ops")).isInstanceOf(KeyLimits.Limited.class);
        assertThat(credentials.of("free")).isInstanceOf(KeyLimits.None.class);
        assertThat(credentials.of("putty")).isInstanceOf(KeyLimits.None.class);
    }

    @Test
    void whereThereIsNoFolderNoKeyHasLimits() {
        assertThat(new Credentials(directory.resolve("none"), false).of("default"))
                .isInstanceOf(KeyLimits.None.class);
        assertThat(new Credentials(directory.resolve("none"), true).of("default"))
                .isInstanceOf(KeyLimits.Unusable.class);
    }

    private void limit(String key) throws IOException {
        Files.writeString(directory.resolve(key + ".properties"), "addresses=10.0.0.0/8\n");
    }
}
