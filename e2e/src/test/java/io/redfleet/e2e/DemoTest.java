package io.redfleet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.testkit.Checkout;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the README promises first, on a stack of its own: the demo's program as ./redfleet starts it. */
@Tag("long")
@Timeout(value = 8, unit = TimeUnit.MINUTES)
class DemoTest {
    @TempDir
    Path directory = Path.of("");

    @Test
    void theDemoTellsItsStoryTwiceAndLeavesNothingBehind() throws IOException, InterruptedException {
        String offset = String.valueOf(freeOffset());
        try {
            String first = ran(240, "demo.Demo", "--port-offset", offset);
            assertThat(first)
                    .contains("kill -9", "+switch-master", "no acknowledged write for", "came back as a replica")
                    .contains("masterDown", "all of these among them", "What to try next")
                    .containsPattern("of these lost +\\d+");
            assertThat(ran(240, "demo.Demo", "--port-offset", offset))
                    .contains("nothing to change", "already runs", "What to try next");
        } finally {
            String down = ran(120, "Down");
            assertThat(down).doesNotContain("cannot be ended");
        }
        assertThat(of(directory)).isEmpty();
    }

    private String ran(int seconds, String main, String... arguments) throws IOException, InterruptedException {
        Path local = Checkout.root().resolve("deploy/local/target");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "-Dredfleet.checkout=" + Checkout.root(),
                "-cp",
                local.resolve("classes") + File.pathSeparator + local.resolve("lib") + "/*",
                "io.redfleet.local." + main));
        command.addAll(List.of(arguments));
        Path screen = directory.resolve(main + ".out");
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("REDFLEET_HOME", directory.resolve("home").toString());
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(screen.toFile())
                .start();
        boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
        process.destroyForcibly();
        String text = Files.readString(screen);
        assertThat(ended).as("%s ended within %d s:%n%s", main, seconds, text).isTrue();
        assertThat(process.exitValue()).as(text).isZero();
        return text;
    }

    /** Processes that have anything of the directory in their command line; a zombie has none. */
    private static List<String> of(Path directory) {
        return ProcessHandle.allProcesses()
                .map(process -> process.info().commandLine().orElse(""))
                .filter(line -> line.contains(directory.toString()))
                .toList();
    }

    /** The ports of a stack and of the demo's hosts are counted from an offset: one at which they are free. */
    private static int freeOffset() {
        while (true) {
            int offset = ThreadLocalRandom.current().nextInt(100, 9_000);
            boolean stack = IntStream.of(8080, 8471, 8472, 8473, 19092, 15432)
                    .allMatch(port -> free("127.0.0.1", port + offset));
            boolean hosts = IntStream.of(22022, 17001, 27001)
                    .allMatch(
                            port -> IntStream.of(11, 12, 13).allMatch(host -> free("127.0.0." + host, port + offset)));
            if (stack && hosts) {
                return offset;
            }
        }
    }

    private static boolean free(String address, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getByName(address), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
