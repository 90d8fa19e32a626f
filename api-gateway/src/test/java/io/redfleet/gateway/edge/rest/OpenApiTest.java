package io.redfleet.gateway.edge.rest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.redfleet.bus.codec.Codec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(BusResource.class)
class OpenApiTest {
    @BeforeEach
    void ready() {
        Scene.ready();
    }

    @Test
    void everyCallIsDescribedWithItsErrors() throws Exception {
        JsonNode api = document();
        int[] calls = {0};
        api.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(call -> {
                    String name = call.getKey() + " " + path.getKey();
                    if (!call.getValue().isObject() || !call.getValue().has("responses")) {
                        return;
                    }
                    calls[0]++;
                    assertThat(call.getValue().path("summary").asText())
                            .as(name)
                            .isNotBlank();
                    assertThat(call.getValue().path("description").asText())
                            .as(name)
                            .hasSizeGreaterThan(20);
                    for (String status : new String[] {"401", "403", "404", "503"}) {
                        assertThat(call.getValue()
                                        .at("/responses/" + status + "/content")
                                        .has("application/problem+json"))
                                .as(name + " " + status)
                                .isTrue();
                    }
                }));
        assertThat(calls[0]).isGreaterThanOrEqualTo(25);
    }

    @Test
    void idsAreStringsAndTokensAreAsSecurityScheme() throws Exception {
        JsonNode api = document();
        assertThat(api.at("/components/schemas/ClusterLine/properties/name/$ref")
                        .asText())
                .isEqualTo("#/components/schemas/ClusterName");
        assertThat(api.at("/components/schemas/ClusterName/type").asText()).isEqualTo("string");
        assertThat(api.at("/components/securitySchemes/token/scheme").asText()).isEqualTo("bearer");
        assertThat(api.at("/components/schemas/Problem/properties/errors").isMissingNode())
                .isFalse();
    }

    @Test
    void takingInIsDescribedByTheWordOfItsPath() throws Exception {
        JsonNode call = document().at("/paths/~1api~1v1~1clusters~1{cluster}/post");
        assertThat(call.path("description").asText()).contains("manage: observe");
        assertThat(call.path("parameters").findValuesAsText("name")).contains("cluster", "dryRun", "wait");
        assertThat(call.at("/parameters").toString()).contains("\"enum\":[\"adopt\"]");
    }

    private static JsonNode document() throws Exception {
        return Codec.mapper()
                .readTree(given().get("/q/openapi?format=json")
                        .then()
                        .statusCode(200)
                        .extract()
                        .asString());
    }
}
