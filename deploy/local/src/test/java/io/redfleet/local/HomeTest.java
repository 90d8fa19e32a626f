package io.redfleet.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it.
    Path directory;

    @Test
    void theHomeIsWhereTheEnvironmentSays() {
        assertThat(Home.of(Map.of("HOME", "/h")).root()).isEqualTo(Path.of("/h/.local/state/redfleet"));
        assertThat(Home.of(Map.of("HOME", "/h", "XDG_STATE_HOME", "/s")).root()).isEqualTo(Path.of("/s/redfleet"));
        assertThat(Home.of(Map.of("XDG_STATE_HOME", "/s", "REDFLEET_HOME", "/r/x"))
                        .root())
                .isEqualTo(Path.of("/r/x"));
    }

    @Test
    void aDirectoryThatOthersMayReadIsClosedToThemAgain() throws Exception {
        var home = new Home(directory.resolve("redfleet"));
        home.prepare();
        Files.setPosixFilePermissions(home.credentials(), PosixFilePermissions.fromString("rwxr-xr-x"));
        home.prepare();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.credentials())))
                .isEqualTo("rwx------");
    }

    @Test
    void anOpenDirectoryThatHoldsOtherThingsIsNotTakenOver() throws Exception {
        Files.writeString(directory.resolve("thesis.tex"), "dear");
        String before = "rwxr-xr-x";
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(before));
        assertThatThrownBy(() -> new Home(directory).prepare())
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("holds other things");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                .isEqualTo(before);
    }

    @Test
    void aPortOffsetOnTheCommandLineBeatsTheEnvironment() {
        Map<String, String> environment = Map.of("REDFLEET_PORT_OFFSET", "20");
        assertThat(Ports.of(new String[] {}, environment).gateway()).isEqualTo(8100);
        assertThat(Ports.of(new String[] {"--port-offset", "30"}, environment).kafka())
                .isEqualTo(19122);
        assertThatThrownBy(() -> Ports.of(new String[] {"--port-offset=x"}, environment))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'x' is not a number");
    }
}
