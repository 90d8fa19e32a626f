package io.redfleet.monitor.edge.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.topics.Topic;
import io.redfleet.monitor.edge.kafka.Tenure.Word;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PrecedenceTest {
    private final BusMessage down = event("orders", "down");
    private final BusMessage up = event("orders", "up");
    private final BusMessage other = event("sessions", "down");

    private Word says = Word.WAITS;
    private final Precedence precedence = new Precedence(event -> says);

    @Test
    void whatComesLaterWaitsWithWhatWaitsThoughItCouldGoByItself() {
        assertThat(precedence.of(down)).isEqualTo(Word.WAITS);
        says = Word.GOES;
        assertThat(precedence.of(up)).isEqualTo(Word.WAITS);
        assertThat(precedence.of(other)).as("another cluster's").isEqualTo(Word.GOES);

        assertThat(precedence.of(down)).as("in the next round").isEqualTo(Word.GOES);
        assertThat(precedence.of(up)).isEqualTo(Word.GOES);
    }

    @Test
    void whatIsVoidIsInNobodysWay() {
        assertThat(precedence.of(down)).isEqualTo(Word.WAITS);
        says = Word.VOID;
        assertThat(precedence.of(down)).isEqualTo(Word.VOID);
        says = Word.GOES;
        assertThat(precedence.of(up)).isEqualTo(Word.GOES);
    }

    private static BusMessage event(String key, String id) {
        return new BusMessage(Topic.EVENTS, key, Map.of("ce_id", id), new byte[0]);
    }
}
