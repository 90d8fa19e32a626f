package io.redfleet.gateway.edge.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.Label;
import io.redfleet.contracts.wire.Request;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The body of a call that takes a cluster in. The gateway connects to nobody it names; whether it may be, the
 * provisioner says.
 *
 * @param name what the cluster is to be called; {@link ClusterName#FLEET} where neither it nor the master is named
 * @param labels as the caller's scope is held against them
 */
record TakeInWish(ClusterName name, Map<String, String> labels, Request.TakeIn order) {
    private static final Pattern ADDRESS =
            Pattern.compile("\\[([0-9A-Fa-f:.]{2,45})](:\\d{1,5})?|([A-Za-z0-9._-]{1,253})(:\\d{1,5})?");
    private static final int SENTINEL_PORT = 26_379;
    private static final List<String> FIELDS = List.of("sentinel", "master", "name", "labels", "key", "probe");
    private static final List<String> PROBE = List.of("credential", "user");

    TakeInWish {
        labels = Map.copyOf(labels);
    }

    static TakeInWish of(ObjectNode body, boolean dryRun) {
        known(body, "", FIELDS);
        ObjectNode probe = object(body, "probe");
        known(probe, "probe.", PROBE);
        String sentinel = Bodies.text(body, "sentinel");
        Matcher at = ADDRESS.matcher(sentinel);
        if (!at.matches()) {
            String rule = "required: the address of a Sentinel, HOST or HOST:PORT";
            throw ProblemException.broken("sentinel", sentinel, rule);
        }
        boolean bracketed = at.group(1) != null;
        String host = Objects.requireNonNull(at.group(bracketed ? 1 : 3));
        String given = at.group(bracketed ? 2 : 4);
        int port = given == null ? SENTINEL_PORT : Integer.parseInt(given.substring(1));
        if (port < 1 || port > 65_535) {
            throw ProblemException.broken("sentinel", sentinel, "its port is from 1 to 65535");
        }
        String master = said(body, "master");
        ClusterName name = name(said(body, "name"), master, dryRun);
        Map<String, String> labels = new HashMap<>();
        List<Label> travelling = new ArrayList<>();
        labels(body, labels, travelling);
        Request.TakeIn order = new Request.TakeIn(
                host,
                port,
                master,
                travelling,
                said(body, "key"),
                said(probe, "credential"),
                said(probe, "user"),
                dryRun);
        return new TakeInWish(name, labels, order);
    }

    /** The master's, in the letters that a cluster's may have, where nobody says another. */
    private static ClusterName name(@Nullable String name, @Nullable String master, boolean dryRun) {
        if (name == null && master == null && dryRun) {
            return ClusterName.FLEET;
        }
        String wanted = name != null ? name : Objects.requireNonNullElse(master, "");
        String plain = name != null ? name : wanted.toLowerCase(Locale.ROOT).replaceAll("[._]", "-");
        if (!ClusterName.allowed(plain)) {
            String rule = "required where the master's name is none of a cluster: 1 to 63 of a-z, 0-9 and -, a letter"
                    + " or digit at both ends";
            throw ProblemException.broken("name", wanted, rule);
        }
        return new ClusterName(plain);
    }

    private static void labels(ObjectNode body, Map<String, String> labels, List<Label> travelling) {
        object(body, "labels").properties().forEach(label -> {
            JsonNode value = label.getValue();
            String written = label.getKey() + "=" + value.asText();
            if (value.isContainerNode() || value.isNull() || !Label.allowed(written)) {
                throw ProblemException.broken("labels", written, Label.RULE);
            }
            labels.put(label.getKey(), value.asText());
            travelling.add(new Label(written));
        });
    }

    /** As {@link Bodies#known}, but what stands there is not shown: it might be a password. */
    private static void known(ObjectNode tree, String path, List<String> fields) {
        tree.fieldNames().forEachRemaining(field -> {
            if (!fields.contains(field)) {
                String rule = "not a field; known here: " + String.join(", ", fields);
                throw ProblemException.broken(path + field, "(not shown)", rule);
            }
        });
    }

    private static ObjectNode object(ObjectNode body, String field) {
        JsonNode value = body.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return JsonNodeFactory.instance.objectNode();
        }
        if (value instanceof ObjectNode object) {
            return object;
        }
        throw ProblemException.broken(field, "(not shown)", "an object");
    }

    /** Null where it is left out or empty. */
    private static @Nullable String said(ObjectNode body, String field) {
        String text = Bodies.text(body, field);
        return text.isEmpty() ? null : text;
    }
}
