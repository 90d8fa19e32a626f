package io.redfleet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.redfleet.testkit.Checkout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The demo on hosts that boot systemd, killed in the middle, told again, ended and taken away. */
@Tag("long")
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class DemoOnHostsTest {
    @TempDir
    Path directory = Path.of("");

    private final String offset = String.valueOf(ThreadLocalRandom.current().nextInt(100, 9_000));

    @Test
    void theDemoTellsItsStoryOnHostsAlsoAfterItWasKilledAndLeavesNothingRunning() throws Exception {
        assumeTrue(
                System.getenv().containsKey("REDFLEET_HOST_IMAGE"),
                "no engine for hosts that boot systemd: eval \"$(deploy/hosts/image)\"");
        try {
            killedOnceItsHostsBoot();
            down();
            assertThat(running()).isEmpty();
            String story = told(600, demoOnHosts());
            assertThat(story)
                    .contains("systemctl kill --signal=KILL redfleet-orders-systemd-redis-server.service on r")
                    .contains("no acknowledged write for", "came back as a replica", "masterDown", "What to try next")
                    .containsPattern("of these lost +\\d+");
            assertThat(told(600, List.of(java(), "io.redfleet.local.Down")))
                    .contains("taken out of the fleet, with its data, for its hosts end");
        } finally {
            down();
            told(120, List.of(script(), "--home", demo(), "--remove"));
        }
        assertThat(running()).isEmpty();
    }

    private void killedOnceItsHostsBoot() throws IOException, InterruptedException {
        Process demo = begun(demoOnHosts());
        Path noted = Path.of(demo(), "engine/authorized");
        for (int i = 0; i < 1_200 && !Files.exists(noted) && demo.isAlive(); i++) {
            TimeUnit.MILLISECONDS.sleep(100);
        }
        assertThat(noted).as(screen()).exists();
        demo.destroyForcibly();
        assertThat(demo.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    private List<String> demoOnHosts() {
        return List.of(java(), "io.redfleet.local.demo.Demo", "--hosts", "--port-offset", offset);
    }

    /** Also when the script that boots the hosts has outlived who asked for them. */
    private void down() throws IOException, InterruptedException {
        assertThat(told(600, List.of(java(), "io.redfleet.local.Down"))).doesNotContain("cannot be ended");
    }

    /** Containers of this home that run. */
    private String running() throws IOException, InterruptedException {
        Process list = new ProcessBuilder("docker", "ps", "--filter", "label=io.redfleet.demo=" + tag(), "--quiet")
                .redirectErrorStream(true)
                .start();
        String text = new String(list.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(list.waitFor()).as(text).isZero();
        return text.strip();
    }

    private String tag() throws IOException, InterruptedException {
        String line = "printf %s \"$1\" | sha256sum | cut -c 1-12";
        Process sum = new ProcessBuilder("sh", "-c", line, "sh", demo()).start();
        String text = new String(sum.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(sum.waitFor()).isZero();
        return text.strip();
    }

    private String told(int seconds, List<String> words) throws IOException, InterruptedException {
        Process process = begun(words);
        boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
        process.destroyForcibly();
        assertThat(ended)
                .as("%s ended within %d s:%n%s", words, seconds, screen())
                .isTrue();
        assertThat(process.exitValue()).as(screen()).isZero();
        return screen();
    }

    /** The first word is {@link #java()} or a program. */
    private Process begun(List<String> words) throws IOException {
        Path local = Checkout.root().resolve("deploy/local/target");
        List<String> command = new ArrayList<>();
        if (words.getFirst().equals(java())) {
            command.addAll(List.of(
                    java(),
                    "-XX:+UseSerialGC",
                    "-Xmx128m",
                    "-Dredfleet.checkout=" + Checkout.root(),
                    "-cp",
                    local.resolve("classes") + ":" + local.resolve("lib") + "/*"));
            command.addAll(words.subList(1, words.size()));
        } else {
            command.addAll(words);
        }
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("REDFLEET_HOME", directory.resolve("home").toString());
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(directory.resolve("screen").toFile())
                .start();
        process.getOutputStream().close();
        return process;
    }

    private String screen() throws IOException {
        return Files.readString(directory.resolve("screen"));
    }

    private String demo() {
        return directory.resolve("home/demo").toString();
    }

    private static String script() {
        return Checkout.root().resolve("deploy/hosts/three").toString();
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
