package io.redfleet.monitor.edge.redis;

import io.redfleet.contracts.cluster.Endpoint;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
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
 * <p>A send may stay unanswered for ever: deadlines are the caller's.
 */
final class Wire {
    static final int CONNECT_DEADLINE_MS = 1_000;

    private final Redis client;
    private final RedisConnection connection;

    private Wire(Redis client, RedisConnection connection) {
        this.client = client;
        this.connection = connection;
    }

    /** @param lost called when the connection ends and {@link #close} did not end it, perhaps twice */
    static Future<Wire> open(Vertx vertx, Endpoint endpoint, Runnable lost) {
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
        return client.connect()
                .map(connection -> {
                    // A reset comes as a failure first, and its end does not always follow.
                    connection.exceptionHandler(failure -> lost.run());
                    connection.endHandler(end -> lost.run());
                    return new Wire(client, connection);
                })
                .onFailure(failure -> client.close());
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
