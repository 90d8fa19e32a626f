package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.provisioner.lease.LeaseProcess;
import io.redfleet.provisioner.survey.Scripts;
import io.redfleet.provisioner.survey.Surveyor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists of endpoints as scripts take them: one reading for all of them, and nobody is asked by what is none. */
@Timeout(60)
class EndpointWordsTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.12:6379", "r2.example_net:1", "::1:65535", "fe80::1:6379", "a:26379"})
    void anEndpointIsReadAsItWasWritten(String word) throws Exception {
        Endpoint endpoint = new Endpoint(
                word.substring(0, word.lastIndexOf(':')), Integer.parseInt(word.substring(word.lastIndexOf(':') + 1)));
        assertThat(endpoint).asString().isEqualTo(word);
        assertThat(read(word)).isEqualTo("<" + endpoint.host() + "><" + endpoint.port() + ">");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "10.0.0.12",
                "6379",
                ":6379",
                "10.0.0.12:",
                "10.0.0.12:0",
                "10.0.0.12:06379",
                "10.0.0.12:65536",
                "10.0.0.12:123456",
                "10.0.0.12:63x",
                "10.0.0.12:-1",
                "-h:6379",
                "10.0.0.12/6379",
                "10.0.0.12 6379",
                "10.0.0.12:6379 10.0.0.13:6379",
                "10.0.0.12:6379\n",
                "10.0.0.12\n:6379",
                "*:6379",
                "r[12]:6379",
                "$(id):6379",
                "`id`:6379",
                "a;id:6379",
                "a'b:6379",
                "a\"b:6379",
                "a\\b:6379"
            })
    void whatIsNoneIsNotRead(String word) throws Exception {
        assertThat(read(word)).isEqualTo("none");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.12 6379", "-h:6379", "$(id):6379", "10.0.0.12:65536"})
    void whatIsNoneIsRefusedByItsName(String word) throws Exception {
        Path calls = directory.resolve("calls");
        for (List<String> arguments : List.of(
                List.of("switch", "a", "1", "a", "1", "orders", "any", "0", "0", "9", "1", "10.0.0.2:1", "1", word),
                List.of("switch", "a", "1", "a", "1", "orders", "any", "0", "0", "9", "1", word, "1", "10.0.0.2:1"),
                List.of("reset", "a", "1", "9", "1", "orders", "0", "1", "1", word, "10.0.0.2:1"),
                List.of("reset", "a", "1", "9", "1", "orders", "0", "1", "1", "10.0.0.2:1", word))) {
            assertThat(run(arguments)).isEqualTo("1 '" + word + "' must be HOST:PORT, with a port from 1 to 65535");
            assertThat(calls).as("nobody is asked").doesNotExist();
        }
    }

    @Test
    void aListThatIsShorterThanItSaysIsRefused() throws Exception {
        List<String> shorter = List.of(
                "switch", "a", "1", "a", "1", "orders", "any", "0", "0", "9", "1", "10.0.0.2:1", "2", "10.0.0.3:1");
        assertThat(run(shorter)).isEqualTo("1 '' must be HOST:PORT, with a port from 1 to 65535");
    }

    /** By the function alone. */
    private String read(String word) throws Exception {
        String text;
        try (InputStream in = Objects.requireNonNull(Surveyor.class.getResourceAsStream("outside.sh"))) {
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        String asks = """

                LC_ALL=C
                if endpoint "$1"; then printf '<%s><%s>' "$endpoint_host" "$endpoint_port"; else echo none; fi
                """;
        return said(new ProcessBuilder("sh", "-c", text + asks, "sh", word)).substring(2);
    }

    /** @param arguments the script's name first */
    private String run(List<String> arguments) throws Exception {
        Path programs = Files.createDirectories(directory.resolve("programs"));
        Path cli = Files.writeString(
                programs.resolve("redis-cli"), "#!/bin/sh\necho \"$*\" >>'" + directory.resolve("calls") + "'\n");
        Files.setPosixFilePermissions(cli, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path base = Files.createDirectories(directory.resolve("base"));
        try (LeaseProcess lease = LeaseProcess.start(base, "lease-1", 60)) {
            assertThat(lease.beat()).startsWith("held");
            String text = Scripts.of(Hands.class, arguments.getFirst(), Duration.ofSeconds(30), List.of())
                    .text();
            List<String> words = new ArrayList<>(List.of("sh", "-c", text, "sh", "" + base, "lease-1", "0"));
            words.addAll(arguments.subList(1, arguments.size()));
            ProcessBuilder builder = new ProcessBuilder(words);
            builder.environment().merge("PATH", "" + programs, (path, first) -> first + ":" + path);
            return said(builder);
        }
    }

    /** The exit status, and what was said. */
    private static String said(ProcessBuilder builder) throws IOException, InterruptedException {
        Process shell = builder.redirectErrorStream(true).start();
        shell.getOutputStream().close();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return shell.exitValue() + " " + (said.endsWith("\n") ? said.substring(0, said.length() - 1) : said);
    }
}
