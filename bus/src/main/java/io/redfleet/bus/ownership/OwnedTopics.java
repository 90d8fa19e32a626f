package io.redfleet.bus.ownership;

import io.redfleet.bus.topics.Topic;
import java.util.List;
import java.util.stream.Stream;

/**
 * What an owner reads.
 *
 * @param group the consumer group, one per service
 * @param membership the topic that the group is on; it decides who owns a partition
 * @param beside the topics read by hand in the same partition
 */
public record OwnedTopics(String group, Topic membership, List<Topic> beside) {
    public OwnedTopics {
        beside = List.copyOf(beside);
        if (beside.contains(membership)) {
            throw new IllegalArgumentException(membership + " is read already");
        }
    }

    List<Topic> all() {
        return Stream.concat(Stream.of(membership), beside.stream()).toList();
    }
}
