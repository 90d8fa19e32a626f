package io.redfleet.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.testkit.TempDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LodgersTest {
    private final TempDirectory directory = TempDirectory.named("lodgers");
    private final RecordedScreen screen = new RecordedScreen();
    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void endAll() {
        started.forEach(Process::destroyForcibly);
        directory.close();
    }

    @Test
    void aProcessThatWorksBelowTheDirectoryIsEnded() throws Exception {
        Path home = Files.createDirectories(directory.path().resolve("guests/hosts/r1/redis-server/data"));
        Process lodger = sleeperIn(home);
        Files.writeString(home.resolveSibling("redis.pid"), lodger.pid() + "\n");
        assertThat(Lodgers.worksBelow(guests(), lodger.pid())).isTrue();
        assertThat(Lodgers.end(guests(), screen.screen())).isTrue();
        // Its parent learns of it by a thread of its own.
        assertThat(lodger.waitFor(5, TimeUnit.SECONDS)).isTrue();
        assertThat(screen.text()).contains("hosts/r1/redis-server", "ended");
    }

    @Test
    void aProcessThatWorksElsewhereIsNotOursWhateverThePidFileSays() throws Exception {
        Path home = Files.createDirectories(guests().resolve("hosts/r1"));
        Process stranger = sleeperIn(directory.path());
        Files.writeString(home.resolve("redis.pid"), stranger.pid() + "\n");
        assertThat(Lodgers.end(guests(), screen.screen())).isTrue();
        assertThat(stranger.isAlive()).isTrue();
    }

    @Test
    void aPidFileOlderThanTheProcessNamesAnotherOne() throws Exception {
        Path home = Files.createDirectories(guests().resolve("hosts/r1"));
        Process later = sleeperIn(home);
        Path file = Files.writeString(home.resolve("redis.pid"), later.pid() + "\n");
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(60)));
        assertThat(Lodgers.end(guests(), screen.screen())).isTrue();
        assertThat(later.isAlive()).isTrue();
    }

    @Test
    void noDirectoryAndNoNumberAreNoLodgers() throws Exception {
        assertThat(Lodgers.end(directory.path().resolve("none"), screen.screen()))
                .isTrue();
        Files.writeString(Files.createDirectories(guests()).resolve("x.pid"), "not a number");
        assertThat(Lodgers.end(guests(), screen.screen())).isTrue();
    }

    private Path guests() {
        return directory.path().resolve("guests");
    }

    private Process sleeperIn(Path where) throws IOException {
        Process process =
                new ProcessBuilder("sleep", "300").directory(where.toFile()).start();
        started.add(process);
        return process;
    }
}
