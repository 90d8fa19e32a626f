package io.redfleet.gateway.collector;

import io.redfleet.contracts.report.ReportedEvent;
import io.redfleet.contracts.report.ServiceReport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Puts a posting together from its elements as they come; whatever is not named here is left out, credentials above
 * all.
 */
final class PostingBuilder {
    private static final int SERVICES = 1_000;
    private static final int NAME = 200;
    private static final int MESSAGE = 1_000;
    /** Monit's monitoring flags (monit.h): judged, and told to watch but not judged yet. */
    private static final long JUDGED = 1;

    private static final long INITIALIZING = 2;
    private static final String SERVICE = "monit/services/service";
    private static final String EVENT = "monit/event";

    private final List<ServiceReport> services = new ArrayList<>();
    private final Map<String, String> head = new HashMap<>();
    private final Map<String, String> fields = new HashMap<>();
    private @Nullable ReportedEvent event;

    /** @param attributes by name; null where there is none */
    void begin(String path, UnaryOperator<@Nullable String> attributes) {
        switch (path) {
            case "monit" -> {
                for (String name : List.of("id", "incarnation", "version")) {
                    head.put(name, cut(attributes.apply(name), NAME));
                }
            }
            case SERVICE -> {
                fields.clear();
                fields.put("name", cut(attributes.apply("name"), NAME));
            }
            case EVENT -> fields.clear();
            default -> {
                // Begins nothing that is kept.
            }
        }
    }

    void end(String path, String text) throws Malformed {
        switch (path) {
            case "monit/server/poll" -> head.put("poll", text);
            case SERVICE -> services.add(service());
            case EVENT -> event = event();
            case SERVICE + "/type",
                    SERVICE + "/collected_sec",
                    SERVICE + "/collected_usec",
                    SERVICE + "/status",
                    SERVICE + "/status_hint",
                    SERVICE + "/monitor",
                    SERVICE + "/pid",
                    SERVICE + "/memory/kilobyte" -> fields.put(path.substring(SERVICE.length() + 1), text);
            case EVENT + "/collected_sec",
                    EVENT + "/collected_usec",
                    EVENT + "/service",
                    EVENT + "/id",
                    EVENT + "/state",
                    EVENT + "/message" -> fields.put(path.substring(EVENT.length() + 1), text);
            default -> {
                // Ends nothing that is kept.
            }
        }
    }

    Posting posting() throws Malformed {
        String id = head.getOrDefault("id", "");
        if (id.isEmpty()) {
            throw new Malformed("no <monit> with an id");
        }
        return new Posting(
                id,
                number(head, "incarnation", 0),
                head.getOrDefault("version", ""),
                Math.clamp(number(head, "poll", 0), 0, 86_400),
                services,
                event);
    }

    private ServiceReport service() throws Malformed {
        if (services.size() == SERVICES) {
            throw new Malformed("more than " + SERVICES + " services");
        }
        String name = fields.getOrDefault("name", "");
        if (name.isBlank()) {
            throw new Malformed("a service without a name");
        }
        long kilobytes = number(fields, "memory/kilobyte", -1);
        long monitor = needed("monitor");
        return new ServiceReport(
                name,
                Math.clamp(number(fields, "type", -1), -1, 1_000),
                collectedAt(),
                needed("status"),
                monitor != 0,
                Math.max(0, number(fields, "pid", 0)),
                kilobytes < 0 || kilobytes > Long.MAX_VALUE / 1_024 ? -1 : kilobytes * 1_024,
                (monitor & JUDGED) == 0 && (monitor & INITIALIZING) != 0,
                number(fields, "status_hint", 0));
    }

    private ReportedEvent event() throws Malformed {
        return new ReportedEvent(
                cut(fields.get("service"), NAME),
                needed("id"),
                Math.clamp(needed("state"), 0, 1_000),
                collectedAt(),
                cut(fields.get("message"), MESSAGE));
    }

    private Instant collectedAt() throws Malformed {
        long seconds = Math.clamp(number(fields, "collected_sec", 0), 0, 253_402_300_799L);
        long micros = Math.clamp(number(fields, "collected_usec", 0), 0, 999_999);
        return Instant.ofEpochSecond(seconds, micros * 1_000);
    }

    private long needed(String field) throws Malformed {
        if (!fields.containsKey(field)) {
            throw new Malformed("no <" + field + ">");
        }
        return number(fields, field, 0);
    }

    private static long number(Map<String, String> from, String field, long otherwise) throws Malformed {
        String text = from.get(field);
        if (text == null) {
            return otherwise;
        }
        try {
            return Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            throw new Malformed("<" + field + "> is no number: " + cut(text, 40));
        }
    }

    private static String cut(@Nullable String text, int length) {
        String there = text == null ? "" : text.strip();
        return there.length() <= length ? there : there.substring(0, length);
    }
}
