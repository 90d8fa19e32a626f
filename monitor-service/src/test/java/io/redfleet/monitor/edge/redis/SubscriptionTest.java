package io.redfleet.monitor.edge.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.testkit.Await;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A subscription to a Sentinel that takes no more clients. */
@Timeout(60)
class SubscriptionTest {
    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger connections = new AtomicInteger();

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void whoTurnsUsAwayIsAskedOnceASecond() throws IOException {
        try (ServerSocket full = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofPlatform().daemon().start(() -> turnAway(full));
            Endpoint endpoint = new Endpoint("127.0.0.1", full.getLocalPort());
            Member member =
                    new Member(new InstanceId("r1/redis-sentinel"), InstanceRole.SENTINEL, endpoint, endpoint, "");
            Subscription subscription = new Subscription(new Dial(vertx), Target.open(member), line -> {}, 0);
            vertx.getOrCreateContext().runOnContext(nothing -> subscription.start());
            Await.moment(Duration.ofSeconds(4));

            assertThat(connections.get()).isBetween(2, 8);
        }
    }

    private void turnAway(ServerSocket full) {
        while (!full.isClosed()) {
            try (Socket socket = full.accept()) {
                connections.incrementAndGet();
                socket.getOutputStream()
                        .write("-ERR max number of clients reached\r\n".getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                // That is how it ends.
            }
        }
    }
}
