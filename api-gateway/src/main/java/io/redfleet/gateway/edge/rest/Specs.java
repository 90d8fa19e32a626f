package io.redfleet.gateway.edge.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Violation;
import io.redfleet.gateway.access.Caller;
import io.redfleet.gateway.access.Shown;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The little that the gateway has to know of a spec: whose it is. Whether it is a good one, the provisioner says.
 */
final class Specs {
    private static final Pattern ETAG = Pattern.compile("\"(\\d{1,18})\"");

    private Specs() {}

    /** The cluster that the document names: the order's key. */
    static ClusterName name(ObjectNode document) {
        JsonNode name = document.path("metadata").path("name");
        if (name.isTextual() && ClusterName.allowed(name.textValue())) {
            return new ClusterName(name.textValue());
        }
        String rule = "required: 1 to 63 of a-z, 0-9 and -, a letter or digit at both ends";
        throw broken("metadata.name", name.isMissingNode() ? "" : Shown.of(name.asText()), rule);
    }

    /** The same, for a path that names a cluster too. */
    static ClusterName name(ObjectNode document, String path) {
        ClusterName name = name(document);
        if (!name.value().equals(path)) {
            throw broken("metadata.name", name.value(), "has to be the name in the path: " + Shown.of(path));
        }
        return name;
    }

    /** A caller makes and keeps clusters within its own scope only. */
    static void covered(ObjectNode document, Caller caller) {
        Map<String, String> labels = new HashMap<>();
        document.path("metadata").path("labels").properties().forEach(label -> {
            if (label.getValue().isValueNode()) {
                labels.put(label.getKey(), label.getValue().asText());
            }
        });
        if (!caller.covers(labels)) {
            String detail = "The spec's labels are outside of this token's scope: " + caller.labels();
            throw new ProblemException(Problem.of(403, "Forbidden", detail));
        }
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

    private static ProblemException broken(String field, String value, String rule) {
        return new ProblemException(Problem.invalid(List.of(new Violation(field, value, rule))));
    }
}
