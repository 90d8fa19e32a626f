package io.redfleet.bus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.wire.DeadLetter;
import java.time.Instant;
import java.time.InstantSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class DeadLettersTest {
    private static final int BROKER_TAKES = 1_000_000;

    @Test
    void aLetterIsOneThatABrokerTakesWhateverItIsAbout() {
        byte[] key = "k".repeat(BROKER_TAKES).getBytes(UTF_8);
        BusRecord record = BusRecord.of(new ConsumerRecord<>(Topic.CLUSTERS.fullName(), 3, 8, key, new byte[0]));

        DeadLetters letters = new DeadLetters("monitor-0", InstantSource.fixed(Instant.EPOCH));
        DeadLetter letter = letters.of(record, "w".repeat(BROKER_TAKES));

        assertThat(letter.key()).isEqualTo("k".repeat(500));
        assertThat(letter.reason()).isEqualTo("w".repeat(500));
        assertThat(letter.position()).isEqualTo(record.position());
        assertThat(letters.letter(record, "no ClusterState").value()).hasSizeLessThan(2_000);
    }
}
