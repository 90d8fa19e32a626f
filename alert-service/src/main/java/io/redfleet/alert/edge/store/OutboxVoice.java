package io.redfleet.alert.edge.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.redfleet.alert.desk.Voice;
import io.redfleet.bus.DeadLetters;
import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.codec.Codec;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.alert.Incident;
import io.redfleet.contracts.alert.IncidentId;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.wire.DeadLetter;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.ServiceName;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes to the outbox table; all that one transaction says is one bundle. */
public final class OutboxVoice implements Voice {
    private final Rows rows;
    private long bundle;

    OutboxVoice(Rows rows) {
        this.rows = rows;
    }

    @Override
    public void say(Fact fact) {
        put(BusMessage.of(fact));
    }

    @Override
    public void state(Incident incident, String becauseOfEvent) {
        String key = incident.cluster() + "/" + incident.id();
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("ce_specversion", "1.0");
        headers.put("ce_id", Fact.id(incident.id(), becauseOfEvent));
        headers.put("ce_type", "io.redfleet.alert.v1");
        headers.put("ce_source", ServiceName.ALERT.source());
        headers.put("ce_subject", key);
        headers.put("ce_time", incident.updatedAt().toString());
        headers.put("ce_partitionkey", incident.cluster().value());
        headers.put("content-type", "application/json");
        put(new BusMessage(Topic.ALERTS, key, headers, Codec.bytes(incident)));
    }

    @Override
    public void answer(Order order, Reply reply) {
        Outcome.Result result = switch (reply) {
            case Reply.Done done -> new Outcome.Answered(new String(Codec.bytes(done.incident()), UTF_8));
            case Reply.Refused refused -> new Outcome.Refused(refused.problem());
        };
        // The positions of the states in this bundle are filled in by the sender, which is the first to know them.
        var outcome = new Outcome(order.id(), order.cluster(), Instant.EPOCH, result, List.of());
        put(BusMessage.of(Topic.OUTCOMES, order.cluster() + "/" + order.id(), outcome));
    }

    public void deadLetter(DeadLetter letter) {
        put(DeadLetters.message(letter));
    }

    /** The incident leaves the bus: nobody keeps it any longer. */
    void forget(ClusterName cluster, IncidentId id) {
        put(BusMessage.tombstone(Topic.ALERTS, cluster + "/" + id));
    }

    private void put(BusMessage message) {
        rows.change(
                "insert into outbox (bundle, topic, key, headers, value) values (?, ?, ?, ?, ?)",
                bundle(),
                message.topic().fullName(),
                message.key(),
                new String(Codec.bytes(message.headers()), UTF_8),
                message.value());
    }

    private long bundle() {
        if (bundle == 0) {
            bundle = rows.first("select nextval('outbox_bundle') as next", row -> row.getLong("next"))
                    .orElseThrow();
        }
        return bundle;
    }
}
