package io.redfleet.provisioner.edge.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One file, of the provisioner and of an admin. */
class KnownHostsTest {
    private static final String KEY =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEODQle/14SrcH5XP95a075MHyTdlhXNaNiz+F3GE7S9";

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void aFile() {
        file = directory.resolve("data/known_hosts");
    }

    @Test
    void aKeyIsLearntOnceAndKept() throws Exception {
        KnownHosts known = new KnownHosts(file);
        assertThat(known.key("10.0.0.1", 22)).isEmpty();
        assertThat(known.learn("10.0.0.1", 22, KEY)).isEqualTo(KEY);
        assertThat(known.learn("10.0.0.1", 22, "ssh-ed25519 other")).isEqualTo(KEY);
        assertThat(known.key("10.0.0.1", 2222)).isEmpty();
        assertThat(new KnownHosts(file).key("10.0.0.1", 22)).hasValue(KEY);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void whatAnAdminAddsWhileItRunsHoldsAndStays() throws Exception {
        KnownHosts known = new KnownHosts(file);
        known.learn("10.0.0.1", 22, KEY);
        String authority = "@cert-authority 10.0.0.* " + KEY + " ours";
        Files.writeString(file, "# note\n" + authority + "\n10.0.0.2:22 ssh-ed25519 byHand\n");

        assertThat(known.marked("10.0.0.3", 22)).containsExactly(MarkedKey.read(authority));
        assertThat(known.marked("10.1.0.3", 22)).isEmpty();
        assertThat(known.key("10.0.0.2", 22)).hasValue("ssh-ed25519 byHand");
        assertThat(known.learn("10.0.0.2", 22, KEY)).isEqualTo("ssh-ed25519 byHand");
        known.learn("10.0.0.4", 22, KEY);
        assertThat(Files.readAllLines(file))
                .containsExactly(
                        "# note",
                        authority,
                        "10.0.0.1:22 " + KEY,
                        "10.0.0.2:22 ssh-ed25519 byHand",
                        "10.0.0.4:22 " + KEY);
    }

    @Test
    void aLineThatIsNotUnderstoodIsNamedAndHoldsForEveryPlace() throws Exception {
        KnownHosts known = new KnownHosts(file);
        known.learn("10.0.0.1", 22, KEY);
        Files.writeString(file, "@revoke 10.9.9.9 " + KEY + "\n" + Files.readString(file));
        assertThatThrownBy(() -> known.marked("10.0.0.1", 22))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("line 1 of known_hosts: @revoke is no mark");
    }
}
