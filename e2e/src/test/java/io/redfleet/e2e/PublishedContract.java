package io.redfleet.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import io.redfleet.testkit.Checkout;
import io.redfleet.testkit.TestBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * A consumer that knows of Redfleet nothing but what lies under {@code docs}: which topics there are, which message a record
 * is by its key and headers, and which schema its value fits, all that it has from the AsyncAPI document.
 */
final class PublishedContract {
    private static final Path DOCS = Checkout.root().resolve("docs");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, Channel> channels = new HashMap<>();

    private record Channel(boolean compacted, List<Message> messages) {}

    private record Message(String name, Pattern key, JsonSchema headers, JsonSchema payload) {
        boolean fits(String recordKey, JsonNode recordHeaders) {
            return key.matcher(recordKey).find()
                    && headers.validate(recordHeaders).isEmpty();
        }
    }

    /** What was found: how many records of each message, and what did not fit. */
    record Findings(Map<String, Integer> counts, List<String> faults) {}

    PublishedContract() {
        try {
            JsonNode document =
                    new YAMLMapper().readTree(DOCS.resolve("asyncapi.yaml").toFile());
            for (JsonNode channel : document.path("channels")) {
                List<Message> messages = new ArrayList<>();
                for (JsonNode reference : channel.path("messages")) {
                    messages.add(
                            message(document.at(reference.path("$ref").asText().substring(1))));
                }
                boolean compacted = channel.at("/bindings/kafka/topicConfiguration/cleanup.policy")
                        .toString()
                        .contains("compact");
                channels.put(channel.path("address").asText(), new Channel(compacted, messages));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads every topic from its beginning to the end that it has now.
     *
     * @param login of an account that may read every topic: only the administrator's may
     */
    Findings read(String bootstrap, Path login) {
        Map<String, Integer> counts = new TreeMap<>();
        List<String> faults = new ArrayList<>();
        Map<String, Object> settings = new HashMap<>(TestBroker.settings(login));
        settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, StringDeserializer.class);
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        Instant deadline = Instant.now().plusSeconds(60);
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(settings)) {
            Collection<TopicPartition> partitions = channels.keySet().stream()
                    .flatMap(topic -> consumer.partitionsFor(topic).stream())
                    .map(found -> new TopicPartition(found.topic(), found.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                if (Instant.now().isAfter(deadline)) {
                    throw new AssertionError("the topics were not read to their ends within a minute");
                }
                consumer.poll(Duration.ofMillis(200)).forEach(record -> look(record, counts, faults));
            }
        }
        return new Findings(counts, faults);
    }

    private void look(ConsumerRecord<String, byte[]> record, Map<String, Integer> counts, List<String> faults) {
        Channel channel = Objects.requireNonNull(channels.get(record.topic()), "only known topics are read");
        String place = record.topic() + "-" + record.partition() + "@" + record.offset() + " " + record.key();
        if (record.value() == null) {
            counts.merge(record.topic() + " tombstone", 1, Integer::sum);
            if (!channel.compacted()) {
                faults.add(place + ": a tombstone on a topic that is not compacted");
            }
            return;
        }
        ObjectNode headers = JSON.createObjectNode();
        record.headers()
                .forEach(header -> headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
        List<Message> fitting = channel.messages().stream()
                .filter(message -> message.fits(record.key(), headers))
                .toList();
        if (fitting.size() != 1) {
            faults.add(place + ": is " + fitting.size() + " messages by key and headers " + headers);
            return;
        }
        Message message = fitting.getFirst();
        counts.merge(message.name(), 1, Integer::sum);
        try {
            message.payload()
                    .validate(JSON.readTree(record.value()))
                    .forEach(fault -> faults.add(place + ": " + fault));
        } catch (IOException e) {
            faults.add(place + ": no JSON");
        }
    }

    private static Message message(JsonNode message) throws IOException {
        JsonNode headers = message.has("headers") ? message.get("headers") : JSON.createObjectNode();
        String payload = message.at("/payload/schema/$ref").asText();
        return new Message(
                message.path("name").asText(),
                Pattern.compile(message.at("/bindings/kafka/key/pattern").asText()),
                schema(headers),
                schema(JSON.readTree(Files.readString(DOCS.resolve(payload)))));
    }

    private static JsonSchema schema(JsonNode schema) {
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(
                        schema,
                        SchemaValidatorsConfig.builder()
                                .formatAssertionsEnabled(true)
                                .build());
    }
}
