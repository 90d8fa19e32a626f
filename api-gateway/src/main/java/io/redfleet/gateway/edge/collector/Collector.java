package io.redfleet.gateway.edge.collector;

import io.redfleet.contracts.access.Reporter;
import io.redfleet.gateway.collector.Malformed;
import io.redfleet.gateway.collector.MonitXml;
import io.redfleet.gateway.collector.Unpacked;
import io.redfleet.gateway.edge.tls.Tls;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/**
 * A listener of its own for {@code POST /collector}, so that hosts reach this and nothing else.
 *
 * <p>Who it is comes before what it says: no body is read, and nothing unpacked, of somebody unknown. A posting is
 * answered with 200 once it is on the bus; before that Monit keeps it, if it has a queue, and its next one says all
 * that still holds. At most {@link #MOST_BYTES} are read, also of what was compressed, within {@link #ARRIVES}; at most
 * {@link #AT_ONCE} postings are held at a time, of them {@link #OF_ONE} of one host, and {@link #CONNECTIONS}
 * connections.
 */
public final class Collector implements AutoCloseable {
    static final int MOST_BYTES = 1 << 20;
    static final Duration ARRIVES = Duration.ofSeconds(10);
    static final int AT_ONCE = 64;
    static final int OF_ONE = 4;
    static final int CONNECTIONS = 1_000;

    private static final Logger LOG = Logger.getLogger(Collector.class);
    private static final Duration STARTS = Duration.ofSeconds(10);
    private static final Duration DELIVERED = Duration.ofSeconds(6);
    private static final Duration AGAIN = Duration.ofSeconds(5);
    private static final String TOO_LONG = "A report is no longer than " + MOST_BYTES + " bytes";

    private final Vertx vertx;
    private final String scheme;
    private final HttpServer server;
    private final Reception reception;
    private final Delivery delivery;
    private final InstantSource clock;
    private final Semaphore room = new Semaphore(AT_ONCE);
    private final Map<Reporter, Integer> held = new ConcurrentHashMap<>();
    /** Whose last posting could not be read: that is logged once. Bounded by the number of tokens. */
    private final Set<Reporter> unread = ConcurrentHashMap.newKeySet();

    private final AtomicInteger open = new AtomicInteger();
    /** Since it was said that there are too many connections; until half of them are gone. */
    private final AtomicBoolean full = new AtomicBoolean();
    /** The timer of each connection that has not asked anything yet. */
    private final Map<HttpConnection, Long> waiting = new ConcurrentHashMap<>();

    public Collector(Vertx vertx, Reception reception, Delivery delivery, Tls tls, InstantSource clock) {
        this.vertx = vertx;
        this.scheme = tls.spoken() ? "https" : "http";
        this.reception = reception;
        this.delivery = delivery;
        this.clock = clock;
        HttpServerOptions options = new HttpServerOptions()
                .setHttp2ClearTextEnabled(false)
                .setMaxHeaderSize(8_192)
                .setMaxInitialLineLength(1_024)
                .setIdleTimeout((int) ARRIVES.toSeconds())
                .setIdleTimeoutUnit(TimeUnit.SECONDS);
        tls.on(options);
        this.server = vertx.createHttpServer(options)
                .connectionHandler(this::connected)
                .requestHandler(this::take);
    }

