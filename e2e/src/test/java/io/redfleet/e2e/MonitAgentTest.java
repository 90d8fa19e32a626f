package io.redfleet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cloudevents.CloudEvent;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.Installation;
import io.redfleet.testkit.LoopbackHost;
import io.redfleet.testkit.RealMonit;
import io.redfleet.testkit.ThreeHosts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code monit.agent: on} and off again: Monit comes, reports with a secret that nobody else sees, and goes. */
@Tag("long")
class MonitAgentTest {
    private static final Pattern SECRET = Pattern.compile("rf_[A-Za-z0-9_-]{43}");
    private static final String STOPPED = "r3 monit redis-server: Does not exist";

    @TempDir
    Path directory = Path.of("");

    @Test
    void monitComesReportsAndGoesAsTheSpecSays() throws Exception {
        assumeTrue(RealMonit.in(directory).isPresent(), RealMonit.MISSING);
        Path home = Files.createDirectory(directory.resolve("home"));
        try (Installation redfleet = Installation.up(home);
                ThreeHosts hosts = new ThreeHosts(directory, home);
                PlainConsumer events = new PlainConsumer(redfleet.bootstrap(), redfleet.login("consumer"))) {
            Api api = new Api(redfleet.gateway(), redfleet.adminToken());
            try {
                String spec = hosts.spec("orders");
                applied(api.post("/clusters", "application/yaml", spec + "  monit: {agent: on}\n"), api);
                reports(redfleet);
                List<String> secrets = secrets(hosts);
                judged(api, events);
                secretsStayWhereTheyAre(redfleet, api, events, secrets);
                applied(api.put("/clusters/orders", "application/yaml", spec + "  monit: {agent: off}\n"), api);
                gone(hosts, events);
            } catch (AssertionError e) {
                throw new AssertionError(e.getMessage() + "\n" + Evidence.of(redfleet, events), e);
            } finally {
                hosts.all().forEach(MonitAgentTest::kill);
            }
        }
    }

    private static void applied(Api.Answer accepted, Api api) {
        assertThat(accepted.status()).as("%s", accepted.body()).isEqualTo(202);
        String operation = accepted.body().path("operation").asText();
        within(
                120,
                "the operation has succeeded: " + operation,
                () -> Look.status(api, operation).equals("SUCCEEDED"));
    }

    private static void reports(Installation redfleet) {
        for (String host : List.of("r1", "r2", "r3")) {
            within(
                    60,
                    host + " reports",
                    () -> Topics.text(redfleet, "redfleet.reports.v1").contains("\"host\":\"" + host + "\""));
        }
    }

    /** What is stopped on purpose is no process either: Monit says so, and does nothing about it. */
    private static void judged(Api api, PlainConsumer events) {
        within(60, "the cluster is healthy", () -> Look.diagnosis(api).equals("HEALTHY"));
        ordered(api, "stop");
        within(
                60,
                "Monit's word is an event",
                () -> told(events, "check.failed").isPresent());
        ordered(api, "start");
        within(60, "and so is its end", () -> told(events, "check.succeeded").isPresent());
    }

    private static void ordered(Api api, String verb) {
        applied(api.post("/clusters/orders/instances/r3/redis-server/" + verb, "application/json", "{}"), api);
    }

    private static void secretsStayWhereTheyAre(
            Installation redfleet, Api api, PlainConsumer events, List<String> secrets) {
        StringBuilder seen = new StringBuilder();
        for (String topic : List.of("clusters", "operations", "commands", "outcomes", "secrets", "reports")) {
            seen.append(Topics.text(redfleet, "redfleet." + topic + ".v1"));
        }
        for (String part : List.of("provisioner", "gateway", "monitor")) {
            seen.append(redfleet.log(part));
        }
        events.seen().forEach(event -> seen.append(text(event)));
        seen.append(api.heard());
        assertThat(secrets).hasSize(6).doesNotHaveDuplicates();
        assertThat(secrets).noneMatch(secret -> seen.indexOf(secret) >= 0);
        Api.Answer plain = api.get("/clusters/orders");
        assertThat(plain.body().path("spec").path("monit").path("agent").asText())
                .isEqualTo("ON");
    }

    private static void gone(ThreeHosts hosts, PlainConsumer events) {
        for (LoopbackHost host : hosts.all()) {
            assertThat(place(host)).doesNotExist();
        }
        for (String name : List.of("r1", "r2", "r3")) {
            within(
                    60,
                    "the Monit of " + name + " has said that it stops",
                    () -> events.first("monit.stopped", event -> text(event).contains("\"" + name + "\""))
                            .isPresent());
        }
        assertThat(events.first("check.failed", event -> text(event).contains("no report for")))
                .as("nobody is missed who was sent away")
                .isEmpty();
    }

    private static List<String> secrets(ThreeHosts hosts) throws IOException {
        List<String> found = new ArrayList<>();
        for (LoopbackHost host : hosts.all()) {
            Matcher matcher = SECRET.matcher(Files.readString(place(host).resolve("monitrc")));
            while (matcher.find()) {
                found.add(matcher.group());
            }
        }
        return found;
    }

    private static Path place(LoopbackHost host) {
        return host.home().resolve("redfleet/orders/.monit");
    }

    /** Where the test has failed before it was ended. */
    private static void kill(LoopbackHost host) {
        try {
            long pid =
                    Long.parseLong(Files.readString(place(host).resolve("pid")).strip());
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        } catch (IOException gone) {
            // As it should be.
            return;
        }
    }

    private static Optional<CloudEvent> told(PlainConsumer events, String type) {
        return events.first(type, event -> text(event).contains(STOPPED));
    }

    private static String text(CloudEvent event) {
        return new String(Objects.requireNonNull(event.getData()).toBytes(), StandardCharsets.UTF_8);
    }

    private static void within(int seconds, String what, BooleanSupplier holds) {
        Await.until(what, Duration.ofSeconds(seconds), holds);
    }
}
