package io.redfleet.monitor.edge.redis;

import io.redfleet.monitor.probe.Reply;
import org.jspecify.annotations.Nullable;

/**
 * Brings about the connection to one instance, one attempt at a time. A connection that ends before it has answered proves
 * nothing, a listener that is about to close still accepts: it is looked at again at once, some times.
 */
final class Knock {
    /** After these it is tried again; then the next probe's turn has come. */
    private static final long[] AGAIN_MS = {1, 20, 50, 100, 200};

    private final Dial dial;
    private final Target target;
    private final Outcome outcome;
    private boolean connecting;
    private boolean closed;
    private int ended;
    private long timer = -1;

    /** What comes of it. */
    interface Outcome {
        /** Nothing has been said over it yet. */
        void opened(Wire wire);

        /** A wire has ended that was not closed. */
        void lost(Wire wire);

        /** Of all attempts that were made, and none is under way. */
        void failed(Reply reply);
    }

    Knock(Dial dial, Target target, Outcome outcome) {
        this.dial = dial;
        this.target = target;
        this.outcome = outcome;
    }

    /** Does nothing while an attempt is under way. */
    void anew() {
        if (!connecting) {
            dial.vertx().cancelTimer(timer);
            ended = 0;
            connect();
        }
    }

    /** After a wire that ended before it had answered. */
    void again() {
        if (ended < AGAIN_MS.length) {
            timer = dial.vertx().setTimer(AGAIN_MS[ended++], id -> connect());
        } else {
            turnedAway();
        }
    }

    /** An attempt under way comes to nothing. */
    void close() {
        closed = true;
        dial.vertx().cancelTimer(timer);
    }

    private void connect() {
        if (connecting || closed) {
            return;
        }
        connecting = true;
        @Nullable Wire[] mine = new Wire[1];
        dial.open(target, () -> lost(mine[0])).onComplete(opened -> {
            connecting = false;
            if (opened.failed() && Failures.endedEarly(opened.cause())) {
                again();
            } else if (opened.failed()) {
                failed(Failures.ofConnecting(opened.cause(), target.member().endpoint()));
            } else if (closed) {
                opened.result().close();
            } else {
                mine[0] = opened.result();
                outcome.opened(opened.result());
            }
        });
    }

    /** Who hangs up on everybody may say why: that it takes no more clients, or none from outside. */
    private void turnedAway() {
        connecting = true;
        dial.unasked(target.member().endpoint()).onComplete(heard -> {
            connecting = false;
            if (heard.failed() && !Failures.endedEarly(heard.cause())) {
                failed(Failures.ofConnecting(heard.cause(), target.member().endpoint()));
            } else if (heard.failed() || heard.result().isEmpty()) {
                failed(new Reply.Unreachable("connections end before an answer"));
            } else {
                failed(Reply.ofError(heard.result()));
            }
        });
    }

    private void lost(@Nullable Wire which) {
        if (!closed && which != null) {
            outcome.lost(which);
        }
    }

    private void failed(Reply reply) {
        if (!closed) {
            outcome.failed(reply);
        }
    }
}
