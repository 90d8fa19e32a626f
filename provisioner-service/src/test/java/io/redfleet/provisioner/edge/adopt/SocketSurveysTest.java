package io.redfleet.provisioner.edge.adopt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redfleet.adopt.Choice;
import io.redfleet.adopt.Draft;
import io.redfleet.adopt.Survey;
import io.redfleet.adopt.edge.Door;
import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.provisioner.order.Surveys;
import io.redfleet.provisioner.reach.KeyLimits;
import io.redfleet.provisioner.reach.Range;
import io.redfleet.provisioner.reach.SurveyReach;
import io.redfleet.testkit.RedisNode;
import io.redfleet.testkit.RedisTrio;
import io.redfleet.testkit.SentinelNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A real cluster on loopback, and Sentinels that somebody else might have put there. */
@Tag("peer")
@Timeout(180)
class SocketSurveysTest {
    /** Longer than a busy machine makes a Redis wait: nothing is to happen of itself. */
    private static final Duration DOWN_AFTER = Duration.ofSeconds(30);

    /** What Sentinels and replicas say among themselves all the time, and what this test says. */
    private static final Set<String> USUAL = Set.of(
            "cmdstat_ping", "cmdstat_info", "cmdstat_publish", "cmdstat_replconf", "cmdstat_client", "cmdstat_role");

    @Test
    void aClusterWithinTheLimitsIsDraftedAndNothingIsWrittenToIt() throws IOException {
        try (RedisTrio trio = RedisTrio.start("orders", DOWN_AFTER)) {
            List<Map<String, String>> before = stats(trio);
            List<String> files = files(trio);

            Surveys.Came came = new SocketSurveys().look(wish(at(trio), limits("127.0.0.0/8")));

            assertThat(drafts(came)).singleElement().satisfies(draft -> {
                String document = draft.document().toString();
                trio.nodes().forEach(node -> assertThat(document).contains("role=redis, port=" + node.port()));
                trio.sentinels().forEach(node -> assertThat(document).contains("role=sentinel, port=" + node.port()));
                assertThat(document).contains("manage=observe");
            });
            List<Map<String, String>> after = stats(trio);
            for (int i = 0; i < before.size(); i++) {
                assertThat(grown(before.get(i), after.get(i)))
                        .contains("cmdstat_info")
                        .allMatch(SocketSurveysTest::usual);
            }
            assertThat(files(trio)).isEqualTo(files);
        }
    }

    @Test
    void aNameThatLeadsToThisMachineIsNotAsked() {
        Surveys.Came came = new SocketSurveys().look(wish(new Endpoint("localhost", 1), limits("10.0.0.0/8")));
        assertThat(((Surveys.Looked) came).result())
                .isInstanceOfSatisfying(
                        Survey.Unreachable.class,
                        away -> assertThat(away.why())
                                .startsWith("localhost:1 was not asked: ")
                                .endsWith(
                                        " is the provisioner's own machine, which the limits of key default do not name"));
    }

    /** A Sentinel of a stranger's, which sends whoever asks it elsewhere. */
    @Test
    void whomASentinelNamesBeyondTheLimitsIsNotConnectedTo() throws Exception {
        try (ServerSocket sentinel = new ServerSocket(0, 8, InetAddress.getByName("127.0.0.2"));
                ServerSocket target = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            target.setSoTimeout(200);
            Thread played = Thread.ofVirtual().start(() -> answer(sentinel, target.getLocalPort()));
            Endpoint first = new Endpoint("127.0.0.2", sentinel.getLocalPort());
            SurveyReach narrow = new SurveyReach(
                    new SurveyReach.Bound("default", limits("127.0.0.2")), null, InetAddress.getByName("127.0.0.2"));
            Surveys.Came came = new SocketSurveys()
                    .look(new Surveys.Wish(first, new Choice.Named("orders"), narrow, "", Secret.of("")));
            assertThat(drafts(came).getFirst().findings())
                    .extracting(finding -> finding.subject() + " " + finding.text())
                    .anyMatch(said -> said.startsWith("127.0.0.1:" + target.getLocalPort())
                            && said.contains("was not asked: 127.0.0.1 is the provisioner's own machine"));
            assertThatThrownBy(target::accept).isInstanceOf(SocketTimeoutException.class);
            played.interrupt();
        }
    }

