package io.redfleet.bus.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redfleet.contracts.alert.IncidentId;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.event.About;
import io.redfleet.contracts.event.AlertEvent;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.InstanceEvent;
import io.redfleet.contracts.health.Liveness;
import io.redfleet.contracts.health.ReplicationRole;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventRecordTest {
    private static final IncidentId INCIDENT = new IncidentId("inc-1");
    private static final Fact DOWN = new Fact(
            Fact.id("u1", "orders/r1/redis-server", 3, "down"),
            Instant.parse("2026-11-01T10:00:00Z"),
            new About(
                    new ClusterName("orders"),
                    new ClusterUid("u1"),
                    InstanceId.of(new HostName("r1"), "redis-server"),
                    "r1/redis-server refuses connections",
                    "",
                    null),
            new InstanceEvent.Down(Liveness.DOWN, ReplicationRole.MASTER, "abc"));

    @Test
    void aFactComesBackAsItWent() throws Unreadable {
        EventRecord written = EventRecord.of(DOWN);

        assertThat(EventRecord.read(written.headers(), written.body()).fact()).hasValue(DOWN);
    }

    @Test
    void theHeadersAreThoseOfCloudEventsInBinaryMode() {
        assertThat(EventRecord.of(DOWN).headers())
                .containsEntry("ce_specversion", "1.0")
                .containsEntry("ce_id", "u1:orders/r1/redis-server:3:down")
                .containsEntry("ce_type", "io.redfleet.instance.down.v1")
                .containsEntry("ce_source", "/redfleet/monitor")
                .containsEntry("ce_subject", "orders/r1/redis-server")
                .containsEntry("ce_time", "2026-11-01T10:00:00Z")
                .containsEntry("ce_partitionkey", "orders")
                .containsEntry("content-type", "application/json");
    }

    @Test
    void everyEventSaysWhomItIsAboutAndWhy() {
        assertThat(EventRecord.of(DOWN).data().toString())
                .contains("\"cluster\":\"orders\"", "\"uid\":\"u1\"", "\"reason\":", "\"correlation\":");
    }

    @Test
    void aTypeOfALaterReleaseIsReadButIsNoFactOfOurs() throws Unreadable {
        Map<String, String> headers = new HashMap<>(EventRecord.of(DOWN).headers());
        headers.put("ce_type", "io.redfleet.instance.sang.v1");

        assertThat(EventRecord.read(headers, "{\"a\":1}".getBytes(UTF_8)).fact())
                .isEmpty();
    }

    @Test
    void aMissingAttributeIsNamed() {
        Map<String, String> headers = new HashMap<>(EventRecord.of(DOWN).headers());
        headers.remove("ce_id");

        assertThatThrownBy(() -> EventRecord.read(headers, "{}".getBytes(UTF_8)))
                .isInstanceOf(Unreadable.class)
                .hasMessageContaining("ce_id");
    }

    /** Not a fault of the reader's, which would end its thread. */
    @Test
    void aNameOfTheWrongFormMakesTheEventUnreadable() throws Unreadable {
        EventRecord written = EventRecord.of(DOWN);
        byte[] body = new String(written.body(), UTF_8)
                .replace("\"cluster\":\"orders\"", "\"cluster\":\"No Name\"")
                .getBytes(UTF_8);
        EventRecord read = EventRecord.read(written.headers(), body);

        assertThatThrownBy(read::fact).isInstanceOf(Unreadable.class).hasMessageContaining("not a cluster name");
    }

    @Test
    void aNoticeOfWhichNothingWasSaidOfRemindersIsNone() throws Unreadable {
        Map<AlertEvent, String> before = Map.of(
                new AlertEvent.Sent(INCIDENT, "pager", 2, null), "\"receiver\":\"pager\",\"attempts\":2",
                new AlertEvent.NotificationFailed(INCIDENT, "pager", "HTTP 503", true, null),
                        "\"receiver\":\"pager\",\"error\":\"HTTP 503\",\"givenUp\":true",
                new AlertEvent.Withheld(INCIDENT, "no receiver", null, null), "\"why\":\"no receiver\"");
        for (Map.Entry<AlertEvent, String> told : before.entrySet()) {
            Fact fact = new Fact("e1", DOWN.at(), DOWN.about(), told.getKey());
            String body = "{\"incident\":\"" + INCIDENT + "\"," + told.getValue()
                    + ",\"cluster\":\"orders\",\"uid\":\"u1\",\"instance\":\"r1/redis-server\",\"reason\":\""
                    + DOWN.about().reason() + "\",\"correlation\":\"\",\"actor\":null}";

            assertThat(EventRecord.read(EventRecord.of(fact).headers(), body.getBytes(UTF_8))
                            .fact())
                    .hasValue(fact);
        }
    }
}
