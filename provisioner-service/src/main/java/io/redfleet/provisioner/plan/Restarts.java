package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.RedisSpec;
import java.time.Duration;

/**
 * Which restarts of what runs a plan may hold: somebody has to have agreed to each.
 *
 * <p>A cluster whose master nobody can take over from is without it for the time of its restart. That takes a word more:
 * {@code outage}, the master's id, typed; empty where nobody has.
 */
public sealed interface Restarts {
    /** Of nothing. */
    static Restarts none() {
        return new None();
    }

    String outage();

    /** Whether they stop before the master, and before another one takes its place: a person decides when that is. */
    boolean untilMaster();

    /**
     * Whether an instance may run another binary after its restart. One out of an archive has links of its own, which a roll
     * leaves as they are; what else lies on a host may have been replaced since.
     */
    default boolean moves(RedisSpec redis) {
        return this instanceof Needed || !redis.archived();
    }

    /**
     * Whether one that has gone to a later Redis may go back as long as its master has not: only where the earlier binary comes to
     * it in its own turn, once what the later one has stored is put aside. What lies on a host already whoever comes first starts.
     */
    default boolean back(RedisSpec redis) {
        return this instanceof Needed && (redis.archived() || redis.packaged());
    }

    /** Nobody was asked. */
    record None() implements Restarts {
        @Override
        public String outage() {
            return "";
        }

        @Override
        public boolean untilMaster() {
            return false;
        }
    }

    /** Of what differs, and cannot be changed while it runs. */
    record Needed(String outage, boolean untilMaster) implements Restarts {
        /** The master too. */
        public Needed(String outage) {
            this(outage, false);
        }
    }

    /**
     * Of whatever was started before it was asked for.
     *
     * @param ago how long that is, at a moment after the survey: what was started since lives shorter, whoever started it
     */
    record All(Duration ago, String outage) implements Restarts {
        @Override
        public boolean untilMaster() {
            return false;
        }
    }
}
