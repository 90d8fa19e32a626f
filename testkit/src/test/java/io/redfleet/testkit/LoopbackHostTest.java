package io.redfleet.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LoopbackHostTest {
    @TempDir
    Path directory;

    @Test
    void theAllowedKeyEntersAndAnotherDoesNot() throws Exception {
        SshKey allowed = SshKey.generate(directory.resolve("allowed"));
        SshKey stranger = SshKey.generate(directory.resolve("stranger"));
        try (LoopbackHost host = LoopbackHost.start(directory, "127.0.0.11", allowed)) {
            assertThat(ssh(host, allowed, "echo in")).isEqualTo("in\n");
            assertThat(ssh(host, allowed, "echo $HOME")).isEqualTo(host.home() + "\n");
            assertThat(ssh(host, stranger, "echo in")).contains("Permission denied");
        }
    }

    @Test
    void aKilledHostComesBackOnTheSamePortWithTheSameKeyUnlessToldOtherwise() throws Exception {
        SshKey key = SshKey.generate(directory.resolve("key"));
        try (LoopbackHost host = LoopbackHost.start(directory, "127.0.0.12", key)) {
            int port = host.port();
            String hostKey = host.publicHostKey();
            host.kill();
            host.resume();
            assertThat(host.port()).isEqualTo(port);
            assertThat(host.publicHostKey()).isEqualTo(hostKey);
            host.resumeWithNewHostKey();
            assertThat(host.publicHostKey()).isNotEqualTo(hostKey);
        }
    }

    private static String ssh(LoopbackHost host, SshKey key, String command) throws Exception {
        List<String> argv = new ArrayList<>(List.of("ssh", "-F", "none", "-o", "BatchMode=yes"));
        argv.addAll(List.of("-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null"));
        argv.addAll(List.of("-o", "IdentitiesOnly=yes", "-o", "LogLevel=ERROR", "-p", "" + host.port()));
        argv.addAll(List.of("-i", key.privateFile().toString(), host.user() + "@" + host.address(), command));
        Process ssh = new ProcessBuilder(argv).redirectErrorStream(true).start();
        String said = new String(ssh.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(ssh.waitFor(10, TimeUnit.SECONDS)).isTrue();
        return said;
    }
}
