package io.redfleet.gateway.access;

import io.redfleet.contracts.access.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How many requests a token may make: a bucket for each, which fills at the rate of its role.
 *
 * <p>Against scripts that run away, not against attackers: nobody is in here without a token. At most {@link #TOKENS}
 * buckets of about 200 bytes stand, 4.4 MiB; there are never more live tokens than half of that, so a forgotten
 * bucket is one that had been full for long.
 */
public final class Pace {
    static final int TOKENS = 2 * (Tokens.MOST + Tokens.MOST_REPORTERS);
    private static final double NANOS = 1e9;

    private final Map<Role, Rate> rates;
    // Guarded by this. In order of the last use.
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > TOKENS;
        }
    };

    /**
     * @param perSecond how fast the bucket fills, from 1
     * @param burst how much it holds: what may come at once after a rest
     */
    public record Rate(int perSecond, int burst) {
        public Rate {
            if (perSecond < 1 || burst < 1) {
                throw new IllegalArgumentException("a rate is one request a second at least");
            }
        }

        /** A bucket that holds what comes in five seconds. */
        public static Rate of(int perSecond) {
            return new Rate(perSecond, perSecond * 5);
        }
    }

    private record Bucket(double left, Instant at) {}

    /** @param rates one for every role */
    public Pace(Map<Role, Rate> rates) {
        this.rates = new EnumMap<>(rates);
    }

    /** Takes one request out; or says after how long there will be one. Safe from any thread. */
    public synchronized Optional<Duration> take(Caller caller, Instant now) {
        Rate rate = rate(caller.role());
        Bucket before = buckets.getOrDefault(caller.tokenId(), new Bucket(rate.burst(), now));
        // A clock that was set back fills nothing; it takes nothing away either.
        double seconds = Math.max(0, Duration.between(before.at(), now).toNanos() / NANOS);
        double left = Math.min(rate.burst(), before.left() + seconds * rate.perSecond());
        boolean enough = left >= 1;
        buckets.put(caller.tokenId(), new Bucket(enough ? left - 1 : left, now));
        return enough
                ? Optional.empty()
                : Optional.of(Duration.ofNanos((long) ((1 - left) / rate.perSecond() * NANOS)));
    }

    private Rate rate(Role role) {
        Rate rate = rates.get(role);
        if (rate == null) {
            throw new IllegalStateException("no rate for " + role);
        }
        return rate;
    }

    synchronized int remembered() {
        return buckets.size();
    }
}
