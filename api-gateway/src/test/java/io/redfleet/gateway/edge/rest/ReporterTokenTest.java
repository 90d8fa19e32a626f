package io.redfleet.gateway.edge.rest;

import static io.redfleet.gateway.edge.rest.Scene.as;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.redfleet.gateway.Clusters;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Tokens for the Monit of one host. */
@QuarkusTest
@QuarkusTestResource(BusResource.class)
class ReporterTokenTest {
    private static final String OURS = "reporter-ours";
    private static final String THEIRS = "reporter-theirs";

    @Test
    void itIsMadeForAHostInScopeAndByAnAdminOnly() {
        Scene.ready();
        try (Stage stage = new Stage()) {
            for (String cluster : new String[] {OURS, THEIRS}) {
                Scene.shown(stage, Clusters.named(cluster, Map.of("team", cluster)));
            }
            String admin = Scene.token("ADMIN", Map.of("team", OURS));
            assertThat(made(admin, OURS + "/r1", "")).isEqualTo(201);
            assertThat(made(admin, THEIRS + "/r1", "")).isEqualTo(404);
            assertThat(made(admin, OURS + "/r9", "")).isEqualTo(422);
            assertThat(made(admin, OURS, "")).isEqualTo(422);
            assertThat(made(admin, OURS + "/r1", ",\"labels\":{\"team\":\"x\"}"))
                    .isEqualTo(422);
            assertThat(made(Scene.token("OPERATOR", Map.of("team", OURS)), OURS + "/r1", ""))
                    .isEqualTo(403);
        }
    }

    private static int made(String token, String host, String more) {
        String name = "r" + UUID.randomUUID();
        return as(token)
                .contentType("application/json")
                .body("{\"name\":\"" + name + "\",\"role\":\"reporter\",\"host\":\"" + host + "\"" + more + "}")
                .post("/api/v1/tokens")
                .statusCode();
    }
}
