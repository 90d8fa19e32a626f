package io.redfleet.monitor.edge.redis;

import io.redfleet.monitor.probe.Reply;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.impl.NetSocketInternal;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * One connection to one instance. Answers come in the order of what was sent. For the event loop that opened it.
 *
 * <p>A send may stay unanswered for ever: deadlines are the caller's. Of a monitor that watches thousands of instances each of
 * these is one: it holds a socket, a codec and what is not answered yet, and nothing else.
 */
final class Wire {
    /** More are never under way; who does not answer so many is not asked more. */
    private static final int MOST_WAITING = 64;

    private final NetSocketInternal socket;
    private final Target target;
    private final Runnable lost;
    private final Deque<Handler<AsyncResult<Said>>> waiting = new ArrayDeque<>(4);
    private @Nullable Handler<Said> pushes;
    private @Nullable Buffer held;
    private boolean ended;
    private String refusal = "";
    private final @Nullable Instant certificateEnds;

    private Wire(NetSocketInternal socket, Target target, Runnable lost) {
        this.socket = socket;
        this.target = target;
        this.lost = lost;
        this.certificateEnds = Handshake.ends(socket.sslSession());
    }

    /** An error reply: the instance itself has answered. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String reply) {
            super(reply, null, false, false);
        }
    }

    static Wire over(NetSocketInternal socket, Target target, Runnable lost) {
        Wire wire = new Wire(socket, target, lost);
        Resp.decode(socket.channelHandlerContext().pipeline(), "handler");
        socket.messageHandler(message -> wire.heard((Said) message));
        // A reset comes as a failure first, and its end does not always follow.
        socket.exceptionHandler(failure -> wire.end());
        socket.closeHandler(closed -> wire.end());
        wire.together(() -> {
            wire.authenticate();
            // For whoever looks at the instance's clients; one that refuses it is watched all the same.
            wire.send(answered -> {}, "CLIENT", "SETNAME", "probe");
        });
        return wire;
    }

    /**
     * Says who we are; answers come in the order of what was sent, so nothing has to wait. An instance that refuses a password
     * lives.
     */
    void authenticate() {
        if (target.isGuarded()) {
            send(
                    answered -> {
                        boolean refused = answered.failed() && Failures.isReply(answered.cause());
                        refusal = refused ? Failures.text(answered.cause()) : "";
                    },
                    "AUTH",
                    target.user(),
                    target.password().reveal());
        }
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

    /** The first end in the chain that was shown; null in the clear. */
    @Nullable
    Instant certificateEnds() {
        return certificateEnds;
    }

    /** Takes what is published, as after a subscription. */
    void onPush(Handler<Said> handler) {
        pushes = handler;
    }

    /** What is sent meanwhile leaves in one piece. */
    void together(Runnable sending) {
        Buffer piece = Buffer.buffer();
        held = piece;
        sending.run();
        held = null;
        if (piece.length() > 0 && !ended) {
            socket.write(piece);
        }
    }

    void send(Handler<AsyncResult<Said>> answered, String... words) {
        if (ended || waiting.size() >= MOST_WAITING) {
            answered.handle(Future.failedFuture(new IOException(ended ? "ended" : "too much is unanswered")));
            return;
        }
        waiting.add(answered);
        Buffer piece = held;
        if (piece == null) {
            Buffer alone = Buffer.buffer();
            Resp.write(alone, words);
            socket.write(alone);
        } else {
            Resp.write(piece, words);
        }
    }

    Future<Said> send(String... words) {
        Promise<Said> promise = Promise.promise();
        send(
                answered -> {
                    if (answered.succeeded()) {
                        promise.complete(answered.result());
                    } else {
                        promise.fail(answered.cause());
                    }
                },
                words);
        return promise.future();
    }

    void close() {
        boolean first = !ended;
        ended = true;
        socket.close();
        if (first) {
            failWaiting();
        }
    }

    private void heard(Said said) {
        if (ended) {
            return;
        }
        Handler<Said> published = pushes;
        if (published != null && isPublished(said)) {
            published.handle(said);
            return;
        }
        Handler<AsyncResult<Said>> asked = waiting.poll();
        if (asked == null) {
            // Who answers what nobody has asked would be read for ever.
            end();
            return;
        }
        asked.handle(
                said instanceof Said.Refusal no
                        ? Future.failedFuture(new Refused(no.text()))
                        : Future.succeededFuture(said));
    }

    private static boolean isPublished(Said said) {
        return said.list().size() == 4 && said.list().getFirst().string().equals("pmessage");
    }

    private void end() {
        if (!ended) {
            ended = true;
            socket.close();
            lost.run();
            failWaiting();
        }
    }

    private void failWaiting() {
        for (Handler<AsyncResult<Said>> asked = waiting.poll(); asked != null; asked = waiting.poll()) {
            asked.handle(Future.failedFuture(new IOException("ended")));
        }
    }
}
