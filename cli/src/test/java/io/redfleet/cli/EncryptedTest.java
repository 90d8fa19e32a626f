package io.redfleet.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redfleet.cli.gateway.LocalGateway;
import io.redfleet.testkit.TestAuthority;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom the command line believes, and what it says of the others. */
class EncryptedTest {
    private static final int NOT_REACHABLE = 3;
    private static final int BAD_USAGE = 2;

    @TempDir
    static Path made = Path.of("");

    private static TestAuthority authority;
    private static TestAuthority stranger;
    private static TestAuthority.Signed here;
    private static TestAuthority.Signed elsewhere;

    @TempDir
    Path home = Path.of("");

    @BeforeAll
    static void make() {
        authority = TestAuthority.in(made.resolve("ours"));
        stranger = TestAuthority.in(made.resolve("theirs"));
        here = authority.signed("here", "ip:127.0.0.1");
        elsewhere = authority.signed("elsewhere", "dns:gateway.test");
    }

    @Test
    void theAuthorityOfItsFileIsBelieved() throws IOException {
        try (PlayedGateway gateway = played(here.server())) {
            gateway.env.put("REDFLEET_CA", authority.certificate().toString());
            PlayedGateway.Ran ran = gateway.run("list");
            assertThat(ran.err()).doesNotContain("certificate");
            assertThat(ran.exit()).isZero();
            assertThat(gateway.asked.getFirst().header("Authorization")).contains(PlayedGateway.TOKEN);
        }
    }

    @Test
    void nobodyElseIsAndTheTokenIsNotSent() throws IOException {
        try (PlayedGateway gateway = played(here.server())) {
            refused(gateway, "signed by nobody who is known here", "REDFLEET_CA");
            gateway.env.put("REDFLEET_CA", stranger.certificate().toString());
            refused(gateway, "signed by nobody who is known here", "REDFLEET_CA");
        }
        try (PlayedGateway gateway = played(elsewhere.server())) {
            gateway.env.put("REDFLEET_CA", authority.certificate().toString());
            refused(gateway, "is not for 127.0.0.1", "REDFLEET_URL");
        }
        TestAuthority.Signed old = authority.signed("old", "ip:127.0.0.1", "EC", "-9d", 3);
        try (PlayedGateway gateway = played(old.server())) {
            gateway.env.put("REDFLEET_CA", authority.certificate().toString());
            refused(gateway, "has expired");
        }
    }

    /** By the very certificate, for whatever name it is, and whoever has signed it. */
    @Test
    void theGatewayOfThisHomeIsKnownByWhatItHasLeft() throws IOException {
        try (PlayedGateway gateway = played(elsewhere.server())) {
            refused(gateway, "signed by nobody who is known here");
            leave(gateway.port(), elsewhere.certificate());
            assertThat(gateway.run("list").exit()).isZero();
            // Another certificate of the same authority is another gateway.
            leave(gateway.port(), here.certificate());
            gateway.asked.clear();
            refused(gateway, "signed by nobody who is known here");
            leave(gateway.port(), Files.writeString(home.resolve("broken"), "nothing"));
            PlayedGateway.Ran ran = gateway.run("list");
            assertThat(ran.exit()).isEqualTo(BAD_USAGE);
            assertThat(ran.err()).contains("gateway-" + gateway.port() + ".pem");
        }
    }

    @Test
    void itsReadinessIsAskedByTheSameMeasure() throws IOException {
        try (PlayedGateway gateway = played(elsewhere.server())) {
            LocalGateway local = new LocalGateway(home, gateway.port());
            assertThat(local.url().getScheme()).isEqualTo("http");
            leave(gateway.port(), elsewhere.certificate());
            assertThat(local.url().getScheme()).isEqualTo("https");
            HttpURLConnection asked = local.connection("/q/health/ready");
            assertThat(asked.getResponseCode()).isEqualTo(404);
            asked.disconnect();
            leave(gateway.port(), here.certificate());
            HttpURLConnection other = local.connection("/q/health/ready");
            assertThatThrownBy(other::getResponseCode).isInstanceOf(SSLHandshakeException.class);
        }
    }

