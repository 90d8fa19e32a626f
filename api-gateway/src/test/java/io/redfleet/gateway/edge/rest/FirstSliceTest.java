package io.redfleet.gateway.edge.rest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.gateway.Clusters;
import io.redfleet.testkit.Await;
import io.restassured.http.ContentType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(BusResource.class)
class FirstSliceTest {
    private static Stage stage;
    private static String token;

    @BeforeAll
    static void open() {
        stage = new Stage();
        token = Stage.adminToken();
    }

    @BeforeEach
    void ready() {
        Await.until(
                "a ready gateway",
                Duration.ofSeconds(30),
                () -> given().get("/q/health/ready").statusCode() == 200);
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    @Test
    void theFirstTokenLiesInAFileOfItsOwnerAlone() throws Exception {
        Path file = Path.of(Stage.setting("redfleet.home"), "credentials", "admin-token");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(token).matches("rf_[A-Za-z0-9_-]{43}");
    }

    @Test
    void aWriteAnswersWhenTheViewsShowIt() {
        stage.plays(order -> {
            var position = stage.write(Clusters.named("orders", Map.of("env", "prod")));
            return Optional.of(stage.outcome(order, new Outcome.Accepted(new OperationId("op-1")), List.of(position)));
        });
        given().auth()
                .oauth2(token)
                .contentType(ContentType.JSON)
                .body("{\"metadata\":{\"name\":\"orders\"}}")
                .post("/api/v1/clusters")
                .then()
                .statusCode(202)
                .header("Location", "/api/v1/operations/op-1")
                .body("operation", equalTo("op-1"))
                .body("state", equalTo("accepted"));
        given().auth()
                .oauth2(token)
                .get("/api/v1/clusters?label=env=prod")
                .then()
                .statusCode(200)
                .body("items.name", hasItem("orders"));
    }
}
