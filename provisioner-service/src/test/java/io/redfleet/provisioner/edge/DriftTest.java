package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.event.OperationEvent;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Request;
import io.redfleet.testkit.RedisCall;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Hosts that are changed by a hand which is not ours, seen by the whole service with real Redis. */
@Timeout(300)
class DriftTest extends ServiceGround {
    private static final Map<String, String> CONFIG = Map.of("maxmemory", "64mb");

    @Test
    void itIsToldLookedAtAndUndoneByTheIdOfItsPlan() throws Exception {
        OperationState made = bus.operation(apply(CONFIG, null, true));
        assertThat(made.status()).as(made.reason()).isEqualTo(Status.SUCCEEDED);
        service.close();
        service = opened(Optional.of(Duration.ofSeconds(1)));
        setOnTheReplica("32mb");

        awaitEvents("drift.found", 1);
        OperationEvent.DriftFound found =
                (OperationEvent.DriftFound) bus.events("drift.found").getLast().event();
        assertThat(found.changes()).isEqualTo(1);
        assertThat(found.live()).isEqualTo(1);
        assertThat(found.first())
                .singleElement()
                .satisfies(title -> assertThat(title).contains("maxmemory", "r3"));
        Outcome.Result shown = bus.order(new Request.ShowPlan());
        assertThat(((Outcome.Answered) shown).body())
                .contains("\"plan\":\"" + found.plan() + "\"", "\"effect\":\"live\"", "- maxmemory 33554432");

        Problem other = bus.refused(planned("0123456789abcdef"));
        assertThat(other.status()).isEqualTo(409);
        assertThat(other.detail()).contains("0123456789abcdef", found.plan());
        OperationState mended = bus.operation(planned(found.plan()));
        assertThat(mended.status()).as(mended.reason()).isEqualTo(Status.SUCCEEDED);
        awaitEvents("drift.cleared", 1);
        assertThat(bus.events("drift.found")).hasSize(1);
        try (RedisCall replica = call(3, trio.redisPort(3), Purpose.ADMIN)) {
            assertThat(String.valueOf(replica.call("CONFIG", "GET", "maxmemory")))
                    .contains("67108864");
        }
    }

    private void setOnTheReplica(String maxmemory) throws Exception {
        try (RedisCall replica = call(3, trio.redisPort(3), Purpose.ADMIN)) {
            assertThat(replica.call("CONFIG", "SET", "maxmemory", maxmemory)).isEqualTo("OK");
        }
    }

    private Request planned(String plan) {
        return new Request.Apply(document(CONFIG), null, false, false, plan);
    }
}
