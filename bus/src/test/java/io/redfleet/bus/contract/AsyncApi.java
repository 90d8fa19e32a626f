package io.redfleet.bus.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.redfleet.bus.codec.Codec;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.event.EventTypes;
import io.redfleet.contracts.health.FleetBrake;
import io.redfleet.contracts.health.Term;
import io.redfleet.contracts.wire.ServiceName;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The AsyncAPI 3 document: topics as channels, records as messages, writers as sending operations. */
final class AsyncApi {
    /** What a provisioner writes for the next one, in a term. */
    private static final Set<Topic> SIGNED = Set.of(Topic.CLUSTERS, Topic.OPERATIONS, Topic.SECRETS);

    private static final String BINDING = "0.5.0";
    private static final String FORMAT = "application/schema+json;version=draft-2020-12";

    private static final Map<Topic, String> SAYS = Map.ofEntries(
            Map.entry(Topic.COMMANDS, "Orders to the one service that carries them out."),
            Map.entry(Topic.OUTCOMES, "What became of an order; for one command the first record counts."),
            Map.entry(Topic.CLUSTERS, "Accepted specs and how far each cluster got; a tombstone: it is gone."),
            Map.entry(Topic.OPERATIONS, "The journal of each operation."),
            Map.entry(Topic.HOSTS, "What was last heard of each host of a cluster."),
            Map.entry(Topic.REPORTS, "What the Monit of a host says of its services, as often as it does."),
            Map.entry(Topic.HEALTH, "What the monitor holds true of each cluster, and, under _fleet, the brake."),
            Map.entry(Topic.REMEDIATIONS, "Automatic actions asked for."),
            Map.entry(Topic.EVENTS, "The public facts: CloudEvents 1.0 in binary mode. docs/consuming-events.md."),
            Map.entry(Topic.ALERTS, "The state of each incident, with CloudEvents headers."),
            Map.entry(Topic.QUIET, "Silences and maintenances. Nothing is written to it yet."),
            Map.entry(Topic.ACCESS, "Hashed tokens. For the gateways alone."),
            Map.entry(
                    Topic.SECRETS,
                    "Passwords of clusters, sealed for each service that may know one; a tombstone: its cluster is gone."),
            Map.entry(Topic.DEADLETTERS, "Where a record lies that its reader passed over, and why."));

    private final ObjectNode document = Codec.mapper().createObjectNode();

    private AsyncApi() {}

    /** @param goldens an example of each message, by the name of its schema */
    static ObjectNode document(Map<String, JsonNode> goldens) {
        AsyncApi api = new AsyncApi();
        api.head();
        for (Topic topic : Topic.values()) {
            api.channel(topic);
        }
        for (Topic topic : Topic.values()) {
            topic.writers().forEach(writer -> api.operation(topic, writer));
        }
        Carried.all().forEach(carried -> api.message(carried, goldens));
        return api.document;
    }

    private void head() {
        document.put("asyncapi", "3.0.0");
        ObjectNode about = document.putObject("info");
        about.put("title", "The bus of Redfleet");
        about.put("version", "1.0.0");
        about.put(
                "description",
                "Every topic, who writes it, and what lies on it. Made from the code; how to read it stands in "
                        + "docs/consuming-events.md. Services other than Redfleet's own read and never write.");
        about.putObject("license").put("name", "Apache-2.0").put("url", "https://www.apache.org/licenses/LICENSE-2.0");
        document.put("defaultContentType", "application/json");
        document.putObject("servers")
                .putObject("local")
                .put("host", "127.0.0.1:19092")
                .put("protocol", "kafka")
                .put("description", "What `redfleet up` starts on one machine.");
    }

    private void channel(Topic topic) {
        ObjectNode channel = document.withObjectProperty("channels").putObject(word(topic));
        channel.put("address", topic.fullName());
        channel.put("description", SAYS.get(topic));
        ObjectNode messages = channel.putObject("messages");
        of(topic)
                .forEach(carried ->
                        messages.putObject(carried.title()).put("$ref", "#/components/messages/" + carried.title()));
        ObjectNode kafka = channel.putObject("bindings").putObject("kafka");
        kafka.put("topic", topic.fullName());
        kafka.put("partitions", Topic.PARTITIONS);
        ObjectNode settings = kafka.putObject("topicConfiguration");
        Map<String, String> real = topic.settings(3);
        ArrayNode policy = settings.putArray("cleanup.policy");
        Arrays.stream(real.getOrDefault("cleanup.policy", "delete").split(",")).forEach(policy::add);
        String retention = real.get("retention.ms");
        if (retention != null) {
            settings.put("retention.ms", Long.parseLong(retention));
        }
        kafka.put("bindingVersion", BINDING);
    }

