package io.redfleet.provisioner.survey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.SshSpec;
import io.redfleet.testkit.FreePort;
import io.redfleet.testkit.RedisNode;
import io.redfleet.testkit.TestAuthority;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How scripts ask an instance that speaks TLS alone, and what a survey finds of its files; with a real Redis and a real shell. */
@Timeout(120)
class TlsScriptTest {
    private static final HostSpec HOST = new HostSpec(
            new HostName("r1"), "127.0.0.1", "", new SshSpec("ops", 22, "ops", null), "redfleet", List.of());

    @TempDir
    Path directory = Path.of("");

    private TestAuthority authority;
    private TestAuthority.Signed host;

    @BeforeEach
    void aHostsCertificate() {
        authority = TestAuthority.in(directory.resolve("ours"));
        host = authority.signed("host", "ip:127.0.0.1", "EC", "-1d", 90);
    }

    @Test
    void whomTheCaHasSignedIsAskedAndNobodyElse() throws Exception {
        int port = FreePort.choose();
        Path another = TestAuthority.in(directory.resolve("theirs")).certificate();
        try (RedisNode redis = RedisNode.start(
                "tls-port " + port,
                "tls-cert-file " + host.certificate(),
                "tls-key-file " + host.key(),
                "tls-ca-cert-file " + authority.certificate(),
                "tls-auth-clients no")) {
            assertThat(asked(authority.certificate().toString(), port)).isEqualTo("PONG");
            assertThat(asked(another.toString(), port)).contains("SSL_connect failed: certificate verify failed");
            assertThat(asked("/nonexistent", port)).startsWith("Could not negotiate a TLS connection");
            assertThat(asked("", port)).as("in the clear").isNotEqualTo("PONG");
            assertThat(asked("", redis.port()))
                    .as("no TLS where none is spoken")
                    .isEqualTo("PONG");
        }
    }

    @Test
    void aSurveySaysHowItIsWithTheFiles() throws Exception {
        TlsSurvey seen = surveyed("127.0.0.1", host.certificate(), host.key());
        assertThat(seen.user()).isEqualTo(System.getProperty("user.name"));
        assertThat(seen.plain()).isEmpty();
        assertThat(seen.files().values()).containsOnly("read");
        assertThat(seen.mode()).isEqualTo("600");
        String ca = Files.readString(authority.certificate()).replaceAll("\\s", "");
        assertThat(seen.hash()).isEqualTo(Secret.of(ca).hash());

        TlsSurvey without = surveyed("127.0.0.1", host.certificate(), directory.resolve("none"));
        assertThat(without.files()).containsEntry("key", "missing").containsEntry("certificate", "read");
        assertThat(without.hash()).as("nothing more is looked at").isEmpty();
        assertThat(without.openssl()).isFalse();
        assertThat(surveyed("127.0.0.1", directory, host.key()).files()).containsEntry("certificate", "strange");
    }

    @Test
    void aSurveySaysWhatOpensslSays() throws Exception {
        TlsSurvey seen = surveyed("127.0.0.1", host.certificate(), host.key());
        assumeTrue(seen.openssl(), "there is no openssl here");
        assertThat(seen.verified()).isEqualTo("OK");
        assertThat(seen.pair()).isTrue();
        assertThat(seen.lasts()).isEqualTo(30);
        assertThat(seen.ends()).endsWith("GMT");

        assertThat(surveyed("127.0.0.2", host.certificate(), host.key()).verified())
                .containsIgnoringCase("IP address mismatch");
        TestAuthority.Signed other = authority.signed("other", "ip:127.0.0.1", "EC", "-1d", 20);
        TlsSurvey mixed = surveyed("127.0.0.1", other.certificate(), host.key());
        assertThat(mixed.pair()).isFalse();
        assertThat(mixed.lasts()).isEqualTo(7);
        TestAuthority.Signed old = authority.signed("old", "ip:127.0.0.1", "EC", "-40d", 30);
        TlsSurvey over = surveyed("127.0.0.1", old.certificate(), old.key());
        assertThat(over.verified()).isEqualTo("certificate has expired");
        assertThat(over.lasts()).isEqualTo(-1);
        TestAuthority.Signed stranger =
                TestAuthority.in(directory.resolve("theirs")).signed("host", "ip:127.0.0.1", "EC", "-1d", 90);
        assertThat(surveyed("127.0.0.1", stranger.certificate(), stranger.key()).verified())
                .isNotEmpty()
                .isNotEqualTo("OK");
    }