    /**
     * Listens from now on.
     *
     * @param address 0 as its port: any
     * @return the port
     * @throws IllegalStateException it cannot be listened there
     */
    public int listen(SocketAddress address) {
        try {
            int port = server.listen(address)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(STARTS.toSeconds(), TimeUnit.SECONDS)
                    .actualPort();
            LOG.infof("Monit may report to %s://%s:%d%s", scheme, address.host(), port, Reception.PATH);
            return port;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted before the collector listened", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the collector cannot listen on " + address, e);
        }
    }

    @Override
    public void close() {
        try {
            server.close().toCompletionStage().toCompletableFuture().get(STARTS.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("the collector did not end in time", e);
        }
    }

    /** Who connects and asks nothing is let go, and never keeps more than so many from the rest. */
    private void connected(HttpConnection connection) {
        waiting.put(connection, vertx.setTimer(ARRIVES.toMillis(), id -> connection.close()));
        connection.closeHandler(closed -> {
            if (open.decrementAndGet() < CONNECTIONS / 2) {
                full.set(false);
            }
            spoke(connection);
        });
        // Last: its end is counted only by a handler that stands already.
        if (open.incrementAndGet() > CONNECTIONS) {
            connection.close();
            if (full.compareAndSet(false, true)) {
                LOG.warnf("the collector has %d connections: whoever connects beyond is cut off at once", CONNECTIONS);
            }
        }
    }

    private void spoke(HttpConnection connection) {
        Long timer = waiting.remove(connection);
        if (timer != null) {
            vertx.cancelTimer(timer);
        }
    }

    private void take(HttpServerRequest request) {
        spoke(request.connection());
        Exchange exchange = new Exchange(vertx, request);
        if (!Reception.PATH.equals(request.path())) {
            exchange.refuse(404, "There is only " + Reception.PATH + " here", Duration.ZERO);
        } else if (!request.method().equals(HttpMethod.POST)) {
            request.response().putHeader("Allow", "POST");
            exchange.refuse(405, "Monit posts its reports", Duration.ZERO);
        } else {
            String from = request.remoteAddress().hostAddress();
            switch (reception.judge(request.getHeader("Authorization"), from)) {
                case Reception.Word.Turn turn -> exchange.refuse(turn.status(), turn.reason(), turn.retryAfter());
                case Reception.Word.Welcome welcome -> read(exchange, welcome.reporter());
            }
        }
    }

    private void read(Exchange exchange, Reporter reporter) {
        String encoding = exchange.request().getHeader("Content-Encoding");
        boolean zipped = "gzip".equalsIgnoreCase(encoding);
        if (encoding != null && !zipped && !"identity".equalsIgnoreCase(encoding)) {
            exchange.refuse(415, "A report comes as it is, or as gzip", Duration.ZERO);
            return;
        }
        if (held.merge(reporter, 1, Integer::sum) > OF_ONE) {
            release(reporter);
            exchange.refuse(503, "Too many reports of this host at once", AGAIN);
            return;
        }
        exchange.whenOver(() -> release(reporter));
        if (!room.tryAcquire()) {
            exchange.refuse(503, "Too many reports at once", AGAIN);
            return;
        }
        exchange.whenOver(room::release);
        Buffer body = Buffer.buffer();
        long timer = vertx.setTimer(
                ARRIVES.toMillis(), id -> exchange.refuse(408, "The report did not arrive in time", Duration.ZERO));
        exchange.whenOver(() -> vertx.cancelTimer(timer));
        exchange.request().handler(part -> {
            if (body.length() + part.length() > MOST_BYTES) {
                exchange.refuse(413, TOO_LONG, Duration.ZERO);
            } else if (!exchange.isOver()) {
                body.appendBuffer(part);
            }
        });
        exchange.request().endHandler(end -> {
            if (!exchange.isOver()) {
                Thread.ofVirtual().name("report").start(() -> hand(exchange, reporter, body.getBytes(), zipped));
            }
        });
    }

    private void release(Reporter reporter) {
        held.computeIfPresent(reporter, (one, count) -> count == 1 ? null : count - 1);
    }

    private void hand(Exchange exchange, Reporter reporter, byte[] body, boolean zipped) {
        try {
            Optional<byte[]> plain = zipped ? Unpacked.gzip(body, MOST_BYTES) : Optional.of(body);
            if (plain.isEmpty()) {
                exchange.refuse(413, TOO_LONG, Duration.ZERO);
                return;
            }
            delivery.deliver(MonitXml.read(plain.get()).of(reporter, clock.instant()))
                    .toCompletableFuture()
                    .get(DELIVERED.toSeconds(), TimeUnit.SECONDS);
            unread.remove(reporter);
            exchange.done();
        } catch (Malformed e) {
            if (unread.add(reporter)) {
                LOG.warnf(
                        "a report of %s is not read, and neither are the next ones until it is mended: %s",
                        reporter, e.getMessage());
            }
            exchange.refuse(400, "No report of Monit: " + e.getMessage(), Duration.ZERO);
        } catch (ExecutionException | TimeoutException e) {
            LOG.debugf(e, "a report of %s is not on the bus", reporter);
            exchange.refuse(503, "Kafka does not answer", AGAIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            exchange.refuse(503, "The gateway ends", AGAIN);
        }
    }
}
