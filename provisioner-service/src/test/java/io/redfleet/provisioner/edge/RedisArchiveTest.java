package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.provisioner.apply.MadeTar;
import io.redfleet.testkit.Checkout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What deploy/hosts/redis-archive does with a source that it only fetches; its curl is one that writes down what it is asked. */
@Timeout(60)
class RedisArchiveTest {
    private static final String SOURCE = "what the mirror has\n";
    private static final String MIRROR = "http://mirror.test/debian/";

    @TempDir
    Path directory;

    private Path programs;
    private Path out;

    @BeforeEach
    void aMirror() throws Exception {
        programs = Files.createDirectories(directory.resolve("programs"));
        out = directory.resolve("redis_9.9.9.orig.tar.gz");
        Files.writeString(directory.resolve("mirror"), SOURCE);
        Path curl = programs.resolve("curl");
        Files.writeString(curl, """
                #!/bin/sh
                for word; do
                  case $before in -o) out=$word ;; esac
                  before=$word
                done
                echo "$word" >>"HERE/asked"
                cp "HERE/mirror" "$out"
                """.replace("HERE", directory.toString()));
        Files.setPosixFilePermissions(curl, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void aSourceIsFetchedComparedAndSaidAsASpecTakesIt() throws Exception {
        String sha256 = MadeTar.sha256(SOURCE.getBytes(StandardCharsets.UTF_8));
        assertThat(run("--source", "--sha256", sha256, "--mirror", MIRROR, "9.9.9", out.toString()))
                .isEqualTo("0 version: \"9.9.9\"\nsource: { file: redis_9.9.9.orig.tar.gz, sha256: \"" + sha256
                        + "\" }\n");
        assertThat(out).hasContent(SOURCE);
        assertThat(asked()).containsExactly(MIRROR + "pool/main/r/redis/redis_9.9.9.orig.tar.gz");
    }

    @Test
    void anotherSourceIsNotPutThere() throws Exception {
        String other = "0".repeat(64);
        assertThat(run("--source", "--sha256", other, "--mirror", MIRROR, "9.9.9", out.toString()))
                .isEqualTo("1 ");
        assertThat(errors()).contains("redis_9.9.9.orig.tar.gz has sha256 ", ", not " + other);
        assertThat(out).doesNotExist();
    }

    @Test
    void whatNoBuildHostCompilesAndWhatCannotBeComparedIsNotFetched() throws Exception {
        assertThat(run("--source", "--valkey", "--mirror", MIRROR, "8.1.1", out.toString()))
                .isEqualTo("1 ");
        assertThat(errors()).contains("--source is for Redis alone: no build host compiles Valkey");
        assertThat(run("--source", "--mirror", MIRROR, "9.9.9", out.toString())).isEqualTo("1 ");
        assertThat(errors()).contains("no sha256 of redis_9.9.9.orig.tar.gz is known here: --sha256 HEX");
        assertThat(asked()).isEmpty();
        assertThat(out).doesNotExist();
    }

    private List<String> asked() throws IOException {
        Path asked = directory.resolve("asked");
        return Files.exists(asked) ? Files.readAllLines(asked) : List.of();
    }

    /** What the last run said to standard error. */
    private String errors() throws IOException {
        return Files.readString(directory.resolve("errors"));
    }

    /** The exit status, and what was said to standard output. */
    private String run(String... words) throws Exception {
        String script = Checkout.root().resolve("deploy/hosts/redis-archive").toString();
        List<String> command = new ArrayList<>(List.of("bash", script));
        command.addAll(Arrays.asList(words));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectError(directory.resolve("errors").toFile());
        builder.environment().merge("PATH", programs.toString(), (path, first) -> first + ":" + path);
        Process process = builder.start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return process.exitValue() + " " + said;
    }
}
