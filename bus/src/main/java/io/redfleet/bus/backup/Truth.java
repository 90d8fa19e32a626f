package io.redfleet.bus.backup;

import io.redfleet.bus.topics.Topic;
import java.util.List;

/**
 * The topics that hold the only copy of something.
 *
 * <p>{@code health} is among them for what cannot be seen again by looking: the brake that a person pulled, what a person
 * said not to watch, and the counters in the ids of events; without those a new fact would bear the id of an old one and
 * be taken for a repeat. {@code hosts} is not, for it is seen again within seconds, and {@code alerts} is not, for it is
 * written from the alert-service's database.
 */
public final class Truth {
    /** In the order in which a backup holds them. */
    public static final List<Topic> TOPICS =
            List.of(Topic.CLUSTERS, Topic.SECRETS, Topic.ACCESS, Topic.QUIET, Topic.OPERATIONS, Topic.HEALTH);

    private Truth() {}
}
