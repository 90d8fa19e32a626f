package io.redfleet.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.redfleet.cli.gateway.Bearer;
import io.redfleet.cli.gateway.Gateway;
import io.redfleet.cli.gateway.LocalGateway;
import io.redfleet.cli.gateway.Trust;
import io.redfleet.testkit.TempDirectory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The demo's cluster on hosts that end. */
class EngineClusterTest {
    private static final String TOLD = "r1 10.214.7.11 ssh-ed25519 A\nr2 10.214.7.12 ssh-ed25519 B\n";
    private static final String OURS = card("10.214.7.11", "10.214.7.12");

    private final TempDirectory directory = TempDirectory.named("engine-cluster");
    private final Home home = new Home(directory.path().resolve("redfleet"));
    private final RecordedScreen recorded = new RecordedScreen();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);

    /** What the gateway answers of the cluster; empty: 404. */
    private volatile String card = OURS;

    private volatile String status = "SUCCEEDED";

    private volatile boolean listed = true;

    /** What it answers of other clusters, by name. */
    private final Map<String, String> others = new ConcurrentHashMap<>();

    EngineClusterTest() throws IOException {}

    @BeforeEach
    void prepare() throws IOException {
        home.prepare();
        Files.createDirectories(home.guests());
        Files.writeString(home.guests().resolve(EngineCluster.TOLD), TOLD);
        Files.createFile(
                home.adminToken(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(home.adminToken(), "rf_0123456789abcdef\n");
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void end() {
        server.stop(0);
        directory.close();
    }

    @Test
    void itIsTakenOutWithItsDataBeforeItsHostsEnd() throws Exception {
        EngineCluster.forget(home, runs(), recorded.screen(), System.err, address -> true);
        assertThat(asked)
                .anySatisfy(call -> assertThat(call)
                        .startsWith("DELETE /api/v1/clusters/orders-systemd?")
                        .contains("confirm=orders-systemd", "keepData=false", "wait=true"));
        assertThat(recorded.text()).contains("taken out of the fleet, with its data");
    }

    @Test
    void whereItCannotBeTakenOutItIsSaid() throws Exception {
        status = "FAILED";
        EngineCluster.forget(home, runs(), recorded.screen(), System.err, address -> true);
        assertThat(recorded.text()).contains("stays in the fleet though its hosts end: delete ended with 1");
    }

    @Test
    void nobodyWaitsForHostsThatAreGone() throws Exception {
        EngineCluster.forget(home, runs(), recorded.screen(), System.err, address -> false);
        assertThat(asked).noneMatch(call -> call.startsWith("DELETE"));
        assertThat(recorded.text()).contains("its hosts had ended before");
    }

    @Test
    void anOperatorsClusterIsLeftAlone() throws Exception {
        card = card("10.214.7.13", "192.0.2.4");
        EngineCluster.forget(home, runs(), recorded.screen(), System.err, address -> true);
        card = "";
        EngineCluster.forget(home, runs(), recorded.screen(), System.err, address -> true);
        assertThat(asked).noneMatch(call -> call.startsWith("DELETE"));
        assertThat(recorded.text()).isEmpty();
    }

    @Test
    void whoeverElseIsOnTheHostsIsFoundAndNoted() throws Exception {
        others.put("shop", card("192.0.2.4", "10.214.7.12"));
        others.put("wiki", card("192.0.2.5"));
        assertThat(EngineCluster.forget(home, runs(), recorded.screen(), System.err, address -> true))
                .containsExactly("shop");
        assertThat(asked).noneMatch(call -> call.startsWith("DELETE"));
        assertThat(EngineCluster.forget(home, List.of(), recorded.screen(), System.err, address -> true))
                .as("nobody is left to ask")
                .containsExactly("shop");
        assertThat(EngineCluster.forget(home, List.of(), recorded.screen(), System.err, address -> false))
                .as("they have ended")
                .isEmpty();
        others.remove("shop");
        assertThat(EngineCluster.forget(home, runs(), recorded.screen(), System.err, address -> true))
                .isEmpty();
        assertThat(asked).anyMatch(call -> call.startsWith("DELETE"));
        assertThat(Tenants.noted(home)).isEmpty();
    }

    /** Its name alone does not make it the demo's. */
    @Test
    void oneOfThatNameThatIsElsewhereTooIsSomebodysOnTheHosts() throws Exception {
        card = card("10.214.7.11", "192.0.2.4");
        assertThat(Tenants.on(home, gateway())).contains(List.of("orders-systemd"));
        card = OURS;
        assertThat(Tenants.on(home, gateway())).contains(List.of());
        listed = false;
        assertThat(Tenants.on(home, gateway())).as("nobody tells").isEmpty();
    }

    @Test
    void withoutAGatewayOrHostsOfTheDemoNothingIsAsked() throws Exception {
        EngineCluster.forget(home, List.of(), recorded.screen(), System.err, address -> true);
        Files.delete(home.guests().resolve(EngineCluster.TOLD));
        EngineCluster.forget(home, runs(), recorded.screen(), System.err, address -> true);
        assertThat(asked).isEmpty();
        assertThat(recorded.text()).isEmpty();
    }

    @Test
    void theNextDemoIsToldOfOneThatWasLeft() throws Exception {
        assertThat(EngineCluster.left(home, gateway(), address -> false)).containsExactly("h1", "h2");
        assertThat(EngineCluster.left(home, gateway(), address -> true)).isEmpty();
        assertThat(EngineCluster.stands(gateway())).isTrue();
        card = card("192.0.2.4");
        assertThat(EngineCluster.left(home, gateway(), address -> false)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "10.214.7.11, 10.214.7.12, true",
        "10.214.7.12, 10.214.7.12, true",
        "10.214.7.11, 10.214.7.1, false",
        "r1, 10.214.7.11, false"
    })
    void itIsTheDemosOwnWhereAllItsHostsAre(String first, String second, boolean own) throws Exception {
        List<String> found = EngineCluster.own(new ObjectMapper().readTree(card(first, second)), TOLD);
        assertThat(found).isEqualTo(own ? List.of(first, second) : List.of());
    }

    /** This very process stands for the gateway's. */
    private List<Running> runs() {
        Life life = Life.of(ProcessHandle.current().pid());
        return List.of(new Running("gateway", life, server.getAddress().getPort(), "build", "TERM"));
    }

    private Gateway gateway() {
        LocalGateway here = new LocalGateway(home.root(), server.getAddress().getPort());
        Bearer.Read.Found token = (Bearer.Read.Found) Bearer.from(home.adminToken());
        Trust.Read.Found trust = (Trust.Read.Found) here.trust();
        return new Gateway(here.url(), token.bearer(), trust.trust());
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
        if (exchange.getRequestMethod().equals("DELETE")) {
            send(exchange, 202, "{\"cluster\":\"orders-systemd\",\"operation\":\"op-1\",\"state\":\"accepted\"}");
        } else if (path.endsWith("/operations/op-1")) {
            send(
                    exchange,
                    200,
                    "{\"status\":\"" + status + "\",\"reason\":\"so it is\",\"steps\":[],"
                            + "\"finishedAt\":\"2026-03-01T11:00:00Z\"}");
        } else if (path.endsWith("/clusters")) {
            List<String> names = new ArrayList<>(others.keySet());
            names.add("orders-systemd");
            send(
                    exchange,
                    listed ? 200 : 503,
                    names.stream()
                            .map(name -> "{\"name\":\"" + name + "\"}")
                            .collect(Collectors.joining(",", "{\"items\":[", "],\"next\":null}")));
        } else if (others.containsKey(path.substring(path.lastIndexOf('/') + 1))) {
            send(exchange, 200, others.getOrDefault(path.substring(path.lastIndexOf('/') + 1), ""));
        } else {
            send(exchange, card.isEmpty() ? 404 : 200, card.isEmpty() ? "{\"title\":\"Not found\"}" : card);
        }
    }

    private static void send(HttpExchange exchange, int code, String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", code < 400 ? "application/json" : "application/problem+json");
        exchange.sendResponseHeaders(code, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static String card(String... addresses) {
        StringBuilder hosts = new StringBuilder();
        int number = 0;
        for (String address : addresses) {
            number++;
            hosts.append(hosts.isEmpty() ? "" : ",")
                    .append("{\"name\":\"h" + number + "\",\"address\":\"" + address + "\"}");
        }
        return "{\"name\":\"orders-systemd\",\"spec\":{\"hosts\":[" + hosts + "]}}";
    }
}
