package io.redfleet.gateway.edge.rest;

import io.redfleet.contracts.access.TokenRecord;
import io.redfleet.contracts.event.Fact;
import io.redfleet.gateway.access.Audit;
import io.redfleet.gateway.access.Secret;
import io.redfleet.gateway.edge.kafka.StateViews;
import io.redfleet.gateway.edge.kafka.TokenTopic;
import io.redfleet.gateway.order.Line.Sent;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;

/** What the making of tokens needs from the world: the records, a clock, chance, and the bus. */
public final class TokenDesk {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final StateViews views;
    private final TokenTopic topic;
    private final Audit audit;
    private final SecureRandom random;
    private final InstantSource clock;

    public TokenDesk(StateViews views, TokenTopic topic, Audit audit, SecureRandom random, InstantSource clock) {
        this.views = views;
        this.topic = topic;
        this.audit = audit;
        this.random = random;
        this.clock = clock;
    }

    Collection<TokenRecord> all() {
        return views.tokens();
    }

    Secret fresh() {
        byte[] bytes = new byte[Secret.BYTES];
        random.nextBytes(bytes);
        return Secret.of(bytes);
    }

    Instant now() {
        return clock.instant();
    }

    /** Returns once the bus has the record and the views show it; then the audit trail is told. */
    void write(TokenRecord record, Fact fact) throws InterruptedException {
        if (topic.write(record, PATIENCE) instanceof Sent.Failed failed) {
            throw ProblemException.away(failed.reason());
        }
        audit.tell(fact);
    }
}
