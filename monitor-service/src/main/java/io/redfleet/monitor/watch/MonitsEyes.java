package io.redfleet.monitor.watch;

import io.redfleet.monitor.check.Result;
import io.redfleet.monitor.probe.Reply;
import io.redfleet.monitrc.Test;
import org.jspecify.annotations.Nullable;

/**
 * A connection as Monit 5.33 judges it, by the last probe alone. Without a protocol the handshake is all it looks at, so that
 * who hangs has not failed. With {@code protocol redis} nothing but {@code +PONG} and {@code -NOAUTH} will do: who loads, or
 * answers anything else, has failed (monit/src/protocols/redis.c).
 */
final class MonitsEyes {
    private MonitsEyes() {}

    /** @param last null: not probed yet */
    static Result connection(Test.Connection test, @Nullable Reply last) {
        if (last == null) {
            return Result.NONE;
        }
        boolean redis = test.protocol() instanceof Test.Protocol.Redis;
        return switch (last) {
            case Reply.Pong pong -> Result.passed("answers PING");
            case Reply.Refused refused -> Result.failed("refuses connections");
            case Reply.Unreachable unreachable -> Result.failed("cannot be reached: " + unreachable.cause());
            case Reply.Denied denied ->
                denied.error().equals("NOAUTH") ? Result.passed("answers NOAUTH") : spoken(redis, denied.error());
            case Reply.Defective defective -> spoken(redis, defective.error());
            case Reply.Loading loading -> spoken(redis, "LOADING");
            case Reply.Busy busy -> spoken(redis, "BUSY");
            case Reply.Silent silent -> spoken(redis, "nothing");
            // It could not be asked.
            case Reply.Untrusted untrusted -> redis ? Result.NONE : Result.passed("takes connections");
        };
    }

    private static Result spoken(boolean redis, String answer) {
        return redis
                ? Result.failed("REDIS: PING response error -- answers " + answer)
                : Result.passed("takes connections");
    }
}
