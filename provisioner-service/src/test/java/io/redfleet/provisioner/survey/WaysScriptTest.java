package io.redfleet.provisioner.survey;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.testkit.FreePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whom a host reaches, with a real shell and real sockets. */
@Timeout(120)
class WaysScriptTest {
    private static final String HERE = "127.0.0.1";

    @TempDir
    Path directory = Path.of("");

    @Test
    void whoListensIsReachedAlsoIfItSaysNothingAndWhoDoesNotIsRefused() throws Exception {
        int nobody = FreePort.choose();
        try (ServerSocket mute = listening(5);
                ServerSocket other = listening(5)) {
            assertThat(ways(List.of(mute.getLocalPort(), nobody, other.getLocalPort()), 3, 64))
                    .containsExactly(
                            way(mute.getLocalPort(), "open"),
                            way(nobody, "refused"),
                            way(other.getLocalPort(), "open"),
                            "ways.end=yes");
        }
    }

    @Test
    void oneThatSwallowsWhatIsSentKeepsNobodyFromBeingAsked() throws Exception {
        int nobody = FreePort.choose();
        try (ServerSocket full = listening(1);
                ServerSocket open = listening(5);
                Crowd crowd = Crowd.at(full)) {
            assertThat(crowd.full()).isTrue();
            List<Integer> ports = List.of(full.getLocalPort(), nobody, open.getLocalPort());
            assertThat(ways(ports, 1, 64))
                    .containsExactlyInAnyOrder(
                            way(full.getLocalPort(), "silent"),
                            way(nobody, "refused"),
                            way(open.getLocalPort(), "open"),
                            "ways.end=yes")
                    .endsWith("ways.end=yes");
        }
    }

    /** Alone each would take two seconds. */
    @Test
    void thoseThatSwallowAreWaitedForAtOnceAndSoManyAtATime() throws Exception {
        try (ServerSocket full = listening(1);
                Crowd crowd = Crowd.at(full)) {
            assertThat(crowd.full()).isTrue();
            List<Integer> ports = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                ports.add(full.getLocalPort());
            }
            assertThat(took(ports, 10)).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(20));
        }
    }

    /** How a system says it; the bash of this host is none, and its words are those of the real one. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            connect: Connection refused                 | refused
            connect: Connection timed out               | silent
            connect: No route to host                   | unreachable
            connect: Network is unreachable             | unreachable
            connect: Operation not permitted            | forbidden
            connect: Permission denied                  | forbidden
            connect: Too many open files                | failed ways: connect: Too many open files
            """)
    void whatASystemSaysHasOneWord(String said, String word) throws Exception {
        bash("""
                printf 'to %%s %%s\\n' "$4" "$5"
                echo 'ways: %s' >&2
                echo 'ways: line 3: /dev/tcp/x/1: Invalid argument' >&2
                """.formatted(said));
        assertThat(ways(List.of(7), 3, 64)).containsExactly(way(7, word), "ways.end=yes");
    }

    @Test
    void whatIsSaidBeforeAnyWayIsOfNone() throws Exception {
        bash("""
                echo 'bash: warning: setlocale: cannot change locale' >&2
                printf 'to %s %s\\nopen\\n' "$4" "$5"
                """);
        assertThat(ways(List.of(7), 3, 64)).containsExactly(way(7, "open"), "ways.end=yes");
    }

    @Test
    void aHostWithoutBashSaysSo() throws Exception {
        Files.createDirectory(directory.resolve("bin"));
        assertThat(ways(List.of(7), 3, 64)).containsExactly("ways.tool=none", "ways.end=yes");
    }

    private static String way(int port, String word) {
        return "way=" + HERE + " " + port + " " + word;
    }

    private static ServerSocket listening(int backlog) throws IOException {
        return new ServerSocket(0, backlog, InetAddress.getLoopbackAddress());
    }

    /** Another bash, and nothing of this host's but what the script has to find. */
    private void bash(String text) throws IOException {
        Path bin = Files.createDirectory(directory.resolve("bin"));
        Path bash = bin.resolve("bash");
        Files.writeString(bash, "#!/bin/sh\n" + text);
        Files.setPosixFilePermissions(bash, PosixFilePermissions.fromString("rwx------"));
        Files.createSymbolicLink(bin.resolve("timeout"), timeout());
    }

    private static Path timeout() {
        return List.of("/usr/bin/timeout", "/bin/timeout").stream()
                .map(Path::of)
                .filter(Files::exists)
                .findFirst()
                .orElseThrow();
    }

    private Duration took(List<Integer> ports, int many) throws Exception {
        long begun = System.nanoTime();
        List<String> said = ways(ports, 1, many);
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        assertThat(said)
                .hasSize(ports.size() + 1)
                .filteredOn(line -> line.endsWith("silent"))
                .hasSize(ports.size());
        return took;
    }

    /** What the script says, line by line; nothing of it is an error. */
    private List<String> ways(List<Integer> ports, int seconds, int many) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("" + seconds, "" + many));
        for (int port : ports) {
            arguments.addAll(List.of(HERE, "" + port));
        }
        Script script = Scripts.of(WaysLook.class, "ways", Duration.ofMinutes(1), arguments);
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-s", "--"));
        command.addAll(script.arguments());
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        Path bin = directory.resolve("bin");
        if (Files.exists(bin)) {
            builder.environment().put("PATH", bin.toString());
        }
        Process shell = builder.start();
        shell.getOutputStream().write(script.text().getBytes(StandardCharsets.UTF_8));
        shell.getOutputStream().close();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(shell.exitValue()).isZero();
        return said.lines().toList();
    }

    /** Those who wait at a listener that takes nobody: once no more may wait there, what is sent to it is swallowed. */
    private record Crowd(List<Socket> waiting, boolean full) implements AutoCloseable {
        private static final int MOST = 16;
        private static final int PATIENCE_MILLIS = 500;

        static Crowd at(ServerSocket listener) throws IOException {
            List<Socket> waiting = new ArrayList<>();
            boolean full = false;
            while (!full && waiting.size() < MOST) {
                Socket next = new Socket();
                try {
                    next.connect(
                            new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort()), PATIENCE_MILLIS);
                    waiting.add(next);
                } catch (SocketTimeoutException e) {
                    next.close();
                    full = true;
                }
            }
            return new Crowd(waiting, full);
        }

        @Override
        public void close() throws IOException {
            for (Socket socket : waiting) {
                socket.close();
            }
        }
    }
}
