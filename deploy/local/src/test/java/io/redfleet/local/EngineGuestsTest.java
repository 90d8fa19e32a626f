package io.redfleet.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.testkit.TempDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EngineGuestsTest {
    private final TempDirectory directory = TempDirectory.named("engine-guests");
    private final Home home = new Home(directory.path().resolve("redfleet"));
    private final Path checkout = directory.path().resolve("checkout");
    private final Path asked = directory.path().resolve("asked");
    private final RecordedScreen recorded = new RecordedScreen();

    @BeforeEach
    void prepare() throws IOException {
        home.prepare();
    }

    @AfterEach
    void remove() {
        directory.close();
    }

    @Test
    void whereNoneWereBootedNothingIsAsked() throws Exception {
        script("echo \"$@\" >" + asked);
        assertThat(EngineGuests.end(home, checkout, recorded.screen())).isTrue();
        assertThat(asked).doesNotExist();
    }

    @Test
    void theyAreEndedByTheScriptThatBootedThem() throws Exception {
        Files.createDirectories(home.guests().resolve("engine"));
        script("echo \"$@\" >" + asked);
        assertThat(EngineGuests.end(home, checkout, recorded.screen())).isTrue();
        assertThat(Files.readString(asked)).isEqualTo("--home " + home.guests() + " --end\n");
    }

    @Test
    void whatCannotBeEndedIsSaid() throws Exception {
        Files.createDirectories(home.guests().resolve("engine"));
        assertThat(EngineGuests.end(home, checkout, recorded.screen())).isFalse();
        script("exit 3");
        assertThat(EngineGuests.end(home, checkout, recorded.screen())).isFalse();
        assertThat(recorded.text()).contains("there is no " + checkout, "ended with 3");
    }

    private void script(String body) throws IOException {
        Path script = checkout.resolve("deploy/hosts/three");
        Files.createDirectories(script.getParent());
        Files.writeString(script, "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
