package io.redfleet.provisioner.survey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What units.sh says of a unit's text and of files beside it, with a real shell, below what looks like a machine. */
@Timeout(60)
class UnitTextTest {
    private static final String DATA = "redfleet-orders-redis-server.service.d";

    @TempDir
    Path root;

    @Test
    void thoseOfTheClustersUnitsAreNamedWhereverTheyLie() throws Exception {
        put("etc/systemd/system/" + DATA + "/a.conf");
        put("etc/systemd/system.control/" + DATA + "/b.conf");
        put("run/systemd/system/" + DATA + "/c.conf");
        put("etc/systemd/system/redfleet-orders.monit.service.d/d.conf");
        put("etc/systemd/system/" + DATA + "/readme");
        put("etc/systemd/system/redfleet-billing-redis-server.service.d/e.conf");
        assertThat(said(root.resolve("etc/systemd/system")))
                .containsExactly(
                        root + "/etc/systemd/system/" + DATA + "/a.conf",
                        root + "/etc/systemd/system.control/" + DATA + "/b.conf",
                        root + "/run/systemd/system/" + DATA + "/c.conf",
                        root + "/etc/systemd/system/redfleet-orders.monit.service.d/d.conf");
    }

    @Test
    void noneAreNone() throws Exception {
        assertThat(said(root.resolve("etc/systemd/system"))).isEmpty();
    }

    @Test
    void atMostEightOfAUnit() throws Exception {
        for (int i : IntStream.rangeClosed(10, 30).toArray()) {
            put("etc/systemd/system/" + DATA + "/" + i + ".conf");
        }
        assertThat(said(root.resolve("etc/systemd/system"))).hasSize(8);
    }

    @Test
    void aNameThatEndsItsLineSaysNothingElse() throws Exception {
        put("etc/systemd/system/" + DATA + "/x\nsystemd.init=yes\n.conf");
        assertThat(said(root.resolve("etc/systemd/system"))).containsExactly(root + "/etc/systemd/system/" + DATA);
    }

    @Test
    void initScriptsHaveNone() throws Exception {
        put("etc/init.d/redfleet-orders-redis-server.d/a.conf");
        assertThat(said(root.resolve("etc/init.d"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[Unit]\n\n[Service]\n", "[Unit]\nwithout an end", "\n\nx=y = z\n\n"})
    void theTextOfAUnitIsToldAsItIs(String text) throws Exception {
        Path units = Files.createDirectories(root.resolve("etc/systemd/system"));
        Files.writeString(units.resolve("redfleet-orders-redis-server.service"), text);
        String key = "i.redis-server.unit.text=";
        assertThat(told(units)
                        .lines()
                        .filter(line -> line.startsWith(key))
                        .map(line -> line.substring(key.length()))
                        .collect(Collectors.joining("\n")))
                .isEqualTo(text);
    }

    private List<String> said(Path units) throws Exception {
        return told(units)
                .lines()
                .filter(line -> line.startsWith("systemd.dropin="))
                .map(line -> line.substring("systemd.dropin=".length()))
                .toList();
    }

    private static String told(Path units) throws Exception {
        List<String> arguments = List.of(units.toString(), "orders", "redis-server");
        Script script = Scripts.of(HostLook.class, "units", Duration.ofSeconds(20), arguments);
        List<String> command = new ArrayList<>(List.of("sh", "-s", "--"));
        command.addAll(script.arguments());
        Process shell = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        shell.getOutputStream().write(script.text().getBytes(StandardCharsets.UTF_8));
        shell.getOutputStream().close();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(said).endsWith("systemd.end=yes\n");
        return said;
    }

    private void put(String path) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "[Service]\nLimitNOFILE=1024\n");
    }
}
