package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.provisioner.recipe.GuardFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The start guard of one instance, run here as its unit runs it.
 *
 * @param instance its directory, with redis.conf and data in it
 * @param user as whom it asks; empty: Sentinels ask for nobody
 * @param ca whose certificates it believes; empty: Sentinels speak in the clear
 */
record GuardRun(Path instance, Endpoint self, String user, String ca, List<Endpoint> sentinels) {
    /** Of Sentinels that speak in the clear. */
    GuardRun(Path instance, Endpoint self, String user, List<Endpoint> sentinels) {
        this(instance, self, user, "", sentinels);
    }

    /** How it ended: 0 lets the instance start. */
    record End(int status, String said, Duration took) {
        boolean starts() {
            return status == 0;
        }
    }

    /** The file with the password, which a test may write. */
    Path auth() {
        return instance.resolve("auth");
    }

    /** The script itself, to be run by somebody else. */
    Path written() throws IOException {
        GuardFile.Knows knows = new GuardFile.Knows(
                "" + instance, self, new Endpoint("127.9.9.9", 1), "orders", user, "" + auth(), ca, sentinels);
        return Files.writeString(instance.resolve("guard"), GuardFile.text("u1 orders/r1/redis-server", knows));
    }

    End run() throws IOException, InterruptedException {
        Path output = instance.resolve("output");
        Path script = written();
        long begun = System.nanoTime();
        Process shell = new ProcessBuilder("sh", "" + script)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(shell.waitFor(20, TimeUnit.SECONDS)).as("the guard ends").isTrue();
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        // A hostile answer may be no text in any encoding.
        return new End(shell.exitValue(), Files.readString(output, StandardCharsets.ISO_8859_1), took);
    }
}
