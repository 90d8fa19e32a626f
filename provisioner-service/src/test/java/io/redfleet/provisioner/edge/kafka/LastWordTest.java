package io.redfleet.provisioner.edge.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.health.Term;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LastWordTest {
    private static final String KEY = "orders/op";
    private static final String ENDED = "{\"status\":\"succeeded\"}";

    private final LastWord word = new LastWord("p-1", InstantSource.fixed(Instant.ofEpochMilli(10)));
    private long offset;

    @ParameterizedTest
    @CsvSource(
            value = {
                "9/p-0, true", // its time is over
                "10/p-0, true",
                "10/p-1, false", // our own
                "11/p-0, false", // ours is over
                "nothing, false", // nobody's: an earlier release, a restore
                "-, false"
            })
    void whatComesLateFromAnEarlierOwnerIsWrittenOver(String term, boolean covered) {
        word.begin();
        word.said(message(Topic.OPERATIONS, KEY, ENDED));
        assertThat(word.isCovered(record(Topic.OPERATIONS, KEY, term, "{}"))).isEqualTo(covered);
        assertThat(word.isCovered(record(Topic.OPERATIONS, "orders/other", term, "{}")))
                .as("nothing was said of it")
                .isFalse();
    }

    @Test
    void aKeyThatWasEndedStaysEnded() {
        word.begin();
        word.said(BusMessage.tombstone(Topic.CLUSTERS, "orders"));
        assertThat(word.isCovered(record(Topic.CLUSTERS, "orders", "9/p-0", "{}")))
                .isTrue();
        assertThat(word.standing(Topic.CLUSTERS, "orders")).get().returns(null, BusMessage::value);
    }

    @Test
    void aTermIsAboveAllThatLieThere() {
        assertThat(word.counts(record(Topic.CLUSTERS, "orders", "41/p-0", "{}")))
                .isTrue();
        assertThat(word.counts(record(Topic.SECRETS, "orders/probe", "40/p-0", "{}")))
                .isTrue();
        word.begin();
        assertThat(signed()).isEqualTo("42/p-1");
    }

    @Test
    void aTermIsNoLowerThanTheClock() {
        word.counts(record(Topic.CLUSTERS, "orders", "3/p-0", "{}"));
        word.begin();
        assertThat(signed()).isEqualTo("10/p-1");
    }

    @Test
    void whatLiesUnderSomethingOlderAtTheTakeoverIsReadAndWrittenAgain() {
        assertThat(word.counts(record(Topic.OPERATIONS, KEY, "6/p-2", ENDED))).isTrue();
        assertThat(word.counts(record(Topic.OPERATIONS, KEY, "5/p-0", "{}"))).isFalse();
        assertThat(word.counts(record(Topic.OPERATIONS, KEY, "4/p-0", "{}"))).isFalse();
        assertThat(word.counts(record(Topic.CLUSTERS, "orders", "6/p-2", "{}"))).isTrue();
        List<BusMessage> again = word.begin();
        assertThat(again).singleElement().satisfies(message -> {
            assertThat(message.key()).isEqualTo(KEY);
            assertThat(new String(message.value(), UTF_8)).isEqualTo(ENDED);
        });
    }

    @Test
    void whatWasWrittenAgainAlreadyIsNotASecondTime() {
        word.counts(record(Topic.OPERATIONS, KEY, "6/p-2", ENDED));
        word.counts(record(Topic.OPERATIONS, KEY, "5/p-0", "{}"));
        word.counts(record(Topic.OPERATIONS, KEY, "7/p-3", ENDED));
        assertThat(word.begin()).isEmpty();
    }

    @Test
    void whatWasFoundAndNotWrittenSinceIsGuardedToo() {
        word.counts(record(Topic.OPERATIONS, KEY, "6/p-2", ENDED));
        word.begin();
        assertThat(word.isCovered(record(Topic.OPERATIONS, KEY, "5/p-0", "{}"))).isTrue();
        assertThat(word.standing(Topic.OPERATIONS, KEY))
                .get()
                .satisfies(message ->
                        assertThat(new String(message.value(), UTF_8)).isEqualTo(ENDED));
    }

    @Test
    void onlyTheLastOperationsAreRemembered() {
        word.begin();
        for (int i = 0; i < 50; i++) {
            word.said(message(Topic.OPERATIONS, "orders/" + i, ENDED));
        }
        assertThat(word.standing(Topic.OPERATIONS, "orders/29")).isEmpty();
        assertThat(word.standing(Topic.OPERATIONS, "orders/30")).isPresent();
    }

    @Test
    void factsAndOutcomesAreNobodysLastWord() {
        word.begin();
        BusMessage outcome = message(Topic.OUTCOMES, "orders/c", "{}");
        assertThat(word.said(outcome)).isSameAs(outcome);
        assertThat(word.isCovered(record(Topic.OUTCOMES, "orders/c", "1/p-0", "{}")))
                .isFalse();
    }

    private String signed() {
        return word.said(message(Topic.OPERATIONS, KEY, "{}")).headers().getOrDefault(Term.HEADER, "");
    }

    private static BusMessage message(Topic topic, String key, String value) {
        return new BusMessage(topic, key, Map.of(), value.getBytes(UTF_8));
    }

    /** @param term "-" for no header at all */
    private BusRecord record(Topic topic, String key, String term, String value) {
        RecordHeaders headers = new RecordHeaders();
        if (!term.equals("-")) {
            headers.add(Term.HEADER, term.getBytes(UTF_8));
        }
        return BusRecord.of(new ConsumerRecord<>(
                topic.fullName(),
                0,
                offset++,
                0L,
                TimestampType.LOG_APPEND_TIME,
                0,
                0,
                key.getBytes(UTF_8),
                value.getBytes(UTF_8),
                headers,
                Optional.empty()));
    }
}
