package io.redfleet.provisioner.edge.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One file, of the provisioner and of an admin. */
class KnownHostsTest {
    private static final String KEY =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEODQle/14SrcH5XP95a075MHyTdlhXNaNiz+F3GE7S9";

    private static final String OTHER = KEY.replace("7S9", "7S8");
    /** Twenty-three bytes, which base64 pads. */
    private static final String PADDED = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAAQM=";

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
    void whatWasLearntIsToldFromWhatWasPinnedAndOnlyByWhoLearntIt() throws Exception {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "10.0.0.2:22 " + OTHER + "\n");
        KnownHosts known = new KnownHosts(file);
        assertThat(known.learnt("10.0.0.1", 22)).isEmpty();
        known.learn("10.0.0.1", 22, KEY);
        known.learn("10.0.0.1", 22, OTHER);
        known.learn("10.0.0.2", 22, KEY);
        assertThat(known.learnt("10.0.0.1", 22)).hasValueSatisfying(key -> {
            assertThat(key.place()).isEqualTo("10.0.0.1:22");
            assertThat(key.type()).isEqualTo(KEY.substring(0, KEY.indexOf(' ')));
            assertThat(key.fingerprint()).isEqualTo(PinnedKey.fingerprint(KEY));
        });
        assertThat(known.learnt("10.0.0.2", 22)).as("it was pinned").isEmpty();
        assertThat(new KnownHosts(file).learnt("10.0.0.1", 22)).isEmpty();
    }

    @Test
    void whatAnAdminAddsWhileItRunsHoldsAndStays() throws Exception {
        KnownHosts known = new KnownHosts(file);
        known.learn("10.0.0.1", 22, KEY);
        String authority = "@cert-authority 10.0.0.* " + KEY + " ours";
        Files.writeString(file, "# note\n" + authority + "\n10.0.0.2:22 " + OTHER + "\n");

        assertThat(known.marked("10.0.0.3", 22)).containsExactly(MarkedKey.read(authority));
        assertThat(known.marked("10.1.0.3", 22)).isEmpty();
        assertThat(known.key("10.0.0.2", 22)).hasValue(OTHER);
        assertThat(known.learn("10.0.0.2", 22, KEY)).isEqualTo(OTHER);
        known.learn("10.0.0.4", 22, KEY);
        assertThat(Files.readAllLines(file))
                .containsExactly(
                        "# note", authority, "10.0.0.1:22 " + KEY, "10.0.0.2:22 " + OTHER, "10.0.0.4:22 " + KEY);
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

    @Test
    void aMarkThatIsIndentedHoldsAndStays() throws Exception {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "  # note\n\n\t @revoked 10.0.0.1 " + KEY + "\n");
        KnownHosts known = new KnownHosts(file);
        assertThat(known.marked("10.0.0.1", 22))
                .singleElement()
                .satisfies(mark -> assertThat(mark.isRevoked()).isTrue());
        known.learn("10.0.0.4", 22, KEY);
        assertThat(Files.readAllLines(file))
                .containsExactly("  # note", "\t @revoked 10.0.0.1 " + KEY, "10.0.0.4:22 " + KEY);
    }

    /** As every release writes it, and as a person might. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.1:22 KEY",
                "10.0.0.1:22 KEY root@r1",
                "10.0.0.1:22 KEY of r1, by hand",
                "  10.0.0.1:22\t\tKEY  ",
            })
    void aLineIsOnePlaceAndItsKeyWhateverComesAfterIt(String line) throws Exception {
        for (String key : List.of(KEY, PADDED)) {
            Files.createDirectories(file.getParent());
            String form = key.replace(" ", line.contains("\t") ? "\t" : " ");
            Files.writeString(file, line.replace("KEY", form) + "\n");
            KnownHosts known = new KnownHosts(file);
            assertThat(known.key("10.0.0.1", 22)).hasValue(key);
            assertThat(known.marked("10.0.0.1", 22)).isEmpty();
            known.learn("10.0.0.2", 22, OTHER);
            assertThat(Files.readAllLines(file)).containsExactly("10.0.0.1:22 " + key, "10.0.0.2:22 " + OTHER);
        }
    }

    @Test
    void paddingMayBeLeftOut() throws Exception {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "10.0.0.1:22 " + PADDED.replace("=", "") + "\n");
        assertThat(new KnownHosts(file).key("10.0.0.1", 22)).hasValue(PADDED);
    }

    /** Of ssh's own form, cut off, or of a key that is none. */
    @ParameterizedTest
    @CsvSource(delimiter = '~', textBlock = """
            10.0.0.1 KEY               ~ 10.0.0.1 is neither a mark nor address:port
            r1,10.0.0.1:22 KEY         ~ r1,10.0.0.1:22 is neither
            [10.0.0.1]:2222 KEY        ~ [10.0.0.1]:2222 is neither
            |1|abc=|def= KEY           ~ |1|abc=|def= is neither
            10.0.0.*:22 KEY            ~ 10.0.0.*:22 is neither
            10.0.0.1:0 KEY             ~ 10.0.0.1:0 is neither
            10.0.0.1:65536 KEY         ~ 10.0.0.1:65536 is neither
            <<<<<<< HEAD               ~ <<<<<<< is neither
            10.0.0.1:22                ~ 10.0.0.1:22 takes a type and a key
            10.0.0.1:22 ssh-ed25519    ~ 10.0.0.1:22 takes a type and a key
            10.0.0.1:22 ssh-ed25519 A! ~ Illegal base64
            10.0.0.1:22 ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIEODQle/14SrcH5XP95a075MHyTdlhXNaNiz+F3GE7S9 ~ not of type ssh-rsa
            """)
    void aLineOfNoFormShutsEveryPlaceAndStaysUntilItIsMended(String line, String says) throws Exception {
        KnownHosts known = new KnownHosts(file);
        known.learn("10.0.0.9", 22, KEY);
        String good = Files.readString(file);
        String bad = "# ours\n" + line.replace("KEY", KEY) + "\n" + good;
        Files.writeString(file, bad);
        KnownHosts begun = new KnownHosts(file);
        for (KnownHosts one : List.of(known, begun)) {
            assertThatThrownBy(() -> one.marked("10.0.0.9", 22))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("line 2 of known_hosts: ")
                    .hasMessageContaining(says);
            assertThatThrownBy(() -> one.learn("10.0.0.8", 22, KEY)).isInstanceOf(IOException.class);
        }
        assertThat(Files.readString(file)).isEqualTo(bad);

        Files.writeString(file, good);
        assertThat(begun.marked("10.0.0.9", 22)).isEmpty();
        assertThat(begun.key("10.0.0.9", 22)).hasValue(KEY);
    }
}
