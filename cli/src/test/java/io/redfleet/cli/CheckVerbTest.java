package io.redfleet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckVerbTest {
    @TempDir
    Path dir;

    private PlayedGateway gateway;

    @BeforeEach
    void open() throws IOException {
        gateway = new PlayedGateway(dir);
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void aControlFileThatCanBeUsedIsSaidToBeSoInMonitsWords() throws IOException {
        Path file = Files.writeString(dir.resolve("redis.conf"), """
                set httpd port 8081 and allow admin:monit
                check process redis-server with pidfile "/var/run/redis.pid"
                  if failed port 6379 then restart
                """);
        var ran = gateway.run("check", file.toString());
        assertThat(ran.exit()).isZero();
        assertThat(ran.out()).isEqualTo("Control file syntax OK\n");
        assertThat(ran.err()).startsWith(file + ":1:1: set httpd is not needed").hasLineCount(1);
        assertThat(gateway.asked).isEmpty();
    }

    /** Monit takes it, and so may a file; a spec does not. */
    @Test
    void aProgramThatNoSpecMayNameIsRemarkedOnWithItsPlace() throws IOException {
        Path file = Files.writeString(dir.resolve("redis.conf"), """
                check process redis-server with pidfile "/var/run/redis.pid"
                  if failed port 6379 then exec "/etc/redfleet/exec.d/report"
                  if memory > 80% then exec "/bin/sh -c id" else if succeeded then exec "/etc/redfleet/exec.d/a b"
                """);
        var ran = gateway.run("check", file.toString());
        assertThat(ran.exit()).isZero();
        assertThat(ran.out()).isEqualTo("Control file syntax OK\n");
        assertThat(ran.err().lines())
                .hasSize(2)
                .allMatch(line ->
                        line.contains(" is not taken in watch.rules: there it must be /etc/redfleet/exec.d/NAME,"))
                .anyMatch(line -> line.startsWith(file + ":3:29: exec \"/bin/sh -c id\" "))
                .anyMatch(line -> line.startsWith(file + ":3:73: exec \"/etc/redfleet/exec.d/a b\" "));
    }

    @Test
    void everyFaultOfEveryFileIsNamedWithItsPlace() throws IOException {
        Path first =
                Files.writeString(dir.resolve("a.conf"), "check process a matching b\n  if failed port 0 then x\n");
        Path second = Files.writeString(dir.resolve("b.conf"), "set alert root@localhost\ninclude /etc/monit.d/*\n");
        var ran = gateway.run(
                "check",
                first.toString(),
                second.toString(),
                dir.resolve("none").toString());
        assertThat(ran.exit()).isEqualTo(1);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err().lines())
                .hasSize(4)
                .contains(first + ":2:25: syntax error 'x'", dir.resolve("none") + ": there is no such file")
                .anyMatch(line -> line.startsWith(second + ":1:5: set alert is not done; "))
                .anyMatch(line -> line.startsWith(second + ":2:1: include is not followed; "));
    }
}
