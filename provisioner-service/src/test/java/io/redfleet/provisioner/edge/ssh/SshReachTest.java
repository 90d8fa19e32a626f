package io.redfleet.provisioner.edge.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Trouble;
import io.redfleet.testkit.LoopbackHost;
import io.redfleet.testkit.SshKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How far a key reaches, by real connections. */
@Timeout(60)
class SshReachTest {
    private static final Script TRUE = new Script("test", "true", List.of(), Duration.ofSeconds(10));

    @TempDir
    Path directory;

    private LoopbackHost host;
    private SshHosts hosts;

    @BeforeEach
    void aHostThatTakesOurKey() throws Exception {
        Path credentials = Files.createDirectories(directory.resolve("credentials"));
        host = LoopbackHost.start(directory, "127.0.0.13", SshKey.generate(credentials.resolve("ops")));
        hosts = new SshHosts(new Credentials(credentials, false), new KnownHosts(directory.resolve("known_hosts")));
    }

    @AfterEach
    void end() {
        hosts.close();
        host.close();
    }

    @Test
    void aKeyReachesTheAddressesOfItsLimitsOnly() throws Exception {
        limits("addresses = 127.0.0.12, 127.0.0.13");
        assertThat(hosts.run(access(), TRUE)).isInstanceOf(Reply.Done.class);
        // The session stands; what the admin has narrowed holds at once all the same.
        limits("addresses = 127.0.0.12");
        assertOutOfReach(access(), "127.0.0.13 is outside of what key ops reaches: 127.0.0.12");
        Files.delete(directory.resolve("credentials/ops.properties"));
        assertThat(hosts.run(access(), TRUE)).isInstanceOf(Reply.Done.class);
        limits("adresses = 127.0.0.13");
        assertOutOfReach(access(), "adresses is not a word");
        limits("addresses = 127.0.0.12\naddresses = 127.0.0.0/8");
        assertOutOfReach(access(), "twice");
        limits("addresses = 127.0.0.13");
        Files.setPosixFilePermissions(
                directory.resolve("credentials/ops.properties"), PosixFilePermissions.fromString("rw-rw-r--"));
        assertOutOfReach(access(), "can be written by others");
    }

    /** What a name leads to is judged when it is connected to, not what it led to once. */
    @Test
    void aNameLeadsNoFurtherThanItsAddress() throws Exception {
        limits("addresses = 127.0.0.13");
        HostAccess named = new HostAccess("h1", "localhost", host.port(), host.user(), "ops", "");
        assertOutOfReach(named, "127.0.0.1 is outside of what key ops reaches");
        assertThat(Files.exists(directory.resolve("known_hosts"))).isFalse();
        limits("addresses = 127.0.0.0/8");
        assertThat(trouble(hosts.run(named, TRUE))).isEqualTo(Trouble.UNREACHABLE);
    }

    @Test
    void noKeyReachesACloudsMetadata() {
        for (String address : List.of("169.254.169.254", "100.100.100.200", "fd00:ec2::254", "0.0.0.0")) {
            HostAccess there = new HostAccess("h1", address, host.port(), host.user(), "ops", "");
            assertThat(trouble(hosts.run(there, TRUE))).as(address).isEqualTo(Trouble.OUT_OF_REACH);
        }
    }

    @Test
    void whereLimitsAreRequiredAKeyWithoutThemIsNotUsed() throws Exception {
        hosts.close();
        hosts = new SshHosts(
                new Credentials(directory.resolve("credentials"), true),
                new KnownHosts(directory.resolve("known_hosts")));
        assertOutOfReach(access(), "needs limits");
        limits("hostWide = no");
        assertThat(hosts.run(access(), TRUE)).isInstanceOf(Reply.Done.class);
    }

    private void limits(String text) throws Exception {
        Path file = directory.resolve("credentials/ops.properties");
        Files.deleteIfExists(file);
        Files.writeString(file, text + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    }

    private void assertOutOfReach(HostAccess access, String reason) {
        assertThat(hosts.run(access, TRUE)).isInstanceOfSatisfying(Reply.Failed.class, failed -> {
            assertThat(failed.trouble()).isEqualTo(Trouble.OUT_OF_REACH);
            assertThat(failed.reason()).contains(reason);
        });
    }

    private HostAccess access() {
        return new HostAccess("h1", host.address(), host.port(), host.user(), "ops", "");
    }

    private static Trouble trouble(Reply reply) {
        assertThat(reply).isInstanceOf(Reply.Failed.class);
        return ((Reply.Failed) reply).trouble();
    }
}
