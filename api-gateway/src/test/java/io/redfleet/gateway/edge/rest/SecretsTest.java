package io.redfleet.gateway.edge.rest;

import static io.redfleet.gateway.edge.rest.Scene.admin;
import static io.redfleet.gateway.edge.rest.Scene.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.redfleet.bus.codec.Codec;
import io.redfleet.bus.sealed.AudienceKey;
import io.redfleet.bus.sealed.Seal;
import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.access.Revealed;
import io.redfleet.contracts.access.Sealed;
import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Request;
import io.redfleet.contracts.wire.ServiceName;
import io.redfleet.gateway.Clusters;
import io.restassured.response.ValidatableResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(BusResource.class)
class SecretsTest {
    private static final String REVEAL = "/api/v1/clusters/closed/secrets/application/reveal";
    private static final String ROTATE = "/api/v1/clusters/closed/secrets/rotate";
    private static final SecureRandom RANDOM = new SecureRandom();

    private static Stage stage;

    @BeforeAll
    static void open() {
        stage = new Stage();
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    @BeforeEach
    void aClosedCluster() {
        Scene.ready();
        Scene.shown(stage, Clusters.guarded("closed"));
    }

    @Test
    void aPasswordIsShownToAnAdminAndKeptByNobody() {
        stage.answers(order -> answer((Request.Reveal) order.request(), "uid-closed"));
        admin().post(REVEAL)
                .then()
                .statusCode(200)
                .header("Cache-Control", "no-store")
                .body("user", equalTo("application"))
                .body("password", equalTo("open sesame"));
        Request sent = stage.orders().getLast().request();
        assertThat(sent)
                .isInstanceOfSatisfying(
                        Request.Reveal.class,
                        reveal -> assertThat(reveal.user()).isEqualTo("application"));
        admin().post(REVEAL).then().statusCode(200);
        assertThat(stage.orders().getLast().request())
                .as("no answer serves twice")
                .isNotEqualTo(sent);
    }

    @Test
    void anAnswerToSomethingElseDoesNotOpen() {
        stage.answers(order -> answer(new Request.Reveal("application", "yesterday"), "uid-closed"));
        Scene.problem(admin().post(REVEAL).then(), 503);
    }

    @Test
    void nobodyButAnAdminIsShownAPasswordAndStrangersAreNotFound() {
        int before = stage.orders().size();
        for (String role : new String[] {"viewer", "operator"}) {
            Scene.problem(as(Scene.token(role, Map.of())).post(REVEAL).then(), 403);
        }
        String elsewhere = Scene.token("admin", Map.of("team", "elsewhere"));
        Scene.problem(as(elsewhere).post(REVEAL).then(), 404);
        Scene.problem(
                admin().post("/api/v1/clusters/closed/secrets/root/reveal").then(), 404);
        assertThat(stage.orders()).hasSize(before);
        stage.answers(order -> new Outcome.Refused(Problem.notFound("no such user")));
        Scene.problem(admin().post(REVEAL).then(), 404);
    }

    @Test
    void aChangeOfAPasswordIsAnOperationOfAnAdminAndSaysOnlyWhose() {
        stage.answers(order -> new Outcome.Accepted(new OperationId("op-1")));
        rotate("{}").statusCode(202).header("Location", "/api/v1/operations/op-1");
        assertThat(stage.orders().getLast().request()).isEqualTo(new Request.RotateSecret("application", false));
        rotate("{\"purpose\":\"application\",\"finish\":true}").statusCode(202);
        assertThat(stage.orders().getLast().request()).isEqualTo(new Request.RotateSecret("application", true));
        int before = stage.orders().size();
        for (String strange : new String[] {
            "{\"purpose\":\"root\"}", "{\"purpose\":1}", "{\"finish\":\"yes\"}", "{\"password\":\"open sesame\"}"
        }) {
            Scene.problem(rotate(strange), 422);
        }
        Scene.problem(as(Scene.token("operator", Map.of())).post(ROTATE).then(), 403);
        assertThat(stage.orders()).hasSize(before);
        stage.answers(order -> new Outcome.Refused(Problem.conflict("r3 gave no answer")));
        Scene.problem(rotate("{}").body("detail", equalTo("r3 gave no answer")), 409);
    }

    private static ValidatableResponse rotate(String body) {
        return admin().contentType("application/json").body(body).post(ROTATE).then();
    }

    @Test
    void aConnectionNamesEverythingButAPassword() {
        admin().get("/api/v1/clusters/closed/connection")
                .then()
                .statusCode(200)
                .body("masterName", equalTo("closed"))
                .body("sentinels.host", contains("127.0.0.11", "127.0.0.12", "127.0.0.13"))
                .body("user", equalTo("application"))
                .body("users", hasItem("probe"));
        Scene.shown(stage, Clusters.named("open"));
        admin().get("/api/v1/clusters/open/connection")
                .then()
                .statusCode(200)
                .body("user", nullValue())
                .body("ca", nullValue());
        Scene.shown(stage, Clusters.secured("secured", "-----BEGIN CERTIFICATE-----"));
        admin().get("/api/v1/clusters/secured/connection")
                .then()
                .statusCode(200)
                .body("ca", equalTo("-----BEGIN CERTIFICATE-----"));
    }

    /** As the provisioner answers. */
    private static Outcome.Result answer(Request.Reveal reveal, String uid) {
        try {
            Path file = AudienceKey.file(Path.of(Stage.setting("redfleet.home")), ServiceName.GATEWAY);
            AudienceKey.create(file, RANDOM);
            Seal seal = new Seal(new ClusterUid(uid), Purpose.APPLICATION, ServiceName.GATEWAY, reveal.occasion());
            Sealed sealed = seal.close(Secret.of("open sesame"), AudienceKey.read(file), RANDOM);
            Revealed revealed = new Revealed(new ClusterUid(uid), Purpose.APPLICATION, sealed);
            return new Outcome.Answered(new String(Codec.bytes(revealed), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
