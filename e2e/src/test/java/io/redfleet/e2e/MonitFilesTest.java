package io.redfleet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cloudevents.CloudEvent;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.Checkout;
import io.redfleet.testkit.Installation;
import io.redfleet.testkit.RealMonit;
import io.redfleet.testkit.ThreeHosts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whoever comes from Monit brings two things along: control files, which the whole fleet is watched by, and Monit itself, which
 * reports here.
 */
@Tag("long")
class MonitFilesTest {
    private static final String ARTICLE = "monitrc/src/test/resources/io/redfleet/monitrc/";
    private static final String R2 = "r2/redis-server";
    private static final String R3 = "r3/redis-sentinel";
    private static final String SILENT = "r1 monit: no report for 1 minute";

    @TempDir
    Path directory = Path.of("");

    /** On the ports that the files name; they are the article's, byte for byte. */
    @Test
    void theArticlesFilesWatchAClusterAndMonitReports() throws Exception {
        Path home = Files.createDirectory(directory.resolve("home"));
        try (Installation redfleet = Installation.up(home);
                ThreeHosts hosts = new ThreeHosts(directory, home, 6379, 26379);
                PlainConsumer events = new PlainConsumer(redfleet.bootstrap(), redfleet.login("consumer"))) {
            Api api = new Api(redfleet.gateway(), redfleet.adminToken());
            try {
                String rules = rules(hosts.all().getFirst().home().resolve("redfleet"));
                accepted(api, hosts.spec("orders") + watch(rules), rules);
                killed(api, events, R2);
                killed(api, events, R3);
                ofAnAddress(api, events);
                ofHosts(api, events);
                reports(redfleet, api, events);
            } catch (AssertionError e) {
                throw new AssertionError(e.getMessage() + "\n" + Evidence.of(redfleet, events), e);
            }
        }
    }

    private static void accepted(Api api, String spec, String rules) {
        Api.Answer accepted = api.post("/clusters", "application/yaml", spec);
        assertThat(accepted.status()).as("%s", accepted.body()).isEqualTo(202);
        String operation = accepted.body().path("operation").asText();
        within(
                90,
                "the operation has succeeded",
                () -> Look.status(api, operation).equals("SUCCEEDED"));
        within(60, "the cluster is healthy", () -> Look.diagnosis(api).equals("HEALTHY"));
        assertThat(Look.cluster(api)
                        .path("spec")
                        .path("watch")
                        .path("rules")
                        .asText()
                        .strip())
                .as("as it was sent")
                .isEqualTo(rules.strip());
    }

    /** Absent by the host's word and silent by ours: the rule that Monit implies asks, and the gate lets it through. */
    private static void killed(Api api, PlainConsumer events, String instance) {
        Look.kill9(Look.pid(api, instance));
        within(
                60,
                "the rule of " + instance + " is failed and a restart asked for",
                () -> about(events, "check.failed", instance).isPresent()
                        && about(events, "restart.requested", instance).isPresent());
        within(
                60,
                instance + " was started",
                () -> about(events, "restart.performed", instance).isPresent());
        within(
                60,
                "the rule is well again",
                () -> about(events, "check.succeeded", instance).isPresent());
        assertThat(text(about(events, "check.failed", instance).orElseThrow()))
                .containsAnyOf("does not exist", "failed host 127.0.0.1 port");
    }

    /** Of the node that was killed, and of nothing else at its host's address. */
    private static void ofAnAddress(Api api, PlainConsumer events) {
        String rule = "r2 cache: failed port 6379 protocol redis";
        assertThat(failed(events, rule)).as("told with the node's own rule").isPresent();
        within(
                60,
                "the port is well again",
                () -> events.first("check.succeeded", event -> text(event).contains(rule))
                        .isPresent());
        assertThat(failed(events, "r2 cache: failed port 26379")).isEmpty();
        within(20, "its line is well", () -> summary(api, "r2/cache").equals("OK"));
    }

    /** Of each host, by what it says of itself; rules that are always broken. */
    private static void ofHosts(Api api, PlainConsumer events) {
        for (String host : List.of("r1", "r2", "r3")) {
            within(
                    30,
                    host + " uses memory",
                    () -> failed(events, host + " machine: memory > 0%").isPresent());
            within(
                    30,
                    host + " has something on its disk",
                    () -> failed(events, host + " disk: space > 0%").isPresent());
        }
        within(
                20,
                "each is an incident",
                () -> Stream.of("r1", "r2", "r3")
                        .allMatch(host -> incident(api, host + " disk").equals("OPEN")));
        for (String check : List.of("r1/machine", "r2/disk")) {
            within(
                    20,
                    "summary shows " + check + " as failed",
                    () -> summary(api, check).equals("Resource limit matched"));
        }
    }

    private static String summary(Api api, String check) {
        for (var line : api.get("/summary?cluster=orders").body().path("hosts")) {
            if (line.path("id").asText().equals(check)) {
                return line.path("status").asText();
            }
        }
        return "";
    }

    private static Optional<CloudEvent> failed(PlainConsumer events, String rule) {
        return events.first("check.failed", event -> text(event).contains(rule));
    }

