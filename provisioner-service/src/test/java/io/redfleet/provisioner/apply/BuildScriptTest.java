package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import io.redfleet.provisioner.survey.BuildJob;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Scripts;
import io.redfleet.testkit.Await;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * build.sh with a real shell, tar and locks. What compiles is not real: make runs a script of the source's, which makes a server
 * that says its version and nothing else.
 */
@Timeout(180)
class BuildScriptTest {
    private static final String SERVER =
            "mkdir src; printf '#!/bin/sh\\necho Redis server v=VERSION sha=0\\n' >src/redis-server;"
                    + " cp src/redis-server src/redis-cli; chmod 755 src/*\n";

    @TempDir
    Path base;

    private Path dir;
    private Path tools;
    private Path calls;
    private Path slow;
    private int sources;

    @BeforeEach
    void toolsThatCompileNothing() throws IOException {
        dir = base.resolve("builds");
        calls = base.resolve("calls");
        slow = base.resolve("slow");
        tools = Files.createDirectory(base.resolve("tools"));
        tool("make", "echo \"$*\" >>'" + calls + "'; cd \"$2\" && exec sh ./build");
        tool("pkg-config", "[ \"$2\" != libsystemd ]");
        for (String name : List.of("gcc", "g++", "strip")) {
            tool(name, "exit 0");
        }
    }

    /** Processes of this test alone hold this test's lock. */
    @AfterEach
    void nothingIsLeftRunning() throws IOException {
        Files.deleteIfExists(slow);
        holders().forEach(ProcessHandle::destroyForcibly);
    }

    @Test
    @Execution(CONCURRENT)
    void whatIsBuiltIsKeptFetchedAndNotBuiltAgain() throws Exception {
        Source source = source("8.0.2", SERVER);
        assertThat(look(source)).isEqualTo("0 build.end=yes");
        assertThat(poll(source)).isEqualTo("0 gone");
        assertThat(start(source, "u1")).isEqualTo("0 started");
        String made = settled(source);
        assertThat(made).matches("0 made [0-9a-f]{64} \\d+ redis-" + source.word() + "-[A-Za-z0-9._-]+\\.tar\\.gz");
        assertThat(Files.readString(calls))
                .startsWith("-C " + dir + "/.new/source -j2 MALLOC=libc USE_SYSTEMD=no BUILD_TLS=yes\n");

        Path archive = base.resolve("fetched.tar.gz");
        assertThat(ran(archive, none(), "fetch", source.word())).isEqualTo("0");
        assertThat(MadeTar.sha256(Files.readAllBytes(archive))).isEqualTo(made.split(" ", -1)[2]);
        assertThat(listed(archive))
                .containsExactly(
                        "bin/",
                        "bin/redis-check-aof",
                        "bin/redis-check-rdb",
                        "bin/redis-cli",
                        "bin/redis-sentinel",
                        "bin/redis-server");

        assertThat(start(source, "u2")).isEqualTo(made);
        assertThat(poll(source)).isEqualTo(made);
        assertThat(look(source)).contains("build.made=" + made.split(" ", -1)[2]);
        assertThat(Files.readAllLines(calls)).hasSize(1);
        assertThat(names()).hasSize(2).contains(".lock").noneMatch(name -> name.startsWith(".new"));
    }

    @Test
    @Execution(CONCURRENT)
    void theSameProgramsAreTheSameArchive() throws Exception {
        Source source = source("8.0.2", SERVER);
        start(source, "u1");
        String first = settled(source);
        assertThat(first).startsWith("0 made ");
        // Broken, it is built anew.
        Path kept = dir.resolve(names().stream()
                .filter(name -> name.startsWith("8"))
                .findFirst()
                .orElseThrow());
        Files.writeString(kept.resolve("redis.tar.gz"), "broken");
        assertThat(ran(base.resolve("out"), none(), "fetch", source.word())).startsWith("1");
        assertThat(poll(source)).isEqualTo("0 gone");
        assertThat(start(source, "u1")).isEqualTo("0 started");
        assertThat(settled(source)).isEqualTo(first);
    }

