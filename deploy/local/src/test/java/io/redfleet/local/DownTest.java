package io.redfleet.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.redfleet.testkit.TempDirectory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@code down} asks of a gateway before it ends it, and that it ends it whatever comes of that. */
class DownTest {
    private static final String BEFORE_WAIT = problem(
            400, "{\"field\":\"wait\",\"value\":\"true\",\"rule\":\"not known: this call takes confirm, keepData\"}");
    private static final String ACCEPTED =
            "{\"cluster\":\"orders-systemd\",\"operation\":\"op-1\",\"state\":\"accepted\"}";

    private final TempDirectory directory = TempDirectory.named("down");
    private final Home home = new Home(directory.path().resolve("redfleet"));
    private final RecordedScreen recorded = new RecordedScreen();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    private final Process stands = new ProcessBuilder("sleep", "300").start();

    private volatile int waiting = 202;
    private volatile String toWaiting = ACCEPTED;
    private volatile String clusters = "{\"items\":[{\"name\":\"orders-systemd\"}],\"next\":null}";

    DownTest() throws IOException {}

    @BeforeEach
    void prepare() throws IOException {
        home.prepare();
        Files.createDirectories(home.guests());
        Files.writeString(home.guests().resolve(EngineCluster.TOLD), "r1 10.214.7.11 ssh-ed25519 A\n");
        Files.createFile(
                home.adminToken(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(home.adminToken(), "rf_0123456789abcdef\n");
        server.createContext("/", this::answer);
        server.start();
        // A process that only stands for the gateway's: down ends it.
        runsAt(server.getAddress().getPort());
    }

    @AfterEach
    void end() {
        stands.destroyForcibly();
        server.stop(0);
        directory.close();
    }

    @Test
    void theClusterIsTakenOutInItsTurn() throws Exception {
        assertThat(down()).isTrue();
        assertThat(deletes())
                .hasSize(1)
                .allMatch(call -> call.contains("keepData=false") && call.contains("wait=true"));
        assertThat(recorded.text()).contains("taken out of the fleet, with its data");
        assertEnded();
    }

    @Test
    void whatHasNothingToChangeIsTakenOutToo() throws Exception {
        waiting = 200;
        toWaiting = "{\"cluster\":\"orders-systemd\",\"operation\":null,\"state\":\"unchanged\"}";
        assertThat(down()).isTrue();
        assertThat(deletes()).hasSize(1);
        assertThat(recorded.text()).contains("taken out of the fleet");
        assertEnded();
    }

    @Test
    void aGatewayOfBeforeIsAskedAgainWithoutTheWordThatItDoesNotKnow() throws Exception {
        waiting = 400;
        toWaiting = BEFORE_WAIT;
        assertThat(down()).isTrue();
        assertThat(deletes()).hasSize(2);
        assertThat(deletes().getLast())
                .contains("confirm=orders-systemd", "keepData=false")
                .doesNotContain("wait");
        assertThat(recorded.text()).contains("taken out of the fleet, with its data");
        assertThat(err.toString(UTF_8)).doesNotContain("not known");
        assertEnded();
    }

    @Test
    void whatItRefusesForAnotherReasonIsAskedOnceAndToldAndDownGoesOn() throws Exception {
        waiting = 409;
        toWaiting = "{\"title\":\"Conflict\",\"status\":409,\"detail\":\"r1 is held by op-9\",\"errors\":[]}";
        assertThat(down()).isTrue();
        assertThat(deletes()).hasSize(1);
        assertThat(err.toString(UTF_8)).contains("Conflict (409)", "r1 is held by op-9");
        assertThat(recorded.text()).contains("stays in the fleet though its hosts end: delete ended with 1");
        assertEnded();
    }

    @Test
    void anotherWordThatItDoesNotKnowIsNoReasonToAskAgain() throws Exception {
        waiting = 400;
        toWaiting = problem(400, "{\"field\":\"keepData\",\"value\":\"false\",\"rule\":\"not known\"}");
        assertThat(down()).isTrue();
        assertThat(deletes()).hasSize(1);
        assertThat(err.toString(UTF_8)).contains("keepData: false: not known");
        assertEnded();
    }

    @Test
    void aGatewayThatDoesNotAnswerIsEndedAllTheSame() throws Exception {
        runsAt(FreePorts.choose().gateway());
        assertThat(down()).isTrue();
        assertThat(err.toString(UTF_8)).contains("nothing answers at");
        assertThat(recorded.text()).contains("may stay in the fleet though its hosts end");
        assertEnded();
    }

    /** The hosts are somebody's by now: they go on, and what was to be taken out before they end stays. */
    @Test
    void hostsThatAnotherClusterIsOnGoOn() throws Exception {
        Files.createDirectories(home.guests().resolve("engine"));
        clusters = "{\"items\":[{\"name\":\"orders-systemd\"},{\"name\":\"shop\"}],\"next\":null}";
        assertThat(down()).as("something is left").isFalse();
        assertThat(deletes()).isEmpty();
        assertThat(recorded.text())
                .contains("go on: cluster shop is on them too", "--end")
                .doesNotContain("cannot be");
        assertEnded();
        assertThat(down()).as("with no gateway to ask").isFalse();
        assertThat(recorded.text()).doesNotContain("cannot be");
    }

    private void runsAt(int port) throws IOException {
        new Running("gateway", Life.of(stands.pid()), port, "build", "TERM").write(home.run());
    }

    private boolean down() throws Exception {
        return Down.run(home, recorded.screen(), new PrintStream(err, true, UTF_8), address -> true);
    }

    private void assertEnded() throws IOException {
        assertThat(Running.all(home.run())).isEmpty();
        assertThat(Life.of(stands.pid()).goesOn()).isFalse();
    }

    private List<String> deletes() {
        return asked.stream().filter(call -> call.startsWith("DELETE")).toList();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
        if (exchange.getRequestMethod().equals("DELETE")) {
            boolean waits = exchange.getRequestURI().toString().contains("wait=");
            send(exchange, waits ? waiting : 202, waits ? toWaiting : ACCEPTED);
        } else if (path.endsWith("/operations/op-1")) {
            send(
                    exchange,
                    200,
                    "{\"status\":\"SUCCEEDED\",\"reason\":\"so it is\",\"steps\":[],"
                            + "\"finishedAt\":\"2026-03-01T11:00:00Z\"}");
        } else if (path.endsWith("/clusters")) {
            send(exchange, 200, clusters);
        } else {
            send(exchange, 200, "{\"spec\":{\"hosts\":[{\"name\":\"r1\",\"address\":\"10.214.7.11\"}]}}");
        }
    }

    private static void send(HttpExchange exchange, int code, String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", code < 400 ? "application/json" : "application/problem+json");
        exchange.sendResponseHeaders(code, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static String problem(int status, String error) {
        return "{\"title\":\"Bad request\",\"status\":" + status + ",\"detail\":\"'wait' is not known\",\"errors\":["
                + error + "]}";
    }
}
