package io.redfleet.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.local.backup.Shelf;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.Checkout;
import io.redfleet.testkit.TempDirectory;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The part that sleeps, with a nap of a second. */
@Tag("long")
class DailyPartTest {
    private final TempDirectory directory = TempDirectory.named("daily");
    private final Home home = new Home(directory.path().resolve("redfleet"));
    private final RecordedScreen screen = new RecordedScreen();

    @AfterEach
    void endAll() throws Exception {
        Down.run(home, screen.screen());
        directory.close();
    }

    @Test
    void aRunningStackBacksItselfUpOnceADayAndTheLoopEndsWithTheStack() throws Exception {
        Built built = new Built(packaged());
        Ports ports = FreePorts.choose();
        home.prepare();
        new Up(home, ports, screen.screen())
                .raise(
                        List.of(KafkaPart.of(home, ports, built)),
                        List.of(List.of(DailyPart.of(home, ports, built, Duration.ofSeconds(1)))));
        Await.until("word of a backup", Duration.ofSeconds(30), () -> said().contains("read back"));
        List<String> first = names();

        Running loop = Running.read(home.run(), DailyPart.NAME).orElseThrow();
        assertThat(Down.run(home, screen.screen())).isTrue();
        assertThat(loop.life().goesOn()).isFalse();
        assertThat(names()).isEqualTo(first).hasSize(1);
    }

    /** A checkout as a build leaves it, for this module is packaged only after its tests. */
    private Path packaged() throws IOException {
        Path checkout = directory.path().resolve("checkout");
        Path deploy = Files.createDirectories(checkout.resolve("deploy"));
        Path real = Checkout.root().resolve("deploy");
        Files.createSymbolicLink(deploy.resolve("broker"), real.resolve("broker"));
        Path lib = Files.createDirectories(deploy.resolve("local/target/lib"));
        Files.createSymbolicLink(deploy.resolve("local/target/classes"), real.resolve("local/target/classes"));
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path jar = Path.of(entry);
            if (entry.endsWith(".jar")) {
                Files.createSymbolicLink(lib.resolve(jar.getFileName()), jar);
            }
        }
        return checkout;
    }

    private String said() {
        try {
            return Files.readString(home.log(DailyPart.NAME));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> names() {
        try {
            return new Shelf(home).names();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
