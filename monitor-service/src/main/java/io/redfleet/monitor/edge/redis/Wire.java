package io.redfleet.monitor.edge.redis;

import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.monitor.probe.Reply;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;

/**
 * One connection to one instance, with a client of its own, so that dropping it leaves nothing behind in a pool.
 *
 * <p>A send may stay unanswered for ever: deadlines are the caller's. Opening has one of its own.
 */
final class Wire {
    static final int CONNECT_DEADLINE_MS = 1_000;

    /** The client's own first PING is part of opening, and it would wait for its answer for ever. */
    private static final long OPEN_DEADLINE_MS = CONNECT_DEADLINE_MS + 500;

    /** The connection was accepted, and nothing came over it. */
    static final class Unanswered extends Exception {
        private static final long serialVersionUID = 1L;

        Unanswered() {
            super("accepted, and not answered", null, false, false);
        }
    }

    private final Redis client;
    private final RedisConnection connection;
    private final Target target;
    private String refusal = "";

    private Wire(Redis client, RedisConnection connection, Target target) {
        this.client = client;
        this.connection = connection;
        this.target = target;
    }

    /** @param lost called when the connection ends and {@link #close} did not end it, perhaps twice */
    static Future<Wire> open(Vertx vertx, Target target, Runnable lost) {
        Endpoint endpoint = target.member().endpoint();
        String host = endpoint.host().indexOf(':') >= 0 ? "[" + endpoint.host() + "]" : endpoint.host();
        RedisOptions options = new RedisOptions()
                .setType(RedisClientType.STANDALONE)
                .setConnectionString("redis://" + host + ":" + endpoint.port())
                .setProtocolNegotiation(false)
                .setMaxPoolSize(1)
                .setMaxPoolWaiting(1)
                .setPoolCleanerInterval(-1)
                .setMaxWaitingHandlers(64)
                .setNetClientOptions(new NetClientOptions()
                        .setConnectTimeout(CONNECT_DEADLINE_MS)
                        .setTcpNoDelay(true)
                        .setTcpKeepAlive(true));
        Redis client = Redis.createClient(vertx, options);
        Promise<Wire> opened = Promise.promise();
        long deadline = vertx.setTimer(OPEN_DEADLINE_MS, id -> {
            opened.tryFail(new Unanswered());
            client.close();
        });
        client.connect().onComplete(connected -> {
            vertx.cancelTimer(deadline);
            if (connected.failed()) {
                client.close();
                opened.tryFail(connected.cause());
            } else if (!opened.tryComplete(opened(client, connected.result(), target, lost))) {
                client.close();
            }
        });
        return opened.future();
    }

    /** Whether anybody accepts connections there; the connection is closed again at once. */
    static Future<Void> reach(Vertx vertx, Endpoint endpoint) {
        return vertx.createNetClient(new NetClientOptions().setConnectTimeout(CONNECT_DEADLINE_MS))
                .connect(endpoint.port(), endpoint.host())
                .compose(socket -> socket.close());
    }

    private static Wire opened(Redis client, RedisConnection connection, Target target, Runnable lost) {
        Wire wire = new Wire(client, connection, target);
        // A reset comes as a failure first, and its end does not always follow.
        connection.exceptionHandler(failure -> lost.run());
        connection.endHandler(end -> lost.run());
        wire.authenticate();
        // For whoever looks at the instance's clients; one that refuses it is watched all the same.
        connection.send(Request.cmd(Command.CLIENT).arg("SETNAME").arg("probe"));
        return wire;
    }

    /**
     * Says who we are; answers come in the order of what was sent, so nothing has to wait. Not left to the client: it takes
     * a refusal for a failure to connect, and an instance that refuses a password lives.
     */
    void authenticate() {
        if (!target.isGuarded()) {
            return;
        }
        Request auth = Request.cmd(Command.AUTH)
                .arg(target.user())
                .arg(target.password().reveal());
        connection.send(auth).onComplete(answered -> {
            boolean refused = answered.failed() && Failures.isReply(answered.cause());
            refusal = refused ? Failures.text(answered.cause()) : "";
        });
    }

    /** After a refusal: somebody may have put it right. */
    void authenticateAgain() {
        if (!refusal.isEmpty()) {
            authenticate();
        }
    }

    /** What a failed command over this wire means; anything but an error reply means that the connection has ended. */
    Reply failed(Throwable cause) {
        if (!Failures.isReply(cause)) {
            return new Reply.Silent();
        }
        String text = Failures.text(cause);
        return Reply.ofError(!refusal.isEmpty() && text.startsWith("NOAUTH") ? refusal : text);
    }

    /** Takes what is pushed, as after a subscription. */
    void onPush(Handler<Response> handler) {
        connection.handler(handler);
    }

    void send(Command command, Handler<AsyncResult<Response>> answered, String... args) {
        Request request = Request.cmd(command);
        for (String arg : args) {
            request.arg(arg);
        }
        connection.send(request).onComplete(answered);
    }

    Future<Response> send(Command command, String... args) {
        Request request = Request.cmd(command);
        for (String arg : args) {
            request.arg(arg);
        }
        return connection.send(request);
    }

    void close() {
        connection.endHandler(null);
        connection.exceptionHandler(null);
        client.close();
    }
}
