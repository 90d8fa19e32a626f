package io.redfleet.local.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redfleet.local.Guests;
import io.redfleet.local.Home;
import io.redfleet.local.Screen;
import io.redfleet.local.StartRefused;
import io.redfleet.local.Teardown;
import io.redfleet.testkit.TempDirectory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DemoHostsTest {
    private final TempDirectory directory = TempDirectory.named("demo");
    private final Home home = new Home(directory.path().resolve("redfleet"));
    private final Screen screen =
            new Screen(new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));
    private DemoPlace place = new DemoPlace(home, 0);

    @BeforeEach
    void prepare() throws IOException {
        home.prepare();
        place = freePlace();
    }

    @AfterEach
    void endAll() throws Exception {
        assertThat(Teardown.of(home)).isTrue();
        directory.close();
    }

    @Test
    void aHostTakesItsOneKeyAndFindsRedis() throws Exception {
        hosts().raise(screen);
        Ran ran = ssh(place.key(), "redis-server --version && redis-sentinel --version");
        assertThat(ran.exit()).as(ran.text()).isZero();
        assertThat(ran.text()).contains("Redis server v=");
        assertThat(ssh(place.key(), "echo $HOME").text())
                .endsWith(place.sshd(DemoHost.ALL.getFirst()).resolve("home") + "\n");
    }

    @Test
    void aHostRefusesOtherKeysPasswordsAndForwarding() throws Exception {
        hosts().raise(screen);
        Path other = directory.path().resolve("other");
        new ProcessBuilder("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", other.toString())
                .start()
                .waitFor();
        assertThat(ssh(other, "true").text()).contains("Permission denied (publickey)");
        Ran forwarded = ssh(place.key(), "true", "-o", "ExitOnForwardFailure=yes", "-R", "0:127.0.0.1:1");
        assertThat(forwarded.exit()).isNotZero();
    }

    @Test
    void aSecondDemoFindsItsHostsAsTheyWere() throws Exception {
        hosts().raise(screen);
        Map<String, String> words = hosts().words();
        List<String> records = records();
        hosts().raise(screen);
        assertThat(hosts().words()).isEqualTo(words);
        assertThat(records()).isEqualTo(records).hasSize(3);
    }

    @Test
    void downEndsTheHosts() throws Exception {
        hosts().raise(screen);
        assertThat(Teardown.of(home)).isTrue();
        for (DemoHost host : DemoHost.ALL) {
            assertThat(Guests.alive(home, host.guest())).isFalse();
        }
        assertThat(records()).isEmpty();
    }

    @Test
    void aPortThatIsTakenIsSaid() throws Exception {
        try (ServerSocket taken = new ServerSocket()) {
            taken.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.12"), place.sshPort()));
            assertThatThrownBy(() -> hosts().raise(screen))
                    .isInstanceOf(StartRefused.class)
                    .hasMessageContaining("127.0.0.12:" + place.sshPort());
        }
    }

    @Test
    void theSpecIsFilledInToTheLastWord() throws Exception {
        hosts().raise(screen);
        String template = Files.readString(Path.of("demo/orders.yaml"));
        String spec = Template.fill(template, hosts().words());
        assertThat(spec.lines().filter(line -> !line.startsWith("#"))).noneMatch(line -> line.contains("${"));
        assertThat(spec).contains("address: 127.0.0.13", "port: " + place.sshPort(), "hostKey: \"ssh-ed25519 AAAA");
        assertThatThrownBy(() -> Template.fill("${nobodyKnows}", Map.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Template.fill("${a}", Map.of("a", "x\ny: z")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private DemoHosts hosts() {
        return new DemoHosts(place, Programs.in(System.getenv()), System.getProperty("user.name"));
    }

    private List<String> records() throws IOException {
        List<String> records = new ArrayList<>();
        for (DemoHost host : DemoHost.ALL) {
            Path file = home.run().resolve(host.guest() + ".pid");
            if (Files.exists(file)) {
                records.add(Files.readString(file));
            }
        }
        return records;
    }

    private record Ran(int exit, String text) {}

    private Ran ssh(Path key, String command, String... options) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(
                "ssh",
                "-F",
                "/dev/null",
                "-i",
                key.toString(),
                "-p",
                String.valueOf(place.sshPort()),
                "-o",
                "BatchMode=yes",
                "-o",
                "StrictHostKeyChecking=no",
                "-o",
                "UserKnownHostsFile=/dev/null",
                "-o",
                "IdentitiesOnly=yes"));
        words.addAll(List.of(options));
        words.addAll(List.of(System.getProperty("user.name") + "@127.0.0.11", command));
        Process ssh = new ProcessBuilder(words).redirectErrorStream(true).start();
        String text = new String(ssh.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(ssh.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return new Ran(ssh.exitValue(), text);
    }

    private DemoPlace freePlace() {
        while (true) {
            DemoPlace candidate =
                    new DemoPlace(home, ThreadLocalRandom.current().nextInt(100, 9_000));
            boolean free = DemoHost.ALL.stream().allMatch(host -> free(host, candidate.sshPort()));
            if (free) {
                return candidate;
            }
        }
    }

    private static boolean free(DemoHost host, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getByName(host.address()), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
