package io.redfleet.gateway.edge.rest;

import io.redfleet.contracts.access.TokenRecord;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.gateway.access.AccessFacts;
import io.redfleet.gateway.access.Caller;
import io.redfleet.gateway.access.Secret;
import io.redfleet.gateway.access.WriteAhead;
import io.redfleet.gateway.edge.kafka.StateViews;
import io.redfleet.gateway.edge.kafka.TokenTopic;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the making of tokens needs from the world: the records, a clock, chance, and the bus. */
public final class TokenDesk {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration SHOWN_WITHIN = Duration.ofSeconds(3);

    private final StateViews views;
    private final TokenTopic topic;
    private final WriteAhead trail;
    private final Mint mint;
    private final InstantSource clock;
    /** Made here and not in the views yet; as few as live tokens may be, they are counted among them. */
    private final Map<String, TokenRecord> underWay = new HashMap<>(); // guarded by this

    public TokenDesk(StateViews views, TokenTopic topic, WriteAhead trail, Mint mint, InstantSource clock) {
        this.views = views;
        this.topic = topic;
        this.trail = trail;
        this.mint = mint;
        this.clock = clock;
    }

    Collection<TokenRecord> all() {
        return views.tokens();
    }

    /** The secret for a new token: with a key of the maker's own the same again for the same key. */
    Secret secret(Caller maker, @Nullable String idempotencyKey) {
        return mint.secret(maker, idempotencyKey);
    }

    Instant now() {
        return clock.instant();
    }

    /**
     * Decides on a token, tells the audit trail, and then puts it on the bus. Once it is there it is made, whether the
     * views show it within a moment or not: its secret is known to nobody but the caller, who has to get it now or
     * never.
     *
     * @param decide from all tokens that there are, those on their way included; one that is there already is handed
     *     over again, and one that is on its way is written once more, which changes nothing
     */
    TokenRecord make(Function<Collection<TokenRecord>, TokenRecord> decide, Actor maker) throws InterruptedException {
        TokenRecord made = reserve(decide);
        if (views.token(made.id()).isPresent()) {
            release(made);
            return made;
        }
        boolean keep = false;
        try {
            told(AccessFacts.created(made, maker));
            TokenTopic.Kept kept = topic.write(made, PATIENCE, SHOWN_WITHIN);
            if (kept instanceof TokenTopic.Kept.NotSent not) {
                throw ProblemException.away(not.reason());
            }
            keep = kept instanceof TokenTopic.Kept.OnBus;
        } finally {
            if (!keep) {
                release(made);
            }
        }
        return made;
    }

    /** Returns once the views show its end; 503 before that, for a token that still opens here is not revoked. */
    void revoke(TokenRecord revoked, Actor revoker) throws InterruptedException {
        told(AccessFacts.revoked(revoked, revoker, now()));
        TokenTopic.Kept kept = topic.write(revoked, PATIENCE, PATIENCE);
        if (kept instanceof TokenTopic.Kept.NotSent not) {
            throw ProblemException.away(not.reason());
        }
        if (kept instanceof TokenTopic.Kept.OnBus) {
            throw ProblemException.away("Its end is written, but this gateway does not see it yet: ask again");
        }
    }

    private void told(Fact fact) throws InterruptedException {
        if (trail.tell(fact, PATIENCE) instanceof WriteAhead.Told.Failed failed) {
            throw ProblemException.away(failed.reason());
        }
    }

    private synchronized TokenRecord reserve(Function<Collection<TokenRecord>, TokenRecord> decide) {
        underWay.keySet().removeIf(id -> views.token(id).isPresent());
        List<TokenRecord> taken = new ArrayList<>(views.tokens());
        taken.addAll(underWay.values());
        TokenRecord made = decide.apply(taken);
        underWay.put(made.id(), made);
        return made;
    }

    private synchronized void release(TokenRecord made) {
        underWay.remove(made.id());
    }
}
