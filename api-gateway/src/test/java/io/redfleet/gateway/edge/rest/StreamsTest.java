package io.redfleet.gateway.edge.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.gateway.live.Frame;
import io.redfleet.gateway.live.Happening;
import io.redfleet.gateway.live.Vector;
import jakarta.ws.rs.sse.OutboundSseEvent;
import java.util.Map;
import org.jboss.resteasy.reactive.server.jaxrs.SseImpl;
import org.junit.jupiter.api.Test;

class StreamsTest {
    private static final Vector PLACE = Vector.of(Map.of(0, 12L, 1, 7L));

    @Test
    void theEndOfAStreamMovesNobodysPlace() {
        OutboundSseEvent end = Streams.event(new SseImpl(), new Frame.End("too slow"));
        assertThat(end.getId()).isNull();
        assertThat(end.getComment()).isEqualTo("too slow");
    }

    @Test
    void eventsAndSignsOfLifeSayWhereToComeBackTo() {
        Happening happening = new Happening(0, 11, "orders", "uid", "instance.up", "{}");
        assertThat(Streams.event(new SseImpl(), new Frame.Event(PLACE, happening))
                        .getId())
                .isEqualTo("0:12,1:7");
        assertThat(Streams.event(new SseImpl(), new Frame.Heartbeat(PLACE)).getId())
                .isEqualTo("0:12,1:7");
    }
}
