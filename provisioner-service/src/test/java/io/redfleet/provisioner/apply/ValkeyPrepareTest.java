package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.provisioner.lease.LeaseProcess;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Scripts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** prepare.sh with a real shell: by which names an instance is to be started. */
@Timeout(60)
class ValkeyPrepareTest {
    @TempDir
    Path base;

    @TempDir
    Path files;

    private LeaseProcess lease;

    @BeforeEach
    void aLease() throws IOException {
        lease = LeaseProcess.start(base, "lease-1", 60);
        assertThat(lease.beat()).startsWith("held");
    }

    @AfterEach
    void itIsGivenBack() throws IOException {
        lease.close();
    }

    @Test
    void aRedisAndAValkeyBesideEachOtherBelowOneDirectory() throws Exception {
        Path redis = binary("redis-server");
        Path valkey = binary("valkey-server");
        assertThat(prepared("orders", "u1", redis)).isEqualTo("0 changed");
        assertThat(prepared("carts", "u2", valkey, "valkey")).isEqualTo("0 changed");
        Path bin = base.resolve("bin");
        assertThat(Files.readSymbolicLink(bin.resolve("redis-server"))).isEqualTo(redis);
        assertThat(Files.readSymbolicLink(bin.resolve("redis-sentinel"))).isEqualTo(redis);
        assertThat(Files.readSymbolicLink(bin.resolve("valkey-server"))).isEqualTo(valkey);
        assertThat(Files.readSymbolicLink(bin.resolve("valkey-sentinel"))).isEqualTo(valkey);
        assertThat(prepared("orders", "u1", redis)).isEqualTo("0 unchanged");
        assertThat(prepared("carts", "u2", valkey, "valkey")).isEqualTo("0 unchanged");
        assertThat(Files.readAllLines(base.resolve("carts/redis-server/owner")))
                .containsExactly("u2 carts/r1/redis-server");
    }

    /** The exit status, and what was said. */
    private String prepared(String cluster, String uid, Path binary, String... engine) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(
                "" + base,
                "lease-1",
                "0",
                "" + base.resolve("bin"),
                "" + base.resolve(cluster).resolve("redis-server"),
                uid + " " + cluster + "/r1/redis-server",
                "" + binary));
        arguments.addAll(Arrays.asList(engine));
        Script script = Scripts.of(Hands.class, "prepare", Duration.ofSeconds(20), arguments);
        List<String> command = new ArrayList<>(List.of("sh", "-c", script.text(), script.name()));
        command.addAll(script.arguments());
        Process shell = new ProcessBuilder(command).redirectErrorStream(true).start();
        shell.getOutputStream().close();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return shell.exitValue() + " " + said.strip();
    }

    private Path binary(String name) throws IOException {
        Path binary = Files.writeString(files.resolve(name), "#!/bin/sh\nexit 0\n");
        return Files.setPosixFilePermissions(binary, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
