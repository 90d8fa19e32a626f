package io.redfleet.provisioner.edge.keys;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.access.Secret;
import io.redfleet.provisioner.reach.KeyLimits;
import io.redfleet.provisioner.secret.Locksmith;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Passwords of somebody else's making, as an admin puts them beside their limits. */
class PasswordFilesTest {
    private static final String NAME = "orders-probe";

    @TempDir
    Path directory = Path.of("");

    private PasswordFiles passwords = new PasswordFiles(directory);

    @BeforeEach
    void limitsAreThere() throws IOException {
        passwords = new PasswordFiles(directory);
        Files.writeString(directory.resolve(NAME + ".properties"), "addresses = 10.0.0.0/8\n");
    }

    @Test
    void aPasswordIsTheOneLineOfItsFile() throws IOException {
        write("geheim\n", "rw-------");
        assertThat(passwords.password(NAME)).isEqualTo(new Locksmith.Opened(Secret.of("geheim")));
        write("ge heim\r\n", "rw-------");
        assertThat(passwords.password(NAME)).isEqualTo(new Locksmith.Opened(Secret.of("ge heim")));
        assertThat(passwords.of(NAME)).isInstanceOf(KeyLimits.Limited.class);
    }

    /** It would be sent to whatever address a spec names. */
    @Test
    void withoutLimitsItIsNotUsed() throws IOException {
        write("geheim\n", "rw-------");
        Files.delete(directory.resolve(NAME + ".properties"));
        assertThat(passwords.of(NAME)).isInstanceOf(KeyLimits.Unusable.class);
        assertThat(why()).contains("needs limits");
    }

    /** The text, with {@code /} for the end of a line, the modes, and why it is none. */
    @ParameterizedTest
    @CsvSource({
        "geheim/, rw-r-----, must have mode 0600",
        "one/two/, rw-------, must hold one line",
        "/, rw-------, must hold one line",
        "'', rw-------, must hold one line"
    })
    void whatIsNoPasswordOfOnesOwnIsNotTaken(String text, String modes, String why) throws IOException {
        write(text.replace('/', '\n'), modes);
        assertThat(why()).contains("password orders-probe", why).doesNotContain("geheim");
    }

    @Test
    void noMoreIsReadThanAPasswordHas() throws IOException {
        write("x".repeat(1_025), "rw-------");
        assertThat(why()).contains("larger than 1024 bytes");
    }

    @Test
    void whatIsNotThereOrNoNameIsSaidSo() {
        assertThat(why()).contains("no file of that name");
        assertThat(passwords.password("../" + NAME))
                .isInstanceOfSatisfying(
                        Locksmith.Closed.class,
                        closed -> assertThat(closed.reason()).contains("is not the name of a key"));
    }

    private String why() {
        assertThat(passwords.password(NAME)).isInstanceOf(Locksmith.Closed.class);
        return ((Locksmith.Closed) passwords.password(NAME)).reason();
    }

    private void write(String text, String modes) throws IOException {
        Path file = Files.writeString(directory.resolve(NAME), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(modes));
    }
}
