package io.redfleet.monitor.edge.redis;

import io.redfleet.contracts.cluster.Endpoint;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.impl.NetSocketInternal;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Makes connections; one for all instances. */
final class Dial {
    private static final int CONNECT_DEADLINE_MS = 1_000;

    /** Of a handshake, however slowly it goes on. */
    private static final long HANDSHAKE_DEADLINE_MS = 1_000;

    private static final long UNASKED_MS = 200;

    private final Vertx vertx;
    private final NetClient client;

    /** By the CA that they trust; that of a CA which no cluster has any more stays, and has no connection. */
    private final Map<String, NetClient> trusting = new HashMap<>();

    Dial(Vertx vertx) {
        this.vertx = vertx;
        this.client = vertx.createNetClient(options());
    }

    private static NetClientOptions options() {
        return new NetClientOptions()
                .setConnectTimeout(CONNECT_DEADLINE_MS)
                .setTcpNoDelay(true)
                .setTcpKeepAlive(true);
    }

    /** By TLS, that CA alone may have signed the certificate, and it has to name the address that is asked. */
    private NetClient client(Target target) {
        return target.ca().isEmpty() ? client : trusting.computeIfAbsent(target.ca(), this::trusting);
    }

    private NetClient trusting(String ca) {
        return vertx.createNetClient(options()
                .setSsl(true)
                .setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(ca)))
                .setHostnameVerificationAlgorithm("HTTPS")
                .setSslHandshakeTimeout(HANDSHAKE_DEADLINE_MS)
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                // What a handshake computes must not hold up the loop.
                .setSslEngineOptions(new JdkSSLEngineOptions().setUseWorkerThread(true)));
    }

    Vertx vertx() {
        return vertx;
    }

    /** @param lost called once, when the connection ends and {@link Wire#close} did not end it */
    Future<Wire> open(Target target, Runnable lost) {
        Endpoint endpoint = target.member().endpoint();
        return client(target)
                .connect(endpoint.port(), endpoint.host())
                .map(socket -> Wire.over((NetSocketInternal) socket, target, lost));
    }

    /**
     * The error that is said there to somebody who asks nothing; empty when there is none, or not soon. Who asks may not hear it:
     * a connection that is closed on an unread question ends with a reset, which overtakes what was said.
     */
    Future<String> unasked(Endpoint endpoint) {
        Promise<String> heard = Promise.promise();
        client.connect(endpoint.port(), endpoint.host()).onFailure(heard::fail).onSuccess(connected -> {
            NetSocketInternal socket = (NetSocketInternal) connected;
            long timer = vertx.setTimer(UNASKED_MS, id -> heard.tryComplete(""));
            Resp.decode(socket.channelHandlerContext().pipeline(), "handler");
            socket.messageHandler(said -> heard.tryComplete(said instanceof Said.Refusal no ? no.text() : ""));
            socket.exceptionHandler(failure -> heard.tryComplete(""));
            socket.closeHandler(closed -> heard.tryComplete(""));
            heard.future().onComplete(end -> {
                vertx.cancelTimer(timer);
                socket.close();
            });
        });
        return heard.future();
    }
}
