package io.redfleet.provisioner.desired;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.RedisSpec;
import io.redfleet.contracts.wire.Violation;
import io.redfleet.provisioner.engine.Engine;
import java.util.Optional;
import java.util.Set;

/** Which engine a cluster runs, and what of a spec goes with the one and not with the other. */
final class EngineRules {
    private static final String FIELD = "spec.redis.engine";

    /** Its configuration file may name them from some version on, and nothing comes of it: no difference would ever be seen. */
    private static final Set<String> PASSED_OVER = Set.of("dynamic-hz", "io-threads-do-reads");

    private EngineRules() {}

    static Engine read(Fields redis) {
        return Engine.named(redis.choice("engine", Engine.REDIS.word(), Engine.words()))
                .orElse(Engine.REDIS);
    }

    /** What was taken for itself, held against the engine. */
    static void judge(Broken broken, RedisSpec redis) {
        Engine engine = Engine.of(redis);
        // A package's has an epoch before Redis's own.
        String release = redis.version().substring(redis.version().indexOf(':') + 1);
        if (!release.isEmpty() && !engine.manages(release)) {
            broken.rule("spec.redis.version", redis.version(), engine.rule());
        }
        if (engine == Engine.VALKEY) {
            redis.config().keySet().stream()
                    .filter(PASSED_OVER::contains)
                    .sorted()
                    .forEach(name -> broken.rule(
                            "spec.redis.config." + name,
                            name,
                            "with engine: valkey it must be left out: from 8.1 on Valkey passes over it"));
        }
    }

    /** Why a standing cluster cannot get another; where nothing is managed the word is only a note, and is put right. */
    static Optional<Violation> switched(ClusterSpec standing, ClusterSpec wanted) {
        Engine before = Engine.of(standing.redis());
        Engine after = Engine.of(wanted.redis());
        if (before == after || wanted.observed()) {
            return Optional.empty();
        }
        String rule = "the engine is for the cluster's life; it stays " + before.word()
                + ": its nodes would change one by one, and Valkey loads nothing that a Redis from 7.4 on writes, nor"
                + " Redis what a Valkey from 9.0 on does";
        return Optional.of(new Violation(FIELD, after.word(), rule));
    }
}