    @Test
    void aSurveySaysWhatLiesThereAndWhatIsShown() throws Exception {
        int port = FreePort.choose();
        String files = "ask_user='' ask_ca='" + authority.certificate() + "' tls_certificate='" + host.certificate()
                + "' tls_key='" + host.key() + "'\n";
        String text = files + part("common.sh") + part("outside.sh") + part("tls.sh") + """
                print_of <"$tls_certificate"
                served 127.0.0.1 "$1"
                served 127.0.0.1 1
                print_of </dev/null
                """;
        Script script = new Script("prints", text, List.of(String.valueOf(port)), Duration.ofSeconds(20));
        assumeTrue(surveyed("127.0.0.1", host.certificate(), host.key()).openssl(), "there is no openssl here");
        try (RedisNode redis = RedisNode.start(
                "tls-port " + port,
                "tls-cert-file " + host.certificate(),
                "tls-key-file " + host.key(),
                "tls-ca-cert-file " + authority.certificate(),
                "tls-auth-clients no")) {
            assertThat(redis.port()).isNotEqualTo(port);
            String print = surveyed("127.0.0.1", host.certificate(), host.key()).print();
            assertThat(print).matches("([0-9A-F]{2}:){31}[0-9A-F]{2}");
            assertThat(run("", script).lines())
                    .as("of the file, of the instance, of nobody, of nothing")
                    .containsExactly(print, print);
        }
    }

    /** What the survey says of an instance, and what lies there. */
    @ParameterizedTest(name = "{0} lies there, {1} is said to be shown: {2}")
    @CsvSource({
        "AA, redis-server BB, true",
        "AA, redis-server AA, false",
        "AA, redis-sentinel BB, false",
        "AA, redis-server, false",
        "'', redis-server BB, false",
    })
    void whoShowsAnotherThanLiesThereIsKnown(String print, String served, boolean renewed) {
        String said = "tls.user=redis\ntls.print=" + print + "\ntls.served=" + served + "\nend=yes\n";
        assertThat(read(said).renewed("redis-server")).isEqualTo(renewed);
    }

    /** What is in the help of either, the CA, and who is asked. */
    @ParameterizedTest(name = "redis-cli {0}, valkey-cli {1}, CA {2}: {3}")
    @CsvSource({
        "'', --cacert, /ca, valkey-cli",
        "'', --cacert, '', redis-cli",
        "--cacert, --cacert, /ca, redis-cli",
        "'', '', /ca, valkey-cli",
    })
    void whereACaIsNamedARedisCliWithoutTlsGivesWayToAValkeyCli(String redis, String valkey, String ca, String asked)
            throws Exception {
        String before = clients(redis, valkey) + "ask_user='' ask_ca='" + ca + "'\n";
        String text = part("common.sh") + part("outside.sh") + "\nask 127.0.0.1 1 PING\n";
        Script script = new Script("ask", text, List.of(), Duration.ofSeconds(20));
        assertThat(run(before, script).strip()).isEqualTo(asked + " was asked");
    }