    private void operation(Topic topic, ServiceName writer) {
        ObjectNode operation = document.withObjectProperty("operations").putObject(writer.word() + "." + word(topic));
        operation.put("action", "send");
        operation.putObject("channel").put("$ref", "#/channels/" + word(topic));
        operation.put("summary", "The " + writer.word() + " writes " + topic.fullName() + ".");
        ArrayNode messages = operation.putArray("messages");
        of(topic)
                .filter(one -> !one.isEvent() || EventTypes.writer(one.event()) == writer)
                .forEach(one ->
                        messages.addObject().put("$ref", "#/channels/" + word(topic) + "/messages/" + one.title()));
    }

    private void message(Carried carried, Map<String, JsonNode> goldens) {
        ObjectNode message = document.withObjectProperty("components")
                .withObjectProperty("messages")
                .putObject(carried.title());
        message.put("name", carried.title());
        message.put("contentType", "application/json");
        if (carried.isEvent()) {
            ServiceName writer = EventTypes.writer(carried.event());
            ObjectNode headers = headers("io.redfleet." + carried.title(), writer.source());
            if (writer == ServiceName.MONITOR) {
                headers.withObjectProperty("properties").set(Term.HEADER, term());
            }
            message.set("headers", headers);
        } else if (carried.topic() == Topic.ALERTS) {
            message.set("headers", headers("io.redfleet.alert.v1", ServiceName.ALERT.source()));
        } else if (carried.type().equals(FleetBrake.class)) {
            message.set("headers", ordersOf());
        } else if (SIGNED.contains(carried.topic())) {
            message.set("headers", signed());
        }
        ObjectNode payload = message.putObject("payload");
        payload.put("schemaFormat", FORMAT);
        payload.putObject("schema").put("$ref", "schemas/" + carried.title() + ".json");
        message.putObject("bindings")
                .putObject("kafka")
                .put("bindingVersion", BINDING)
                .putObject("key")
                .put("type", "string")
                .put("pattern", carried.key());
        ArrayNode examples = message.putArray("examples");
        goldens.forEach((name, golden) -> {
            if (Carried.ofGolden(name).equals(carried)) {
                ObjectNode example = examples.addObject().put("name", name);
                if (carried.isEvent()) {
                    example.set("headers", golden.get("headers"));
                }
                example.set("payload", carried.isEvent() ? golden.get("data") : golden);
            }
        });
    }

    private static ObjectNode headers(String type, String source) {
        ObjectNode headers = Codec.mapper().createObjectNode().put("type", "object");
        ArrayNode required = headers.putArray("required");
        ObjectNode properties = headers.putObject("properties");
        Stream.of("ce_specversion", "ce_id", "ce_type", "ce_source", "ce_subject", "ce_time", "ce_partitionkey")
                .forEach(name -> {
                    required.add(name);
                    properties.putObject(name).put("type", "string");
                });
        required.add("content-type");
        properties.withObjectProperty("ce_specversion").put("const", "1.0");
        properties.withObjectProperty("ce_type").put("const", type);
        properties.withObjectProperty("ce_source").put("const", source);
        properties.withObjectProperty("ce_time").put("format", "date-time");
        properties.putObject("content-type").put("type", "string").put("const", "application/json");
        return headers;
    }

    private static ObjectNode term() {
        return Codec.mapper()
                .createObjectNode()
                .put("type", "string")
                .put("pattern", "^[0-9]{1,18}/.*$")
                .put("description", "Which monitor spoke for the cluster then; may be missing, and may be ignored.");
    }

    private static ObjectNode signed() {
        ObjectNode headers = Codec.mapper().createObjectNode().put("type", "object");
        headers.putObject("properties")
                .putObject(Term.HEADER)
                .put("type", "string")
                .put("pattern", "^[0-9]{1,18}/.*$")
                .put(
                        "description",
                        "In which ownership of the partition it was written; for provisioners, may be missing.");
        return headers;
    }

    private static ObjectNode ordersOf() {
        ObjectNode headers = Codec.mapper().createObjectNode().put("type", "object");
        headers.putObject("properties")
                .putObject(FleetBrake.ORDERS_HEADER)
                .put("type", "string")
                .put(
                        "description",
                        "The ids of the newest orders that it includes, parted by spaces; for monitors, may be missing.");
        return headers;
    }

    private static Stream<Carried> of(Topic topic) {
        List<Carried> all = Carried.all();
        return all.stream().filter(carried -> carried.topic() == topic);
    }

    private static String word(Topic topic) {
        return topic.name().toLowerCase(Locale.ROOT);
    }
}
