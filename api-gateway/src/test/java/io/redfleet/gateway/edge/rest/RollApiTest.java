package io.redfleet.gateway.edge.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.redfleet.contracts.wire.Request;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a restart of a whole cluster is as an order, and what is none. */
@QuarkusTest
@QuarkusTestResource(BusResource.class)
class RollApiTest extends OneWordGround {
    RollApiTest() {
        super("rolled", "roll");
    }

    @Override
    List<String> strange() {
        return List.of("{\"confirm\":\"rolled\"}", "{\"outage\":true}");
    }

    @Test
    void itMayAcceptAnOutage() {
        assertThat(order("{\"outage\":\"r1/redis-server\"}")).isEqualTo(new Request.Roll("r1/redis-server"));
        assertThat(order()).isEqualTo(new Request.Roll(null));
        assertThat(order("{}")).isEqualTo(new Request.Roll(null));
    }
}
