package io.redfleet.local.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.redfleet.cli.gateway.Answer;
import io.redfleet.cli.gateway.Gateway;
import io.redfleet.cli.screen.EventText;
import io.redfleet.cli.screen.FailoverText;
import io.redfleet.cli.screen.Form;
import io.redfleet.cli.verb.Pages;
import io.redfleet.local.Screen;
import io.redfleet.local.StartRefused;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What there is to see after the kill, one witness after the other. */
final class Aftermath {
    private static final Duration SWITCHED_WITHIN = Duration.ofSeconds(40);
    private static final Duration BACK_WITHIN = Duration.ofSeconds(60);
    private static final Duration ALERT_WITHIN = Duration.ofSeconds(15);
    private static final Duration RESOLVED_WITHIN = Duration.ofSeconds(30);
    private static final Duration AUDIT_WITHIN = Duration.ofSeconds(15);
    /** Longer than a healthy write ever takes here, shorter than any failover. */
    private static final Duration FLOWING = Duration.ofMillis(100);

    private final Orders orders;
    private final Gateway gateway;
    private final Screen screen;
    private final AuditTrail trail;
    private final Patience patience;

    Aftermath(Orders orders, Gateway gateway, Screen screen, AuditTrail trail) {
        this.orders = orders;
        this.gateway = gateway;
        this.screen = screen;
        this.trail = trail;
        this.patience = new Patience(screen);
    }

    /** @param at just before the signal */
    record Death(DemoHost host, Instant at) {}

    void show(Writer writer, Witness witness, Death death) throws StartRefused, InterruptedException {
        patience.until(
                new Patience.Wanted(
                        "the application to write again", SWITCHED_WITHIN, "./redfleet status " + orders.name()),
                () -> writer.outage().compareTo(FLOWING) > 0 && writer.flowsAgain(FLOWING)
                        ? new Attempt.Done<>(true)
                        : new Attempt.NotYet<>(writer.trouble()));
        // Times are cut to milliseconds on their way; the kill must not fall behind its own failover.
        Instant since = death.at().minusMillis(1);
        JsonNode report = patience.until(
                new Patience.Wanted("the failover report", SWITCHED_WITHIN, "./redfleet events --type failover."),
                () -> orders.failover(death.host(), since));
        JsonNode back = patience.until(
                new Patience.Wanted(
                        "the old master to come back as a replica", BACK_WITHIN, "./redfleet events --type restart."),
                () -> orders.back(death.host().redis(), "REPLICA"));
        witness.close();
        screen.line("  and " + witness.sentinelLines() + " lines of the Sentinels, which are events too");
        report(report);
        application(writer);
        title("8  The old master");
        Instant up = Instant.parse(back.path("since").asText());
        screen.line("  " + orders.name() + "/" + death.host().redis() + " came back as a replica "
                + Duration.between(death.at(), up).toMillis() + " ms after its death");
        screen.line("  Redfleet started it: "
                + patience.until(
                        new Patience.Wanted(
                                "the record of its start", ALERT_WITHIN, "./redfleet events --type restart."),
                        () -> orders.reason("restart.performed", since)));
        incidents(since);
        audit(since);
    }

    private void report(JsonNode report) {
        title("6  The failover, as the monitor put it together");
        var screenOfCli = new io.redfleet.cli.screen.Screen(System.out, System.out, Form.TABLE, false);
        FailoverText.write(screenOfCli, report);
    }

    private void application(Writer writer) throws InterruptedException {
        title("7  What the application saw");
        screen.line("  no acknowledged write for  " + writer.outage().toMillis() + " ms");
        Writer.Losses losses = writer.readBack();
        screen.line("  writes attempted           " + losses.attempted());
        screen.line("  acknowledged               " + losses.acknowledged() + ", all read back just now");
        screen.line("  of these lost              " + losses.lost());
    }

    private void incidents(Instant since) throws StartRefused, InterruptedException {
        title("9  The alert");
        patience.until(
                new Patience.Wanted("an incident", ALERT_WITHIN, "./redfleet alerts"), () -> orders.incidents(since));
        List<JsonNode> ended = patience.until(
                new Patience.Wanted("the incidents to resolve", RESOLVED_WITHIN, "./redfleet alerts"),
                () -> resolved(since));
        for (JsonNode incident : ended) {
            Instant opened = Instant.parse(incident.path("openedAt").asText());
            Instant closed = Instant.parse(incident.path("resolvedAt").asText());
            screen.line(String.format(
                    "  %s %s: %s",
                    incident.path("severity").asText(),
                    incident.path("cause").asText(),
                    incident.path("summary").asText()));
            screen.line(String.format(
                    "    opened %d ms after the kill, resolved %d ms after it",
                    Duration.between(since, opened).toMillis(),
                    Duration.between(since, closed).toMillis()));
        }
    }

    private Attempt<List<JsonNode>> resolved(Instant since) {
        if (!(orders.incidents(since) instanceof Attempt.Done<List<JsonNode>> done)) {
            return new Attempt.NotYet<>("the gateway does not show them now");
        }
        long open = done.value().stream()
                .filter(incident -> !incident.path("state").asText().equals("RESOLVED"))
                .count();
        return open == 0
                ? done
                : new Attempt.NotYet<>(open + " of " + done.value().size() + " still open");
    }

    private void audit(Instant since) throws StartRefused, InterruptedException {
        title("10 The audit trail, read back from Kafka by a plain consumer");
        List<AuditTrail.Line> lines = trail.of(orders.name(), since);
        for (AuditTrail.Line line : lines) {
            String type = EventText.shortType(line.type());
            if (!type.equals("sentinel.event")) {
                screen.line(String.format("  %s  %-24s %s", line.time(), type, line.subject()));
            }
        }
        Set<String> onKafka = new HashSet<>();
        lines.forEach(line -> onKafka.add(line.id()));
        int inApi = patience.until(
                new Patience.Wanted("the audit store to hold all " + onKafka.size(), AUDIT_WITHIN, "./redfleet events"),
                () -> stored(onKafka, since));
        screen.line("  " + onKafka.size() + " events on Kafka (" + sentinelLines(lines)
                + " of them what the Sentinels said); GET /api/v1/events gives " + inApi + ", all of these among them");
    }

    private static long sentinelLines(List<AuditTrail.Line> lines) {
        return lines.stream()
                .filter(line -> line.type().contains("sentinel.event"))
                .count();
    }

    private Attempt<Integer> stored(Set<String> wanted, Instant since) {
        Map<String, String> query = Map.of("cluster", orders.name(), "from", since.toString());
        if (!(Pages.upTo(Pages.MOST, gateway, "/events", query) instanceof Answer.Done done)) {
            return new Attempt.NotYet<>("GET /events is not answered");
        }
        Set<String> missing = new HashSet<>(wanted);
        done.body().path("items").forEach(item -> missing.remove(item.path("id").asText()));
        return missing.isEmpty()
                ? new Attempt.Done<>(done.body().path("items").size())
                : new Attempt.NotYet<>(missing.size() + " are missing");
    }

    private void title(String text) {
        screen.line("");
        screen.line(text);
    }
}
