package io.redfleet.gateway.edge.rest;

import static io.redfleet.gateway.edge.rest.Scene.as;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.redfleet.bus.topics.Topic;
import io.redfleet.gateway.access.Secret;
import io.redfleet.testkit.Await;
import io.restassured.RestAssured;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How often an address may be wrong, a token may ask, and how many streams it may hold, by real connections. */
@QuarkusTest
@QuarkusTestResource(BusResource.class)
class LimitsTest {
    private static final String WRONG = "rf_" + "C".repeat(43);

    @BeforeEach
    void ready() {
        Scene.ready();
    }

    @Test
    void anAddressThatGuessesIsNotHeardForAWhileAndNobodyElseSuffers() throws Exception {
        String known = Scene.token("viewer", Map.of());
        String unseen = Scene.token("viewer", Map.of());
        List<String> told = new CopyOnWriteArrayList<>();
        try (Stage stage = new Stage();
                HttpClient guesser = from("127.0.0.77");
                HttpClient neighbour = from("127.0.0.78");
                var events = stage.follow(
                        Topic.EVENTS,
                        record -> told.add(record.event().data().path("reason").asText()))) {
            assertThat(events).isNotNull();
            assertThat(get(guesser, known).statusCode()).isEqualTo(200);
            HttpResponse<String> answer = get(guesser, WRONG);
            for (int i = 0; i < 200 && answer.statusCode() == 401; i++) {
                answer = get(guesser, WRONG);
            }
            assertThat(answer.statusCode()).isEqualTo(429);
            assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
            assertThat(answer.headers().firstValueAsLong("Retry-After").orElseThrow())
                    .isBetween(1L, 2L);
            // Not judged: a right one is not told from a wrong one.
            assertThat(get(guesser, unseen).statusCode()).isEqualTo(429);
            assertThat(get(guesser, known).statusCode()).isEqualTo(200);
            assertThat(get(neighbour, unseen).statusCode()).isEqualTo(200);
            Await.until("it opens again", Scene.SOON, () -> get(guesser, unseen).statusCode() == 200);
            Await.until(
                    "the events",
                    Scene.SOON,
                    () -> told.stream().anyMatch(reason -> reason.contains("127.0.0.77: it is not heard"))
                            && told.stream().anyMatch(reason -> reason.contains("127.0.0.77, which is not heard now")));
            assertThat(told).noneMatch(reason -> reason.contains("rf_"));
        }
    }

    @Test
    void aTokenThatIsRevokedIsNoGuess() throws Exception {
        String ended = Scene.token("viewer", Map.of());
        Scene.admin()
                .delete("/api/v1/tokens/" + Secret.parse(ended).id())
                .then()
                .statusCode(200);
        try (HttpClient forgetful = from("127.0.0.79")) {
            for (int i = 0; i < 30; i++) {
                assertThat(get(forgetful, ended).statusCode()).isEqualTo(401);
            }
        }
    }

    @Test
    void aTokenThatAsksTooOftenIsToldToWait() {
        String hasty = Scene.token("viewer", Map.of());
        List<HttpResponse<String>> answers;
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            List<CompletableFuture<HttpResponse<String>>> asked = IntStream.range(0, 300)
                    .mapToObj(i -> client.sendAsync(request(hasty), BodyHandlers.ofString()))
                    .toList();
            answers = asked.stream().map(CompletableFuture::join).toList();
        }
        assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(200, 429);
        assertThat(answers).filteredOn(answer -> answer.statusCode() == 200).hasSizeGreaterThanOrEqualTo(100);
        assertThat(answers)
                .filteredOn(answer -> answer.statusCode() == 429)
                .allSatisfy(answer ->
                        assertThat(answer.headers().firstValue("Retry-After")).contains("1"));
        assertThat(as(Scene.token("viewer", Map.of())).get("/api/v1/clusters").statusCode())
                .isEqualTo(200);
        Await.until(
                "it may ask again",
                Scene.SOON,
                () -> as(hasty).get("/api/v1/clusters").statusCode() == 200);
    }

    @Test
    void aTokenHoldsSoManyStreamsAndNoMore() {
        String token = Scene.token("viewer", Map.of());
        URI stream = URI.create("http://127.0.0.1:" + RestAssured.port + "/api/v1/events/stream");
        List<Listener> open = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                Listener listener = Listener.open(stream, token, null);
                open.add(listener);
                Await.until("a first line", Scene.SOON, () -> !listener.lines().isEmpty());
            }
            Scene.problem(as(token).get("/api/v1/events/stream").then(), 429);
            try (Listener other = Listener.open(stream, Scene.token("viewer", Map.of()), null)) {
                Await.until(
                        "another's first line", Scene.SOON, () -> !other.lines().isEmpty());
            }
            open.removeFirst().close();
            Await.until("a place", Scene.SOON, () -> {
                Listener next = Listener.open(stream, token, null);
                open.add(next);
                Await.until(
                        "an answer",
                        Scene.SOON,
                        () -> next.ended() || !next.lines().isEmpty());
                return next.lines().stream().anyMatch(line -> line.startsWith("id:"));
            });
        } finally {
            open.forEach(Listener::close);
        }
    }

    private static HttpClient from(String address) throws Exception {
        return HttpClient.newBuilder()
                .localAddress(InetAddress.getByName(address))
                .build();
    }

    private static HttpResponse<String> get(HttpClient client, String token) {
        try {
            return client.send(request(token), BodyHandlers.ofString());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static HttpRequest request(String token) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + RestAssured.port + "/api/v1/clusters?limit=1"))
                .header("Authorization", "Bearer " + token)
                .build();
    }
}