    @Test
    void theOtherSchemeIsNamed() throws IOException {
        try (PlayedGateway gateway = played(here.server())) {
            gateway.env.put("REDFLEET_URL", "http://127.0.0.1:" + gateway.port());
            refused(gateway, "the address begins with https://");
        }
        // As a web server answers what is no request.
        try (ServerSocket plain = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                PlayedGateway gateway = played(here.server())) {
            Thread.ofVirtual().start(() -> answerInTheClear(plain));
            gateway.env.put("REDFLEET_URL", "https://127.0.0.1:" + plain.getLocalPort());
            refused(gateway, "no TLS is spoken", "begins with http://");
        }
    }

    /** Whoever comes, again and again: the client may try a second time. */
    private static void answerInTheClear(ServerSocket plain) {
        while (!plain.isClosed()) {
            try (Socket client = plain.accept()) {
                client.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                client.getInputStream().transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                // It has hung up, or the test is over.
            }
        }
    }

    @Test
    void aStreamSaysItTheSameWay() throws IOException {
        try (PlayedGateway gateway = played(here.server())) {
            PlayedGateway.Ran ran = gateway.run("events", "--follow");
            assertThat(ran.exit()).isEqualTo(NOT_REACHABLE);
            assertThat(ran.err()).contains("signed by nobody who is known here");
            assertThat(gateway.asked).isEmpty();
        }
    }

    @Test
    void aFileOfAuthoritiesThatIsNoneIsNamed() throws IOException {
        try (PlayedGateway gateway = played(here.server())) {
            Path none = home.resolve("none.pem");
            gateway.env.put("REDFLEET_CA", none.toString());
            PlayedGateway.Ran ran = gateway.run("list");
            assertThat(ran.exit()).isEqualTo(BAD_USAGE);
            assertThat(ran.err()).contains("REDFLEET_CA names " + none + ": there is no such file");
            Files.writeString(none, "nothing");
            assertThat(gateway.run("list").err()).contains("REDFLEET_CA names " + none + ": it holds no certificate");
            assertThat(gateway.asked).isEmpty();
        }
    }

    @Test
    void noTokenGoesToAnotherMachineInTheClearUnlessToldSo() throws IOException {
        try (PlayedGateway gateway = new PlayedGateway(home)) {
            gateway.env.put("REDFLEET_URL", "http://gateway.invalid:1");
            PlayedGateway.Ran ran = gateway.run("list");
            assertThat(ran.exit()).isEqualTo(BAD_USAGE);
            assertThat(ran.err()).contains("gateway.invalid unencrypted", "REDFLEET_CLEARTEXT=true");
            gateway.env.put("REDFLEET_CLEARTEXT", "true");
            PlayedGateway.Ran told = gateway.run("list");
            assertThat(told.exit()).isEqualTo(NOT_REACHABLE);
            assertThat(told.err()).contains("Careful: the token goes to gateway.invalid unencrypted");
        }
    }

    private PlayedGateway played(SSLContext shown) throws IOException {
        PlayedGateway gateway = new PlayedGateway(Files.createTempDirectory(home, "one"), shown);
        gateway.env.put("REDFLEET_HOME", home.toString());
        gateway.env.put(
                "REDFLEET_TOKEN_FILE",
                gateway.home.resolve("credentials/admin-token").toString());
        return gateway.on("GET /clusters?limit=1000", 200, "{\"items\":[]}");
    }

    private static void refused(PlayedGateway gateway, String... words) {
        PlayedGateway.Ran ran = gateway.run("list");
        assertThat(ran.err()).contains(words);
        assertThat(ran.exit()).isEqualTo(NOT_REACHABLE);
        assertThat(gateway.asked).isEmpty();
    }

    private void leave(int port, Path certificate) throws IOException {
        Path file = new LocalGateway(home, port).certificate();
        Files.createDirectories(home.resolve("run"));
        Files.writeString(file, Files.readString(certificate));
    }
}
