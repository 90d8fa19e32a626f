package io.redfleet.provisioner.desired;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.RedisSpec;
import io.redfleet.contracts.wire.Violation;
import io.redfleet.provisioner.engine.Engine;
import java.util.Optional;
import java.util.regex.Pattern;

/** Which engine a cluster runs, and what of a spec goes with the one and not with the other. */
final class EngineRules {
    private static final String FIELD = "spec.redis.engine";

    /** One that is given more than it takes does not start. */
    private static final Pattern THREADS_OF_VALKEY = Pattern.compile("[1-9]|1[0-6]");

    private EngineRules() {}

    static Engine read(Fields redis) {
        return Engine.named(redis.choice("engine", Engine.REDIS.word(), Engine.words()))
                .orElse(Engine.REDIS);
    }

    /** What was taken for itself, held against the engine. */
    static void judge(Broken broken, RedisSpec redis) {
        Engine engine = Engine.of(redis);
        if (!redis.version().isEmpty() && !engine.manages(redis.version())) {
            broken.rule("spec.redis.version", redis.version(), engine.rule());
        }
        if (engine == Engine.VALKEY) {
            redis.config().forEach((name, value) -> directive(broken, name, value));
        }
    }

    private static void directive(Broken broken, String name, String value) {
        String field = "spec.redis.config." + name;
        if (broken.all().stream().anyMatch(violation -> violation.field().equals(field))) {
            return;
        }
        if (name.equals("io-threads-do-reads")) {
            broken.rule(field, name, "not with engine: valkey, of which not every version reads it: leave it out");
        } else if (name.equals("io-threads")
                && !THREADS_OF_VALKEY.matcher(value.trim()).matches()) {
            broken.rule(field, value, "must be a number from 1 to 16: not every Valkey takes more");
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
