package io.redfleet.local.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redfleet.local.EngineCluster;
import io.redfleet.local.Home;
import io.redfleet.local.Screen;
import io.redfleet.local.StartRefused;
import io.redfleet.testkit.TempDirectory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With a script that only says what it was asked: what boots hosts is tried by the long tier. */
class EngineHostsTest {
    private static final String KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI" + "a".repeat(43);
    private static final String HOSTS =
            "r1 10.214.7.11 " + KEY + "\nr2 10.214.7.12 " + KEY + "\nr3 10.214.7.13 " + KEY + "\n";

    private final TempDirectory directory = TempDirectory.named("engine-hosts");
    private final Screen screen =
            new Screen(new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));
    private final DemoPlace place = new DemoPlace(new Home(directory.path().resolve("redfleet")), 0);

    @BeforeEach
    void home() throws IOException {
        place.home().prepare();
    }

    @AfterEach
    void remove() {
        directory.close();
    }

    @ParameterizedTest
    @CsvSource({"root, true, ''", "root, false, needs Debian", "ops, true, this is ops", "ops, false, needs root"})
    void whatIsMissingHereIsSaid(String user, boolean debian, String why) {
        String missing = EngineHosts.missing(user, debian).orElse("");
        assertThat(missing.isEmpty()).isEqualTo(why.isEmpty());
        assertThat(missing).contains(why);
    }

    @Test
    void theSpecIsFilledInToTheLastWord() throws Exception {
        EngineHosts hosts = hosts("printf '" + HOSTS.replace("\n", "\\n") + "'");
        hosts.raise(screen);
        assertThat(hosts.hosts())
                .extracting(DemoHost::address)
                .containsExactly("10.214.7.11", "10.214.7.12", "10.214.7.13");
        String spec = Template.fill(Files.readString(Path.of("demo", hosts.template())), hosts.words());
        assertThat(spec.lines().filter(line -> !line.startsWith("#"))).noneMatch(line -> line.contains("${"));
        assertThat(spec)
                .contains("name: " + hosts.cluster() + "\n", "service: systemd", "address: 10.214.7.13")
                .contains("hostKey: \"" + KEY + "\"", "net.core.somaxconn");
    }

    @Test
    void theScriptIsToldTheHomeAndThePublicKeyAlone() throws Exception {
        Path asked = directory.path().resolve("asked");
        EngineHosts hosts = hosts("echo \"$@\" >" + asked + "; printf '" + HOSTS.replace("\n", "\\n") + "'");
        hosts.raise(screen);
        assertThat(Files.readString(asked)).isEqualTo("--home " + place.root() + " --key " + place.key() + ".pub\n");
        hosts.kill(new Orders.Master(hosts.hosts().get(1), 4711));
        assertThat(Files.readString(asked))
                .isEqualTo("--home " + place.root() + " --in r2 systemctl kill --signal=KILL"
                        + " redfleet-orders-systemd-redis-server.service\n");
    }

    @Test
    void whatWasToldOfHostsStaysWhereTheNextBootFails() throws Exception {
        hosts("printf '" + HOSTS.replace("\n", "\\n") + "'").raise(screen);
        EngineHosts failing = hosts("echo half; exit 7");
        assertThatThrownBy(() -> failing.raise(screen)).isInstanceOf(StartRefused.class);
        assertThat(place.root().resolve(EngineCluster.TOLD)).hasContent(HOSTS);
    }

    @Test
    void aScriptThatFailsIsNamedWithItsStatus() throws Exception {
        EngineHosts hosts = hosts("exit 7");
        assertThatThrownBy(() -> hosts.raise(screen))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("three")
                .hasMessageContaining("ended with 7");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "r1 10.214.7.11",
                "r2 10.214.7.12 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                "r1 10.214.7.11 ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                "r1 10.214.7.11 ssh-ed25519 AAAA",
                "r1 ::1 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            })
    void whatIsNoListOfHostsIsRefused(String text) {
        assertThatThrownBy(() -> BootedHost.read(text, 1)).isInstanceOf(StartRefused.class);
    }

    @Test
    void oneTooManyIsRefusedToo() throws StartRefused {
        assertThat(BootedHost.read(HOSTS, 3)).extracting(BootedHost::hostKey).isEqualTo(List.of(KEY, KEY, KEY));
        assertThatThrownBy(() -> BootedHost.read(HOSTS, 2)).isInstanceOf(StartRefused.class);
    }

    private EngineHosts hosts(String body) throws IOException {
        Path script = directory.path().resolve("three");
        Files.writeString(script, "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new EngineHosts(place, Programs.in(System.getenv()), script);
    }
}
