package io.redfleet.gateway.edge.collector;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/** One request and the only answer to it: whatever comes second is not said. Safe from any thread. */
final class Exchange {
    /** How long who was refused may go on sending: a connection that is cut at once takes the answer with it. */
    private static final Duration LINGERS = Duration.ofSeconds(2);

    private final Vertx vertx;
    private final HttpServerRequest request;
    private final AtomicBoolean over = new AtomicBoolean();
    private final Queue<Runnable> after = new ConcurrentLinkedQueue<>();

    Exchange(Vertx vertx, HttpServerRequest request) {
        this.vertx = vertx;
        this.request = request;
        request.exceptionHandler(broken -> end());
        request.response().closeHandler(closed -> end());
    }

    HttpServerRequest request() {
        return request;
    }

    boolean isOver() {
        return over.get();
    }

    /** Run once, when it is answered or cut off; at once if it is. */
    void whenOver(Runnable step) {
        after.add(step);
        if (over.get()) {
            runAll();
        }
    }

    void done() {
        if (end()) {
            request.response().setStatusCode(200).end();
        }
    }

    /** What is still to come of the request is not kept, and the connection is closed. */
    void refuse(int status, String reason, Duration retryAfter) {
        if (!end()) {
            return;
        }
        HttpServerResponse response = request.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "text/plain; charset=utf-8")
                .putHeader("Connection", "close");
        if (status == 401) {
            response.putHeader("WWW-Authenticate", "Basic realm=\"redfleet\"");
        }
        if (!retryAfter.isZero()) {
            response.putHeader(
                    "Retry-After",
                    String.valueOf(Math.max(1, retryAfter.plusMillis(999).toSeconds())));
        }
        response.end(reason + "\n").onComplete(sent -> leave());
    }

    private void leave() {
        if (request.isEnded()) {
            request.connection().close();
        } else {
            request.handler(unread -> {});
            request.endHandler(end -> request.connection().close());
            vertx.setTimer(LINGERS.toMillis(), id -> request.connection().close());
        }
    }

    private boolean end() {
        boolean first = over.compareAndSet(false, true);
        if (first) {
            runAll();
        }
        return first;
    }

    private void runAll() {
        for (Runnable step = after.poll(); step != null; step = after.poll()) {
            step.run();
        }
    }
}
