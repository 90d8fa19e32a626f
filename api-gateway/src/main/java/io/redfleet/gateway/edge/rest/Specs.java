package io.redfleet.gateway.edge.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.redfleet.contracts.access.Role;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.gateway.access.Caller;
import io.redfleet.gateway.access.Shown;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The little that the gateway has to know of a spec: whose it is. Whether it is a good one, the provisioner says.
 */
final class Specs {
    private static final Pattern ETAG = Pattern.compile("\"(\\d{1,18})\"");

    /** Words of {@code redis.install} that bring a program to hosts which no distribution has signed. */
    private static final Set<String> UNSIGNED = Set.of("archive", "source");

    private Specs() {}

    /**
     * What remains of a spec once its tree is gone.
     *
     * @param document as it travels in an order
     * @param unsigned whether it brings a program to hosts which no distribution has signed
     */
    record Draft(ClusterName name, Map<String, String> labels, String document, boolean unsigned) {
        Draft {
            labels = Map.copyOf(labels);
        }

        /** For a path that names a cluster too. */
        Draft named(String path) {
            if (!name.value().equals(path)) {
                String rule = "has to be the name in the path: " + Shown.of(path);
                throw ProblemException.broken("metadata.name", name.value(), rule);
            }
            return this;
        }

        /** A caller makes and keeps clusters within its own scope only; an unsigned program only an admin chooses. */
        Draft within(Caller caller) {
            if (!caller.covers(labels)) {
                String detail = "The spec's labels are outside of this token's scope: " + caller.labels();
                throw new ProblemException(Problem.of(403, "Forbidden", detail));
            }
            if (unsigned && !caller.role().includes(Role.ADMIN)) {
                String detail = "spec.redis.install: archive and source need a token of role admin";
                throw new ProblemException(Problem.of(403, "Forbidden", detail));
            }
            return this;
        }
    }

    static Draft read(InputStream body, @Nullable MediaType type) {
        return Bodies.document(
                body,
                type,
                document -> new Draft(name(document), labels(document), Bodies.packed(document), unsigned(document)));
    }

    /** The cluster that the document names: the order's key. */
    private static ClusterName name(ObjectNode document) {
        JsonNode name = document.path("metadata").path("name");
        if (name.isTextual() && ClusterName.allowed(name.textValue())) {
            return new ClusterName(name.textValue());
        }
        String rule = "required: 1 to 63 of a-z, 0-9 and -, a letter or digit at both ends";
        throw ProblemException.broken("metadata.name", name.isMissingNode() ? "" : name.asText(), rule);
    }

    private static boolean unsigned(ObjectNode document) {
        return UNSIGNED.contains(
                document.path("spec").path("redis").path("install").asText());
    }

    /**
     * A value is the text that JSON has for it. The provisioner stores that same text: otherwise the caller would be
     * judged by labels that the cluster does not get. Null, lists and objects it refuses.
     */
    private static Map<String, String> labels(ObjectNode document) {
        Map<String, String> labels = new HashMap<>();
        document.path("metadata").path("labels").properties().forEach(label -> {
            JsonNode value = label.getValue();
            if (value.isTextual() || value.isNumber() || value.isBoolean()) {
                labels.put(label.getKey(), value.asText());
            }
        });
        return labels;
    }

    /** The revision that a client made its spec from; null when it does not say. */
    static @Nullable Long revision(@Nullable String ifMatch) {
        if (ifMatch == null || ifMatch.equals("*")) {
            return null;
        }
        Matcher etag = ETAG.matcher(ifMatch.strip());
        if (!etag.matches()) {
            throw ProblemException.bad("If-Match is the ETag of GET /clusters/{cluster}, as in \"3\"");
        }
        return Long.parseLong(etag.group(1));
    }
}
