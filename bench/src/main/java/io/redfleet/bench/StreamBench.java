package io.redfleet.bench;

import io.redfleet.bus.BusProducer;
import io.redfleet.bus.codec.BusMessage;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.event.About;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.WatchEvent;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** From an event's acknowledgment by Kafka to its line at a client of the gateway's stream. */
final class StreamBench {
    private final BusProducer producer;
    private final String gateway;
    private final String token;

    StreamBench(BusProducer producer, String gateway, String token) {
        this.producer = producer;
        this.gateway = gateway;
        this.token = token;
    }

    /** @param kafka what a plain producer waits for Kafka's word in the same run */
    void run(int wanted, Samples streamed, Samples kafka) throws Exception {
        Map<String, Long> arrived = new ConcurrentHashMap<>();
        CountDownLatch open = new CountDownLatch(1);
        Thread reader = Thread.ofVirtual().start(() -> read(arrived, open));
        if (!open.await(20, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the stream did not open");
        }
        int before = arrived.size();
        for (int i = 0; i < wanted; i++) {
            String id = "bench-stream-" + i;
            long sent = System.nanoTime();
            WatchBench.await(producer, BusMessage.of(event(id)));
            long acknowledged = System.nanoTime();
            kafka.add(acknowledged - sent);
            long deadline = acknowledged + 10_000_000_000L;
            while (!arrived.containsKey(id)) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("event " + id + " never reached the stream; before it " + before);
                }
                Thread.onSpinWait();
            }
            streamed.add(Math.max(0, arrived.get(id) - acknowledged));
        }
        reader.interrupt();
    }

    private void read(Map<String, Long> arrived, CountDownLatch open) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(gateway + "/api/v1/events/stream"))
                .header("Authorization", "Bearer " + token)
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<java.util.stream.Stream<String>> response =
                    client.send(request, HttpResponse.BodyHandlers.ofLines());
            if (response.statusCode() != 200) {
                throw new IllegalStateException("the stream answers " + response.statusCode());
            }
            open.countDown();
            response.body().filter(line -> line.startsWith("data:")).forEach(line -> {
                long now = System.nanoTime();
                int at = line.indexOf("\"id\":\"");
                arrived.put(line.substring(at + 6, line.indexOf('"', at + 6)), now);
            });
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Fact event(String id) {
        return new Fact(
                id,
                Instant.now(),
                new About(new ClusterName("stream"), ClusterUid.FLEET, null, "measured", "", null),
                new WatchEvent.CheckSucceeded("bench"));
    }
}
