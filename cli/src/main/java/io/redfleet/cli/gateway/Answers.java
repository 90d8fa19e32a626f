package io.redfleet.cli.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** HTTP responses as {@link Answer}s. */
final class Answers {
    /** Enough of a foreign error page to recognize it. */
    private static final int EXCERPT_CHARS = 200;

    private static final int TOO_MANY = 429;
    /** A token's pace is one of seconds; an address is shut for a minute, and by somebody who should know. */
    private static final Duration AGAIN_WITHIN = Duration.ofSeconds(5);

    private static final ObjectMapper JSON = new ObjectMapper();

    private Answers() {}

    static Answer read(HttpResponse<byte[]> response) {
        int status = response.statusCode();
        String type = response.headers().firstValue("Content-Type").orElse("");
        String text = new String(response.body(), StandardCharsets.UTF_8);
        JsonNode body = body(type, text);
        if (status / 100 != 2) {
            return refused(status, body, text);
        }
        boolean known = !body.isMissingNode() || text.isBlank();
        return known
                ? new Answer.Done(status, body)
                : refusal(status, "Not Redfleet's gateway", "The answer is neither JSON nor text: " + excerpt(text));
    }

    /**
     * After what time it is worth asking the same again; empty: it was heard, or nobody says so, or a person had better not wait
     * for it.
     */
    static Optional<Duration> again(HttpResponse<byte[]> response) {
        if (response.statusCode() != TOO_MANY) {
            return Optional.empty();
        }
        return response.headers()
                .firstValue("Retry-After")
                .map(String::strip)
                .filter(seconds -> seconds.matches("[0-9]{1,4}"))
                .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)))
                .filter(wait -> wait.compareTo(AGAIN_WITHIN) <= 0);
    }

    private static JsonNode body(String type, String text) {
        if (type.startsWith("text/plain")) {
            return TextNode.valueOf(text);
        }
        if (!type.contains("json") || text.isBlank()) {
            return MissingNode.getInstance();
        }
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }

    private static Answer refused(int status, JsonNode body, String text) {
        if (!body.isObject()) {
            return refusal(status, "HTTP " + status, excerpt(text));
        }
        List<Answer.Broken> errors = new ArrayList<>();
        for (JsonNode error : body.path("errors")) {
            errors.add(new Answer.Broken(
                    error.path("field").asText(),
                    error.path("value").asText(),
                    error.path("rule").asText()));
        }
        String title = body.path("title").asText("HTTP " + status);
        return new Answer.Refused(status, title, body.path("detail").asText(""), errors);
    }

    private static Answer refusal(int status, String title, String detail) {
        return new Answer.Refused(status, title, detail, List.of());
    }

    private static String excerpt(String text) {
        String line = text.strip();
        return line.length() <= EXCERPT_CHARS ? line : line.substring(0, EXCERPT_CHARS) + "...";
    }
}
