package io.redfleet.gateway.edge.rest;

import static io.redfleet.gateway.edge.rest.Scene.problem;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.wire.Request;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a planned change of master is as an order, and what is none. */
@QuarkusTest
@QuarkusTestResource(BusResource.class)
class SwitchOverApiTest extends OneWordGround {
    SwitchOverApiTest() {
        super("switched", "failover");
    }

    @Override
    List<String> strange() {
        return List.of("{\"target\":\"r2/redis-server\"}", "{\"to\":2}");
    }

    @Test
    void itNamesTheNextMasterOrNobody() {
        assertThat(order("{\"to\":\"r2/redis-server\"}"))
                .isEqualTo(new Request.SwitchOver(new InstanceId("r2/redis-server")));
        assertThat(order()).isEqualTo(new Request.SwitchOver(null));
        assertThat(order("{\"to\":null}")).isEqualTo(new Request.SwitchOver(null));
    }

    @Test
    void whomTheClusterDoesNotHaveIsNotFound() {
        int before = ordered();
        problem(sent("{\"to\":\"r9/redis-server\"}"), 404);
        problem(sent("{\"to\":\"r2\"}"), 404);
        assertThat(ordered()).isEqualTo(before);
    }
}
