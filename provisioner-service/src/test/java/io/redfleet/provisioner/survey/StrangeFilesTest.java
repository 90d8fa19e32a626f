package io.redfleet.provisioner.survey;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.provisioner.facts.HostWatch;
import io.redfleet.provisioner.verify.Verifier;
import io.redfleet.testkit.Await;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What whoever is redis on a host can put in place of any file that is read there: no look waits for it, nor reads it whole. */
@Timeout(180)
class StrangeFilesTest {
    private static final Duration SOON = Duration.ofSeconds(40);

    private static final List<String> READ = List.of(
            "owner",
            "revision",
            "redis.conf",
            "sentinel.conf",
            "redis.pid",
            "guard.refused",
            "data/appendonly.aof",
            "data/appendonlydir/appendonly.aof.manifest",
            "log/redis.log");

    @TempDir
    Path directory;

    /** What is no file, or has no end. */
    enum Strange {
        FIFO,
        DEVICE,
        ENDLESS;

        void put(Path path) throws IOException, InterruptedException {
            Files.createDirectories(path.getParent());
            switch (this) {
                case FIFO ->
                    assertThat(new ProcessBuilder("mkfifo", "" + path).start().waitFor())
                            .isZero();
                case DEVICE -> Files.createSymbolicLink(path, Path.of("/dev/zero"));
                case ENDLESS -> {
                    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
                        // Of nothing but zeros, which takes no room.
                        file.setLength(1L << 36);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void noLookWaits(Strange strange) throws Exception {
        Path base = Files.createDirectories(directory.resolve("base"));
        for (String instance : List.of("orders/redis-server", "orders/redis-sentinel", "billing/redis-server")) {
            for (String name : READ) {
                strange.put(base.resolve(instance).resolve(name));
            }
        }
        for (String name : List.of("owner", "taken", "monitrc", "pid")) {
            strange.put(base.resolve("orders/.monit").resolve(name));
        }
        List<String> instances =
                List.of("redis", "redis-server", "127.0.0.1", "1", "sentinel", "redis-sentinel", "127.0.0.1", "2");

        assertThat(said(Surveyor.class, "survey", List.of("" + base, "orders", "orders"), instances))
                .contains("i.redis-server.pid=0\n", "i.redis-sentinel.conf=yes\n", "agent.pid=0\n")
                .doesNotContain("claimed")
                .endsWith("end=yes\n");
        assertThat(said(Verifier.class, "verify", List.of("" + base, "orders", "orders", "0"), instances))
                .contains("i.redis-server.pid=0\n")
                .endsWith("verify.end=yes\n");
        assertThat(firstOf(List.of("60", "" + base, "orders", "redis-server", "redis-sentinel")))
                .contains("|redis-server 0 0 ", "|redis-sentinel 0 0 ");
    }

    private String said(Class<?> home, String name, List<String> first, List<String> rest) throws Exception {
        List<String> arguments = new ArrayList<>(first);
        arguments.addAll(rest);
        Path out = directory.resolve(name + ".out");
        Process shell = begun(home, name, arguments, out);
        try {
            assertThat(shell.waitFor(SOON.toSeconds(), TimeUnit.SECONDS))
                    .as(name + " comes to its end")
                    .isTrue();
        } finally {
            end(shell);
        }
        return Files.readString(out);
    }

    /** The first line of the facts, which have no end. */
    private String firstOf(List<String> arguments) throws Exception {
        Path out = directory.resolve("facts.out");
        Process shell = begun(HostWatch.class, "facts", arguments, out);
        try {
            Await.until("a line of facts", SOON, () -> line(out).endsWith("\n"));
        } finally {
            end(shell);
        }
        return line(out);
    }

    private static String line(Path out) {
        try {
            return Files.readString(out);
        } catch (IOException notYet) {
            return "";
        }
    }

    private static Process begun(Class<?> home, String name, List<String> arguments, Path out) throws IOException {
        String text = Scripts.of(home, name, SOON, List.of()).text();
        List<String> command = new ArrayList<>(List.of("sh", "-c", text, name));
        command.addAll(arguments);
        return new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static void end(Process shell) {
        shell.descendants().forEach(ProcessHandle::destroyForcibly);
        shell.destroyForcibly();
    }
}
