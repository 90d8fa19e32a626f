package io.redfleet.gateway.edge.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.redfleet.bus.codec.Codec;
import io.redfleet.gateway.access.Caller;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The one call to another service: the audit query of the alert-service. */
public final class Trail implements AutoCloseable {
    private static final String AWAY = "The alert-service, which keeps the audit trail, ";

    private final URI service;
    private final Supplier<String> key;
    private final Duration patience;
    private final Fleet fleet;
    private final HttpClient http;

    /** @param key the secret that both services share; read anew for each query, it may be made after our start */
    public Trail(URI service, Supplier<String> key, Duration patience, Fleet fleet) {
        this.service = service;
        this.key = key;
        this.patience = patience;
        this.fleet = fleet;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(patience)
                .build();
    }

    /** A page of events, reduced to what the caller may see. */
    ObjectNode page(Caller caller, Map<String, String> query) throws InterruptedException {
        String cluster = query.get("cluster");
        if (cluster != null && !fleet.knows(caller, cluster)) {
            throw ProblemException.notFound("No cluster is called " + Fleet.shown(cluster));
        }
        ObjectNode page = caller.coversFleet() ? ask(query, null) : ofSome(query, fleet.uids(caller));
        if (!caller.coversFleet() && page.path("items") instanceof ArrayNode items) {
            // The answer holds nothing else; a cluster may have gone, or changed hands, since it was asked for.
            ArrayNode seen = Codec.mapper().createArrayNode();
            for (JsonNode item : items) {
                String uid = item.path("data").path("uid").asText();
                if (fleet.sees(caller, item.path("cluster").asText(), uid)) {
                    seen.add(item);
                }
            }
            page.set("items", seen);
        }
        page.put("stale", fleet.stale());
        return page;
    }

    private ObjectNode ofSome(Map<String, String> query, List<String> uids) throws InterruptedException {
        if (uids.isEmpty()) {
            ObjectNode nothing = Codec.mapper().createObjectNode();
            nothing.putArray("items");
            return nothing.putNull("next");
        }
        return ask(query, uids);
    }

    /**
     * @param uids the only clusters to look for; null for all. The history itself has to leave out the others: a page
     *     that
     *     is thinned out here would show by its length and its 'next' how much there is to hide.
     */
    private ObjectNode ask(Map<String, String> query, @Nullable List<String> uids) throws InterruptedException {
        HttpRequest.Builder asking = HttpRequest.newBuilder(service.resolve("/audit?" + encoded(query)))
                .timeout(patience)
                .header("Authorization", "Bearer " + key.get())
                .header("Accept", "application/json");
        HttpRequest request = uids == null
                ? asking.build()
                : asking.header("Content-Type", "text/plain")
                        .POST(BodyPublishers.ofString(String.join("\n", uids)))
                        .build();
        HttpResponse<byte[]> response;
        try {
            response = http.send(request, BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw ProblemException.away(AWAY + "does not answer: everything else goes on without it");
        }
        try {
            if (response.statusCode() == 200 && Codec.mapper().readTree(response.body()) instanceof ObjectNode page) {
                return page;
            }
            if (response.statusCode() == 400) {
                throw ProblemException.bad(Codec.mapper()
                        .readTree(response.body())
                        .path("detail")
                        .asText("The audit query was not understood"));
            }
        } catch (IOException e) {
            throw ProblemException.away(AWAY + "answered with something that is no JSON");
        }
        throw ProblemException.away(AWAY + "answered with status " + response.statusCode());
    }

    private static String encoded(Map<String, String> query) {
        return query.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    static @Nullable String moment(String name, @Nullable String text) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        try {
            return Instant.parse(text).toString();
        } catch (DateTimeParseException e) {
            throw Query.broken(name, text, "a moment as 2026-11-22T12:00:00Z");
        }
    }

    static String limit(@Nullable String limit) {
        return String.valueOf(Query.limit(limit));
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
