package io.redfleet.gateway.edge.collector;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.access.Role;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class CollectorTest extends CollectorGround {
    @Test
    void aReportIsTakenForTheHostOfItsTokenWhateverTheUserIsCalled() throws Exception {
        String token = reporter("r2");
        assertThat(post(basic("anybody", token), SMALL.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(200);
        assertThat(delivered).singleElement().satisfies(report -> {
            assertThat(report.key()).isEqualTo("orders/r2");
            assertThat(report.receivedAt()).isEqualTo(NOON);
            assertThat(report.services().getFirst().failed()).isEqualTo(512);
        });
    }

    @Test
    void compressedOrInPartsItIsTheSame() throws Exception {
        String token = reporter("r1");
        HttpRequest zipped = request(basic("r1", token))
                .header("Content-Encoding", "gzip")
                .POST(HttpRequest.BodyPublishers.ofByteArray(gzip(SMALL.getBytes(StandardCharsets.UTF_8), 1)))
                .build();
        assertThat(status(zipped)).isEqualTo(200);
        HttpRequest chunked = request(basic("r1", token))
                .POST(HttpRequest.BodyPublishers.ofInputStream(
                        () -> new java.io.ByteArrayInputStream(SMALL.getBytes(StandardCharsets.UTF_8))))
                .build();
        assertThat(status(chunked)).isEqualTo(200);
        assertThat(delivered).hasSize(2);
        assertThat(delivered.get(0)).isEqualTo(delivered.get(1));
    }

    @Test
    void whoHasNoTokenOfAReporterIsTurnedAwayBeforeItIsRead() throws Exception {
        assertThat(post(null, new byte[10])).isEqualTo(401);
        assertThat(post("Bearer " + reporter("r1"), SMALL.getBytes(StandardCharsets.UTF_8)))
                .as("Monit knows only Basic")
                .isEqualTo(401);
        String admin = token("ann", Role.ADMIN, null);
        assertThat(post(basic("ann", admin), SMALL.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(403);
        assertThat(delivered).isEmpty();
    }

    @Test
    void guessesShutTheAddressAndAreTold() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertThat(post(basic("r1", "guess" + i), new byte[0])).isEqualTo(401);
        }
        assertThat(post(basic("r1", reporter("r1")), SMALL.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(429);
        assertThat(told).anyMatch(fact -> fact.about().reason().contains("unknown token"));
        assertThat(delivered).isEmpty();
    }

    @Test
    void aTokenEndsWithItsHostAndWithItsCluster() throws Exception {
        String gone = reporter("r9");
        assertThat(post(basic("r9", gone), SMALL.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(403);
        String here = reporter("r1");
        standing = Optional.of(new ClusterState(
                1,
                new ClusterUid("uid-of-the-next"),
                1,
                orders.phase(),
                orders.reason(),
                orders.since(),
                orders.spec()));
        assertThat(post(basic("r1", here), SMALL.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(403);
        assertThat(delivered).isEmpty();
    }

    @Test
    void whatIsNoReportIsSaidToBeNone() throws Exception {
        String token = reporter("r1");
        assertThat(post(basic("r1", token), "<monit".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(400);
        assertThat(status(request(basic("r1", token)).GET().build())).isEqualTo(405);
        HttpRequest elsewhere = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/clusters"))
                .header("Authorization", basic("r1", token))
                .build();
        assertThat(status(elsewhere)).isEqualTo(404);
    }

    @Test
    void whileNothingCanBeDeliveredMonitIsToldToKeepIt() throws Exception {
        bus = () -> CompletableFuture.failedFuture(new IOException("no broker"));
        HttpResponse<String> answer = client.send(
                request(basic("r1", reporter("r1")))
                        .POST(HttpRequest.BodyPublishers.ofString(SMALL))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).contains("5");
    }

    @Test
    void whoIsTurnedAwayIsToldWhateverTheReason() throws Exception {
        assertThat(post(basic("ann", token("ann", Role.ADMIN, null)), new byte[0]))
                .isEqualTo(403);
        assertThat(post(basic("r9", reporter("r9")), new byte[0])).isEqualTo(403);
        String busy = reporter("r1");
        int status = 200;
        for (int i = 0; i < 200 && status != 429; i++) {
            status = post(basic("r1", busy), SMALL.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(status).isEqualTo(429);
        assertThat(told.stream().map(fact -> fact.about().reason()))
                .anyMatch(reason -> reason.contains("needs the role reporter"))
                .anyMatch(reason -> reason.contains("in no cluster any more"))
                .anyMatch(reason -> reason.contains("more often than its role may"));
    }
}