    /** Debian's Monit watches a process of ours and is told to report; what it watches is killed and started again. */
    private void reports(Installation redfleet, Api api, PlainConsumer events) throws Exception {
        Path place = Files.createDirectory(directory.resolve("monit"));
        Optional<RealMonit> found = RealMonit.in(place);
        assumeTrue(found.isPresent(), RealMonit.MISSING);
        Api.Answer made = api.post(
                "/tokens", "application/json", "{\"name\":\"monit-r1\",\"role\":\"reporter\",\"host\":\"orders/r1\"}");
        assertThat(made.status()).as("%s", made.body()).isEqualTo(201);
        String token = made.body().path("token").asText();
        Process watched = sleeper(place);
        RealMonit monit = found.get();
        try {
            monit.begin("""
                    set daemon 2
                    set pidfile %1$s/monit.pid
                    set idfile %1$s/id
                    set statefile %1$s/state
                    set httpd port %2$d and use address 127.0.0.1 allow localhost allow admin:m0nits-own-word
                    set mmonit http://r1:%3$s@127.0.0.1:%4$d/collector
                    check process sleeper with pidfile %1$s/sleeper.pid
                      if does not exist then alert
                    """.formatted(place, free(), token, redfleet.port("collector")));
            within(20, "the first report is there", () -> !reported(redfleet).isEmpty());
            watched.destroyForcibly();
            within(
                    20,
                    "Monit's word is an event",
                    () -> rule(events, "check.failed").isPresent());
            assertThat(text(rule(events, "check.failed").orElseThrow()))
                    .contains("r1: Monit says of sleeper: process is not running");
            long begun = unjudged(redfleet);
            monit.reload();
            within(20, "Monit begins anew", () -> unjudged(redfleet) > begun);
            watched = sleeper(place);
            within(
                    20,
                    "and so is its end",
                    () -> rule(events, "check.succeeded").isPresent());
            assertThat(events.seen().stream()
                            .filter(event -> PlainConsumer.shortType(event).startsWith("check."))
                            .filter(event -> text(event).contains("sleeper: Does not exist")))
                    .as("one beginning and one end: a Monit that has not looked yet ends nothing")
                    .hasSize(2);
            within(
                    20,
                    "an incident was opened and resolved",
                    () -> incident(api, "sleeper").equals("RESOLVED"));
            silence(api, events, monit);
            stop(events, monit);
        } finally {
            monit.end();
            watched.destroyForcibly();
        }
        assertThat(reported(redfleet)).isNotEmpty().doesNotContain("m0nits-own-word", token);
        assertThat(redfleet.log("gateway")).doesNotContain("m0nits-own-word", token);
        PublishedContract.Findings findings =
                new PublishedContract().read(redfleet.bootstrap(), redfleet.login("admin"));
        assertThat(findings.faults()).isEmpty();
        assertThat(findings.counts()).containsKey("reports.v1");
    }

    /** It stands still for longer than a minute and what may be on its way, and goes on. */
    private static void silence(Api api, PlainConsumer events, RealMonit monit) throws IOException {
        assertThat(events.first("check.failed", event -> text(event).contains(SILENT)))
                .as("it reports every two seconds")
                .isEmpty();
        monit.signal("STOP");
        try {
            within(
                    120,
                    "its silence is an event",
                    () -> events.first("check.failed", event -> text(event).contains(SILENT))
                            .isPresent());
            within(20, "and an incident", () -> incident(api, SILENT).equals("OPEN"));
        } finally {
            monit.signal("CONT");
        }
        within(
                20,
                "it reports again",
                () -> events.first("check.succeeded", event -> text(event).contains(SILENT))
                        .isPresent());
        within(20, "the incident is over", () -> incident(api, SILENT).equals("RESOLVED"));
    }

    private static void stop(PlainConsumer events, RealMonit monit) throws IOException {
        monit.signal("TERM");
        within(
                20,
                "it says that it stops",
                () -> events.first("monit.stopped", event -> text(event).contains("\"r1\""))
                        .isPresent());
    }

    /** How often Monit has said of something that it has not judged it yet. */
    private static long unjudged(Installation redfleet) {
        return reported(redfleet).split("\"initializing\":true", -1).length - 1L;
    }

    private static String reported(Installation redfleet) {
        return Topics.text(redfleet, "redfleet.reports.v1");
    }

    private static String incident(Api api, String about) {
        for (var item : api.get("/alerts").body().path("items")) {
            if (item.path("cause").asText().contains(about)) {
                return item.path("state").asText();
            }
        }
        return "";
    }

    private static Optional<CloudEvent> rule(PlainConsumer events, String type) {
        return events.first(type, event -> text(event).contains("r1 monit sleeper: Does not exist"));
    }

    private static Optional<CloudEvent> about(PlainConsumer events, String type, String instance) {
        return events.first(type, event -> String.valueOf(event.getSubject()).endsWith(instance));
    }

    private static String text(CloudEvent event) {
        return new String(Objects.requireNonNull(event.getData()).toBytes(), StandardCharsets.UTF_8);
    }

    private static Process sleeper(Path place) throws IOException {
        Process sleeper = new ProcessBuilder("sleep", "600").start();
        Files.writeString(place.resolve("sleeper.pid"), sleeper.pid() + "\n");
        return sleeper;
    }

    private static String watch(String rules) {
        return "  watch:\n    cycle: 2s\n    rules: |\n" + rules.indent(6);
    }

    /** The article's two, what holds for every host, and one about an address. */
    private static String rules(Path disk) {
        return files() + """

                check system machine
                  if memory > 0% then alert
                check filesystem disk with path DISK
                  if space > 0% then alert
                check host cache with address r2
                  if failed port 6379 protocol redis then alert
                  if failed port 26379 then alert
                """.replace("DISK", disk.toString());
    }

    private static String files() {
        return Stream.of("article-redis.conf", "article-redis-sentinel.conf")
                .map(name -> {
                    try {
                        return Files.readString(Checkout.root().resolve(ARTICLE + name));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .collect(Collectors.joining("\n"));
    }

    private static int free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static void within(int seconds, String what, BooleanSupplier holds) {
        Await.until(what, Duration.ofSeconds(seconds), holds);
    }
}