    /** To every connection: one master, at that port of 127.0.0.1; to all else it has nothing to say. */
    private static void answer(ServerSocket sentinel, int port) {
        String master = list("name", "orders", "ip", "127.0.0.1", "port", String.valueOf(port), "quorum", "1");
        try {
            while (true) {
                try (Socket socket = sentinel.accept()) {
                    // The first connection asks for the masters alone, the next for all.
                    int read = socket.getInputStream().read(new byte[4_000]);
                    String rest = read > 100 ? "$2\r\nid\r\n$0\r\n\r\n*0\r\n*0\r\n" : "";
                    byte[] said = ("*1\r\n" + master + rest).getBytes(StandardCharsets.US_ASCII);
                    socket.getOutputStream().write(said);
                    socket.getOutputStream().flush();
                    // Until it is read.
                    assertThat(socket.getInputStream().read()).isNegative();
                }
            }
        } catch (IOException closed) {
            // The test has what it wanted.
        }
    }

    private static String list(String... words) {
        StringBuilder text = new StringBuilder("*" + words.length + "\r\n");
        for (String word : words) {
            text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
        }
        return text.toString();
    }

    @Test
    void aNameIsJudgedByTheAddressThatIsConnectedTo() throws IOException {
        Endpoint local = new Endpoint("localhost", 6379);
        assertThat(SocketSurveys.door(reach(new KeyLimits.None())).to(local)).isInstanceOf(Door.Shut.class);
        assertThat(SocketSurveys.door(reach(limits("127.0.0.0/8", "::1"))).to(local))
                .isInstanceOfSatisfying(
                        Door.Open.class,
                        open -> assertThat(open.address().isLoopbackAddress()).isTrue());
        // As the system's own look-up reads it.
        assertThat(SocketSurveys.door(reach(new KeyLimits.None())).to(new Endpoint("0:0:0:0:0:ffff:7f00:1", 6379)))
                .isInstanceOf(Door.Shut.class);
    }

    @Test
    void oneMoreThanThereMayBeIsRefusedAndAsksNobody() throws Exception {
        SocketSurveys surveys = new SocketSurveys(1);
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Surveys.Wish wish = wish(new Endpoint("127.0.0.1", silent.getLocalPort()), limits("127.0.0.0/8"));
            CompletableFuture<Surveys.Came> first = CompletableFuture.supplyAsync(() -> surveys.look(wish));
            try (Socket asking = silent.accept()) {
                assertThat(asking.isConnected()).isTrue();
                assertThat(surveys.look(wish)).isInstanceOf(Surveys.Full.class);
            }
            assertThat(first.get(30, TimeUnit.SECONDS)).isInstanceOf(Surveys.Looked.class);
        }
        // Its place is free again; nobody listens there any more.
        assertThat(surveys.look(wish(new Endpoint("127.0.0.1", 1), limits("127.0.0.0/8"))))
                .isInstanceOf(Surveys.Looked.class);
    }

    private static Endpoint at(RedisTrio trio) {
        SentinelNode first = trio.sentinels().getFirst();
        return new Endpoint(first.host(), first.port());
    }

    private static Surveys.Wish wish(Endpoint sentinel, KeyLimits limits) {
        return new Surveys.Wish(sentinel, new Choice.TheOnlyOne(), reach(limits), "", Secret.of(""));
    }

    private static SurveyReach reach(KeyLimits limits) {
        return new SurveyReach(new SurveyReach.Bound("default", limits), null, null);
    }

    private static KeyLimits limits(String... ranges) {
        return new KeyLimits.Limited(
                Arrays.stream(ranges).map(text -> Range.of(text).orElseThrow()).toList(), Set.of(), Map.of(), false);
    }

    private static List<Draft> drafts(Surveys.Came came) {
        if (came instanceof Surveys.Looked looked && looked.result() instanceof Survey.Seen seen) {
            return seen.drafts();
        }
        throw new AssertionError("no drafts: " + came);
    }

    private static List<Map<String, String>> stats(RedisTrio trio) {
        return trio.nodes().stream().map(node -> node.info("commandstats")).toList();
    }

    private static Set<String> grown(Map<String, String> before, Map<String, String> after) {
        Set<String> grown = new TreeSet<>();
        after.forEach((name, figures) -> {
            if (!Objects.equals(before.get(name), figures)) {
                grown.add(name);
            }
        });
        return grown;
    }

    /** {@code cmdstat_client|list} is of {@code client}. */
    private static boolean usual(String name) {
        return USUAL.contains(name.replaceFirst("\\|.*$", ""));
    }

    private static List<String> files(RedisTrio trio) throws IOException {
        List<String> files = new ArrayList<>();
        for (SentinelNode sentinel : trio.sentinels()) {
            files.add(Files.readString(sentinel.configFile()));
        }
        for (RedisNode node : trio.nodes()) {
            files.add(Files.readString(node.configFile()));
        }
        return files;
    }
}