    @Test
    void rootAsksNoClientWhetherItHasTls() throws Exception {
        Path became = directory.resolve("became");
        String before = clients("", "--cacert") + "ask_user='' ask_ca=/ca\n";
        String text = part("common.sh") + part("outside.sh") + "\nas_redis() { echo \"$*\" >>'" + became
                + "'; \"$@\"; }\nask_as_redis 127.0.0.1 1 PING\n";
        Script script = new Script("ask", text, List.of(), Duration.ofSeconds(20));
        assertThat(run(before, script).strip()).isEqualTo("valkey-cli was asked");
        assertThat(Files.readAllLines(became))
                .containsExactly(
                        "timeout 1 redis-cli --help", "timeout 2 valkey-cli --tls --cacert /ca -h 127.0.0.1 -p 1 PING");
    }

    /** What the spec wants, what is in the help of either, and who is named. */
    @ParameterizedTest(name = "{0}: redis-cli {1}, valkey-cli {2}: {3}")
    @CsvSource({
        "redis, '', --cacert, redis-cli",
        "redis, --cacert, '', ''",
        "valkey, '', --cacert, ''",
        "valkey, '', '', valkey-cli",
    })
    void aSurveyNamesTheClientThatWasBuiltWithoutTls(String engine, String redis, String valkey, String named)
            throws Exception {
        String files = "ask_user='' ask_ca='" + authority.certificate() + "' tls_certificate='" + host.certificate()
                + "' tls_key='" + host.key() + "'\n";
        List<String> arguments = new ArrayList<>(survey("127.0.0.1").arguments());
        if (engine.equals("valkey")) {
            arguments.add(3, engine);
        }
        Script script = Scripts.of(Surveyor.class, "survey", Duration.ofSeconds(20), arguments);
        assertThat(read(run(clients(redis, valkey) + files, script)).plain()).isEqualTo(named);
    }

    @Test
    void ofAClusterWithoutTlsNothingIsLookedAt() throws Exception {
        assertThat(read(run("", survey("127.0.0.1")))).isEqualTo(TlsSurvey.NONE);
    }

    /** A redis-cli and a valkey-cli that come first in PATH: their help has this beside what each has. */
    private String clients(String redis, String valkey) throws IOException {
        Path clients = Files.createDirectories(directory.resolve("clients"));
        for (List<String> each : List.of(List.of("redis-cli", redis), List.of("valkey-cli", valkey))) {
            Path program = clients.resolve(each.getFirst());
            Files.writeString(
                    program,
                    "#!/bin/sh\ncase $1 in --help) echo '-h HOST " + each.getLast() + "' ;; *) echo '" + each.getFirst()
                            + " was asked' ;; esac\n");
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        return "PATH='" + clients + "':$PATH\n";
    }

    private TlsSurvey surveyed(String address, Path certificate, Path key) throws Exception {
        String files = "ask_user='' ask_ca='" + authority.certificate() + "' tls_certificate='" + certificate
                + "' tls_key='" + key + "'\n";
        return read(run(files, survey(address)));
    }

    private Script survey(String address) {
        List<String> arguments = List.of(
                directory.resolve("base").toString(),
                "orders",
                "orders",
                "redis",
                "redis-server",
                address,
                "1",
                "--",
                directory.toString());
        return Scripts.of(Surveyor.class, "survey", Duration.ofSeconds(20), arguments);
    }

    private static TlsSurvey read(String said) {
        return SurveyText.read(HOST, said, Instant.EPOCH).orElseThrow().tls();
    }

    private static String asked(String ca, int port) throws Exception {
        String text = part("common.sh") + part("outside.sh") + "\nask 127.0.0.1 \"$1\" PING\n";
        Script script = new Script("ask", text, List.of(String.valueOf(port)), Duration.ofSeconds(20));
        return run("ask_user='' ask_ca='" + ca + "'\n", script).strip();
    }

    private static String part(String name) throws IOException {
        try (InputStream in = Scripts.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String run(String before, Script script) throws Exception {
        List<String> command = new ArrayList<>(List.of("sh", "-s", "--"));
        command.addAll(script.arguments());
        Process shell = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        shell.getOutputStream().write((before + script.text()).getBytes(StandardCharsets.UTF_8));
        shell.getOutputStream().close();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return said;
    }
}
