package io.redfleet.bus.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.bus.topics.Topic;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TruthTest {
    /** The table marks the only copy of something by flushing it record by record on a single broker. */
    @Test
    void everyTopicThatHoldsTheOnlyCopyOfSomethingIsInABackup() {
        assertThat(Truth.TOPICS)
                .containsAll(Arrays.stream(Topic.values())
                        .filter(topic -> topic.settings(1).containsKey("flush.messages"))
                        .toList())
                .allMatch(Topic::holdsState);
    }
}