    @Test
    @Execution(CONCURRENT)
    void twoBuildsAtOnceAreOneAndOnlyWhoBeganItStopsIt() throws Exception {
        Files.createFile(slow);
        Source source = source("8.0.2", "while [ -e '" + slow + "' ]; do sleep 0.2; done\n" + SERVER);
        assertThat(start(source, "u1")).isEqualTo("0 started");
        assertThat(start(source, "u2")).isEqualTo("0 busy");
        assertThat(poll(source)).matches("0 running \\d+");
        assertThat(stop(source, "u2")).isEqualTo("0 unchanged");
        assertThat(stop(source("8.0.1", SERVER), "u1")).as("another's build").isEqualTo("0 unchanged");
        assertThat(stop(source, "u1")).isEqualTo("0 changed");
        assertThat(holders()).isEmpty();
        assertThat(poll(source)).startsWith("0 failed it was stopped");
        assertThat(stop(source, "u1")).isEqualTo("0 unchanged");
        assertThat(names()).containsExactlyInAnyOrder(".lock", ".new");

        assertThat(start(source, "u2")).isEqualTo("0 started");
        Files.delete(slow);
        assertThat(settled(source)).startsWith("0 made ");
        assertThat(names()).doesNotContain(".new");
    }

    @Test
    @Execution(CONCURRENT)
    void aBuildThatIsKilledLeavesNothingThatCountsAndTheNextBeginsAnew() throws Exception {
        Files.createFile(slow);
        Source source = source("8.0.2", "touch half\nwhile [ -e '" + slow + "' ]; do sleep 0.2; done\n" + SERVER);
        start(source, "u1");
        assertThat(poll(source)).startsWith("0 running");
        List<ProcessHandle> running = holders();
        assertThat(running).isNotEmpty();
        running.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle process : running) {
            process.onExit().get(10, TimeUnit.SECONDS);
        }
        assertThat(poll(source)).isEqualTo("0 gone");
        assertThat(dir.resolve(".new/source/half")).exists();
        assertThat(ran(base.resolve("out"), none(), "fetch", source.word())).startsWith("1");

