package io.redfleet.gateway.edge.rest;

import static io.redfleet.gateway.edge.rest.Scene.as;
import static io.redfleet.gateway.edge.rest.Scene.problem;
import static org.hamcrest.Matchers.containsString;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bodies within the bound of bytes that would grow beyond every bound of memory. */
@QuarkusTest
@QuarkusTestResource(BusResource.class)
class LargeBodiesTest {
    @BeforeEach
    void ready() {
        Scene.ready();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            application/yaml | /clusters     | metadata: {name: wide, x: [ | a, | 500000 | ]}
            application/yaml | /clusters     | metadata: {name: wide, x: [ | {}, | 300000 | ]}
            application/json | /clusters     | {"metadata":{"name":"wide","x":[1 | ,{} | 340000 | ]}}
            application/json | /clusters     | {"metadata":{"name":"wide","x":[1 | ,1 | 500000 | ]}}
            application/json | /tokens       | {"name":"wide","role":"viewer","x":[1 | ,{} | 340000 | ]}
            application/json | /fleet/disarm | {"reason":"wide","x":[1 | ,{} | 340000 | ]}
            """)
    void aBodyOfTooManyPartsIsRefusedBeforeATreeIsMadeOfIt(
            String type, String path, String head, String part, int times, String tail) {
        String body = head + part.repeat(times) + tail;
        problem(post(Stage.adminToken(), type, path, body).body("detail", containsString("50000")), 413);
    }

    @Test
    void nothingIsReadForARoleThatMayNotAct() {
        String viewer = Scene.token("viewer", Map.of());
        problem(post(viewer, "application/yaml", "/clusters", "{a: [".repeat(50)), 403);
        problem(post(viewer, "application/json", "/clusters", "{\"x\":[1" + ",{}".repeat(340_000) + "]}"), 403);
        problem(post(viewer, "application/json", "/tokens", "no json"), 403);
    }

    private static io.restassured.response.ValidatableResponse post(
            String token, String type, String path, String body) {
        return as(token)
                .contentType(type)
                .body(body.getBytes(StandardCharsets.UTF_8))
                .post("/api/v1" + path)
                .then();
    }
}
