package io.redfleet.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * From a request to its answer, for orders whose outcome is known at once: over HTTP to the gateway, as an order to the service
 * that carries it out, as an outcome back, and once the gateway's views include what was written.
 *
 * <p>Two kinds take turns: the brake put on and taken off by the monitor, and a spec that the provisioner refuses with its
 * reason. They are sent at a fixed pace whether or not earlier ones have been answered, below what one admin token may ask.
 */
final class OrdersBench {
    /** 40 a second: an admin's token may make 100. */
    private static final Duration EVERY = Duration.ofMillis(25);

    /** The first ten seconds of fresh services, which find nothing warm, are shown by themselves. */
    private static final int WARM_UP = 400;

    /** No outcome within ten seconds: a sample like any other. */
    private static final int PENDING = 202;

    private static final double BOUND_MILLIS = 150;

    /** Sooner than the gateway says "pending". */
    private static final double COLD_BOUND_MILLIS = 10_000;

    private final String gateway;
    private final String token;
    private final Samples brake = new Samples("disarm or rearm, from request to answer", BOUND_MILLIS);
    private final Samples refused = new Samples("a spec that is refused, from request to answer", BOUND_MILLIS);
    private final Samples cold = new Samples("the first " + WARM_UP + " orders of fresh services", COLD_BOUND_MILLIS);
    private final AtomicInteger pending = new AtomicInteger();

    private OrdersBench(String gateway, String token) {
        this.gateway = gateway;
        this.token = token;
    }

    /**
     * Prints its figures; true when both bounds hold.
     *
     * @param orders how many of both kinds together
     */
    static boolean run(Path directory, int orders) throws Exception {
        try (Workbench bench = Workbench.in(directory.resolve("orders"));
                ServiceProcess monitor = bench.service("monitor-service", "monitor", "monitor-0");
                ServiceProcess provisioner = bench.service("provisioner-service", "provisioner", "provisioner-0");
                ServiceProcess gateway = bench.service("api-gateway", "gateway", "gateway-0")) {
            for (ServiceProcess service : List.of(monitor, provisioner, gateway)) {
                service.awaitReady();
            }
            OrdersBench measured = new OrdersBench("http://127.0.0.1:" + gateway.port(), bench.adminToken());
            measured.place(orders);
            boolean holds = Samples.print(List.of(measured.cold, measured.brake, measured.refused));
            if (measured.pending.get() > 0) {
                System.out.println("of these, answered as pending: " + measured.pending.get());
            }
            return holds;
        }
    }

    private void place(int orders) throws Exception {
        List<Future<Long>> answers = new ArrayList<>();
        try (HttpClient client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build();
                ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
            long begun = System.nanoTime();
            for (int i = 0; i < WARM_UP + orders; i++) {
                int number = i;
                LockSupport.parkNanos(begun + i * EVERY.toNanos() - System.nanoTime());
                answers.add(each.submit(() -> ask(client, number)));
            }
        }
        for (int i = 0; i < answers.size(); i++) {
            Samples warm = isBrake(i) ? brake : refused;
            (i < WARM_UP ? cold : warm).add(answers.get(i).get());
        }
    }

    private static boolean isBrake(int number) {
        return number % 2 == 0;
    }

    /** Nanoseconds from the request to its answer. */
    private long ask(HttpClient client, int number) throws IOException, InterruptedException {
        HttpRequest request = isBrake(number) ? brakeOrder(number) : specOrder();
        int expected = isBrake(number) ? 200 : 422;
        long before = System.nanoTime();
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        long took = System.nanoTime() - before;
        if (response.statusCode() == PENDING) {
            pending.incrementAndGet();
        } else if (response.statusCode() != expected) {
            throw new IllegalStateException(
                    request + " was answered with " + response.statusCode() + ": " + response.body());
        }
        return took;
    }

    private HttpRequest brakeOrder(int number) {
        String verb = number % 4 == 0 ? "disarm" : "rearm";
        return order("/api/v1/fleet/" + verb)
                .POST(HttpRequest.BodyPublishers.ofString("{\"reason\": \"order " + number + " of a measurement\"}"))
                .build();
    }

    /** A cluster without hosts. */
    private HttpRequest specOrder() {
        return order("/api/v1/clusters/refused")
                .PUT(HttpRequest.BodyPublishers.ofString("{\"metadata\": {\"name\": \"refused\"}, \"spec\": {}}"))
                .build();
    }

    private HttpRequest.Builder order(String path) {
        return HttpRequest.newBuilder(URI.create(gateway + path))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(30));
    }
}