        Files.delete(slow);
        assertThat(start(source, "u1")).isEqualTo("0 started");
        assertThat(settled(source)).startsWith("0 made ");
        assertThat(names()).doesNotContain(".new");
    }

    /** What the source has make do, the version that is asked for, for how many seconds, and words of the reason. */
    @ParameterizedTest
    @Execution(CONCURRENT)
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            echo boom; exit 2                    | 8.0.2 | 60 | failed make has failed
            echo boom; exit 2                    | 8.0.2 | 60 | boom
            true                                 | 8.0.2 | 60 | failed make has made no src/redis-server
            SERVER                               | 9.9.9 | 60 | failed the source holds Redis 8.0.2, and spec.redis.version is 9.9.9
            sleep 30                             | 8.0.2 | 1  | failed make has not ended within 1 s
            mkdir src; touch src/redis-cli src/redis-server; chmod 755 src/* | 8.0.2 | 60 | failed what was built says no version
            """)
    void aBuildThatFailsSaysWhyAndLeavesNothingThatCounts(String makes, String version, int seconds, String reason)
            throws Exception {
        Source source = source(version, makes.replace("SERVER", SERVER.replace("VERSION", "8.0.2")));
        assertThat(start(source, "u1", seconds)).isEqualTo("0 started");
        assertThat(settled(source)).startsWith("0 failed ").contains(reason);
        assertThat(names()).containsExactlyInAnyOrder(".lock", ".new");
    }

    @Test
    @Execution(CONCURRENT)
    void whatMakeSaysIsKeptToItsEndOnly() throws Exception {
        Source source = source("8.0.2", "head -c 1000000 /dev/zero | tr '\\0' 'x'; echo; echo the end; exit 1\n");
        start(source, "u1");
        assertThat(settled(source)).contains("the end").hasSizeLessThan(2200);
        assertThat(Files.size(dir.resolve(".new/log"))).isLessThanOrEqualTo(65_536);
    }

    @Test
    @Execution(CONCURRENT)
    void aSourceThatDoesNotComeWholeIsNotBuilt() throws Exception {
        Source source = source("8.0.2", SERVER);
        byte[] bytes = Files.readAllBytes(source.file());
        Path half = Files.write(base.resolve("half"), Arrays.copyOf(bytes, bytes.length / 2));
        assertThat(start(new Source(half, source.version(), source.sha256(), bytes.length), "u1", 60))
                .startsWith("1 ")
                .contains(bytes.length / 2 + " of the source's " + bytes.length + " bytes came", "nothing was built");
        assertThat(names()).containsExactly(".lock");
        assertThat(calls).doesNotExist();
    }

    @Test
    @Execution(CONCURRENT)
    void theLastFourAreKept() throws Exception {
        for (int i = 1; i <= 5; i++) {
            Source source = source("8.0." + i, SERVER);
            start(source, "u1");
            assertThat(settled(source)).startsWith("0 made ");
        }
        assertThat(names().stream().filter(name -> name.startsWith("8")).map(name -> name.substring(0, 5)))
                .containsExactlyInAnyOrder("8.0.2", "8.0.3", "8.0.4", "8.0.5");
    }

    @Test
    @Execution(CONCURRENT)
    void whatSomebodyElseKeepsThereStays() throws Exception {
        List<String> theirs = List.of("2024-1", "2024-2", "2024-3-notes", "2024-04-01", "2024-04-02");
        for (String name : theirs) {
            Path file = Files.createDirectories(dir.resolve(name)).resolve("theirs");
            Files.writeString(file, name);
        }
        Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwx------"));
        for (int i = 1; i <= 5; i++) {
            Source source = source("8.0." + i, SERVER);
            start(source, "u1");
            assertThat(settled(source)).startsWith("0 made ");
        }
        assertThat(names()).containsAll(theirs);
        assertThat(names())
                .filteredOn(name -> name.startsWith("8"))
                .hasSize(4)
                .noneMatch(name -> name.startsWith("8.0.1"));
    }

    @Test
    @Execution(CONCURRENT)
    void whatIsMissingIsNamed() throws Exception {
        Source source = source("8.0.2", SERVER);
        String systemd = source.word().replace("-process", "-systemd");
        assertThat(ran(null, none(), "look", systemd)).isEqualTo("0 build.missing=libsystemd-dev\nbuild.end=yes");
        tool("pkg-config", "exit 1");
        assertThat(look(source)).isEqualTo("0 build.missing=libssl-dev\nbuild.end=yes");
        assertThat(dir).as("a look changes nothing").doesNotExist();
    }

    @Test
    @Execution(CONCURRENT)
    void whereOthersMayWriteNothingIsBuilt() throws Exception {
        Files.createDirectory(dir);
        Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxrwxr-x"));
        assertThat(start(source("8.0.2", SERVER), "u1"))
                .startsWith("1 " + dir + " is not ")
                .contains("alone to write");
        assertThat(names()).isEmpty();
    }

    /** Once it is built, so that there is something to hand over. */
    @ParameterizedTest
    @Execution(CONCURRENT)
    @CsvSource({"look", "poll", "fetch", "start", "stop"})
    void whereOthersMayWriteNothingIsHandedOver(String verb) throws Exception {
        Source source = source("8.0.2", SERVER);
        start(source, "u1");
        assertThat(settled(source)).startsWith("0 made ");
        Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxrwxr-x"));
        assertThat(asked(verb, source)).startsWith("1 " + dir + " is not ").contains("alone to write");
        Path link = base.resolve("link");
        Files.move(dir, base.resolve("elsewhere"));
        Files.createSymbolicLink(link, base.resolve("elsewhere"));
        dir = link;
        assertThat(asked(verb, source)).startsWith("1 " + dir + " is not ").contains("alone to write");
        Files.setPosixFilePermissions(base.resolve("elsewhere"), PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(asked(verb, source)).startsWith("0 ");
    }

    private String asked(String verb, Source source) throws Exception {
        return switch (verb) {
            case "start" -> start(source, "u1");
            case "stop" -> stop(source, "u1");
            default -> ran(null, none(), verb, source.word());
        };
    }

    @Test
    @Execution(CONCURRENT)
    void aWordThatLeadsOutNamesNothing() throws Exception {
        for (String word : List.of("", "..", "8..", "/etc", "a", "8.0.2/x", "8 x")) {
            assertThat(ran(null, none(), "poll", word))
                    .as(word)
                    .startsWith("1 ")
                    .contains("names nothing that is built");
        }
    }

    /** @param bytes that are announced */
    private record Source(Path file, String version, String sha256, long bytes) {
        String word() {
            return version + "-" + sha256 + "-process";
        }
    }

    /** @param makes what its make does */
    private Source source(String version, String makes) throws Exception {
        MadeTar tar = new MadeTar();
        String top = "redis-" + version + "/";
        tar.member('5', top, "", 0755, "");
        tar.member('0', top + "build", "", 0644, makes.replace("VERSION", version));
        Path file = tar.packed(base.resolve("source-" + sources++ + ".tar.gz"));
        return new Source(file, version, MadeTar.sha256(Files.readAllBytes(file)), Files.size(file));
    }

    private String look(Source source) throws Exception {
        return ran(null, none(), "look", source.word());
    }

    private String poll(Source source) throws Exception {
        return ran(null, none(), "poll", source.word());
    }

    private String stop(Source source, String owner) throws Exception {
        return ran(null, none(), "stop", source.word(), owner);
    }

    private String start(Source source, String owner) throws Exception {
        return start(source, owner, 60);
    }

    private String start(Source source, String owner, int seconds) throws Exception {
        return ran(
                null,
                source.file(),
                "start",
                source.word(),
                owner,
                source.version(),
                source.sha256(),
                "" + source.bytes(),
                "no",
                "" + seconds);
    }

    /** What the host says once nothing goes on any more. */
    private String settled(Source source) throws Exception {
        String said = poll(source);
        for (int again = 0; again < 10 && said.startsWith("0 running"); again++) {
            said = poll(source);
        }
        // The result lies there before the lock is free.
        Await.until(
                "the end of the build", Duration.ofSeconds(20), () -> holders().isEmpty());
        return said;
    }

    private static Path none() {
        return Path.of("/dev/null");
    }

    /**
     * The exit status, and what was said.
     *
     * @param out where standard output goes; null: it is what was said
     */
    private String ran(@Nullable Path out, Path input, String... words) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(dir.toString()));
        arguments.addAll(List.of(words));
        Script script = Scripts.of(BuildJob.class, "build", Duration.ofSeconds(30), arguments);
        List<String> command = new ArrayList<>(List.of("sh", "-c", script.text(), script.name()));
        command.addAll(script.arguments());
        ProcessBuilder builder = new ProcessBuilder(command).redirectInput(input.toFile());
        Map<String, String> environment = builder.environment();
        environment.put("PATH", tools + ":" + environment.getOrDefault("PATH", "/usr/bin:/bin"));
        if (out == null) {
            builder.redirectErrorStream(true);
        } else {
            builder.redirectOutput(out.toFile()).redirectError(ProcessBuilder.Redirect.DISCARD);
        }
        Process shell = builder.start();
        String said = out == null ? new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8) : "";
        assertThat(shell.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return (shell.exitValue() + " " + said.strip()).strip();
    }

    private List<String> listed(Path archive) throws Exception {
        Process tar = new ProcessBuilder("tar", "-tzf", archive.toString()).start();
        String said = new String(tar.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(tar.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return said.lines().toList();
    }

    /** Who has the lock of this test's builds open. */
    private List<ProcessHandle> holders() {
        Path lock = dir.resolve(".lock");
        return ProcessHandle.allProcesses()
                .filter(process -> {
                    try {
                        return Files.readSymbolicLink(Path.of("/proc/" + process.pid() + "/fd/9"))
                                .equals(lock);
                    } catch (IOException e) {
                        // Gone, another's, or without such a descriptor.
                        return false;
                    }
                })
                .toList();
    }

    private List<String> names() throws IOException {
        try (Stream<Path> all = Files.list(dir)) {
            return all.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    private void tool(String name, String text) throws IOException {
        Path file = Files.writeString(tools.resolve(name), "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
