package io.redfleet.monitor.edge.redis;

import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.monitor.probe.Figures;
import io.redfleet.monitor.probe.Reply;
import io.redfleet.monitor.watch.Observation;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The probing connection to one instance: PING and ROLE at its pace, INFO every ten seconds.
 *
 * <p>A connection that ends is made again at once, and only what that attempt says is reported: Redis itself cuts clients
 * when a role changes. At most one PING waits for its answer; each second that it waits is one silent probe. One instance
 * never waits for another.
 */
final class NodeLine {
    private static final long PING_DEADLINE_MS = 1_000;
    private static final long INFO_EVERY_MS = 10_000;

    /** A connection that ends before it has answered is tried again after these; then the next probe's turn has come. */
    private static final long[] AGAIN_MS = {1, 20, 50, 100, 200};

    /** Silent this often, a second connection finds out whether the host is there at all; then again after as many. */
    private static final int LOOK_AFTER_SILENT = 3;

    private final Vertx vertx;
    private final Target target;
    private final Member member;
    private final Consumer<Observation> sink;
    private final Views views;
    private long periodMs;
    private @Nullable Wire wire;
    private boolean connecting;
    private boolean greeted;
    private boolean pinging;
    private boolean asking;
    private boolean closed;
    private int broken;
    private int silent;
    private long nextInfoMs;
    private long timer = -1;
    private long deadline = -1;

    /** @param views asks a Sentinel for its view over the open wire; not called for data nodes */
    NodeLine(Vertx vertx, Target target, Duration period, Consumer<Observation> sink, Views views) {
        this.vertx = vertx;
        this.target = target;
        this.member = target.member();
        this.periodMs = period.toMillis();
        this.sink = sink;
        this.views = views;
    }

    /** Asks a Sentinel; {@code done} is called once, whatever comes of it. */
    interface Views {
        void ask(Wire wire, Runnable done);
    }

    /** @param firstAfterMs spreads the probes of many lines over the period; at least 1 */
    void start(long firstAfterMs) {
        connect();
        schedule(firstAfterMs);
    }

    void pace(Duration period) {
        periodMs = period.toMillis();
        schedule(1);
    }

    void close() {
        closed = true;
        vertx.cancelTimer(timer);
        vertx.cancelTimer(deadline);
        drop();
    }

    /** The wire, if the instance has answered over it. */
    @Nullable
    Wire wire() {
        return greeted ? wire : null;
    }

    Member member() {
        return member;
    }

    private void schedule(long afterMs) {
        vertx.cancelTimer(timer);
        timer = vertx.setTimer(Math.max(1, afterMs), id -> probe());
    }

    private void probe() {
        if (closed) {
            return;
        }
        schedule(periodMs);
        if (wire == null) {
            broken = 0;
            connect();
        } else if (greeted) {
            ping();
            ask();
        }
    }

    private void connect() {
        if (connecting || closed) {
            return;
        }
        connecting = true;
        Wire[] mine = new Wire[1];
        Wire.open(vertx, target, () -> lost(mine[0])).onComplete(opened -> {
            connecting = false;
            if (opened.failed() && Failures.endedEarly(opened.cause())) {
                // A listener that is about to close still accepts: that proves nothing, and is looked at again at once.
                again();
            } else if (opened.failed()) {
                report(Failures.ofConnecting(opened.cause()), null);
            } else if (closed) {
                opened.result().close();
            } else {
                mine[0] = opened.result();
                wire = opened.result();
                greet();
            }
        });
    }

    private void lost(@Nullable Wire which) {
        if (closed || which == null || which != wire) {
            return;
        }
        boolean spoke = greeted;
        drop();
        if (spoke) {
            broken = 0;
            connect();
        } else {
            again();
        }
    }

    private void again() {
        if (broken < AGAIN_MS.length) {
            vertx.setTimer(AGAIN_MS[broken++], id -> connect());
        } else {
            report(new Reply.Unreachable("connections end before an answer"), null);
        }
    }

    private void drop() {
        Wire old = wire;
        wire = null;
        greeted = false;
        pinging = false;
        asking = false;
        vertx.cancelTimer(deadline);
        if (old != null) {
            old.close();
        }
    }

    /** On a new connection: PING, then INFO, and both are reported as one, so that an up knows its run. */
    private void greet() {
        Wire mine = wire;
        if (mine == null) {
            return;
        }
        pinging = true;
        watchSilence();
        mine.send(Command.PING, answered -> {
            if (mine != wire) {
                return;
            }
            Reply reply = answered.succeeded() ? new Reply.Pong() : mine.failed(answered.cause());
            if (reply instanceof Reply.Silent) {
                lost(mine);
                return;
            }
            mine.send(Command.INFO, info -> {
                if (mine == wire && (info.succeeded() || Failures.isReply(info.cause()))) {
                    greeted(
                            reply,
                            info.succeeded() ? Figures.parse(info.result().toString()) : null);
                }
            });
        });
    }

    private void greeted(Reply reply, @Nullable Figures figures) {
        answered();
        greeted = true;
        broken = 0;
        nextInfoMs = now() + INFO_EVERY_MS;
        report(reply, figures);
        ask();
    }

    private void ping() {
        Wire mine = wire;
        if (pinging || mine == null) {
            return;
        }
        pinging = true;
        watchSilence();
        mine.authenticateAgain();
        mine.send(Command.PING, result -> {
            if (mine != wire) {
                return;
            }
            Reply reply = result.succeeded() ? new Reply.Pong() : mine.failed(result.cause());
            if (reply instanceof Reply.Silent) {
                lost(mine);
            } else {
                answered();
                report(reply, null);
            }
        });
    }

    /** ROLE, or a Sentinel's view; INFO when it is time. Skipped while the last one is unanswered. */
    private void ask() {
        Wire mine = wire;
        if (asking || mine == null) {
            return;
        }
        asking = true;
        if (member.role() == InstanceRole.SENTINEL) {
            views.ask(mine, () -> {
                if (mine == wire) {
                    asking = false;
                }
            });
        } else {
            mine.send(Command.ROLE, role -> {
                if (mine == wire) {
                    asking = false;
                    if (role.succeeded()) {
                        sink.accept(new Observation.Stood(member.id(), Answers.role(role.result())));
                    }
                }
            });
        }
        if (now() >= nextInfoMs) {
            nextInfoMs = now() + INFO_EVERY_MS;
            mine.send(Command.INFO, info -> {
                if (mine == wire && info.succeeded()) {
                    Figures figures = Figures.parse(info.result().toString());
                    sink.accept(new Observation.Figured(member.id(), figures));
                }
            });
        }
    }

    private void watchSilence() {
        vertx.cancelTimer(deadline);
        deadline = vertx.setTimer(PING_DEADLINE_MS, id -> {
            if (pinging && !closed) {
                silent++;
                report(new Reply.Silent(), null);
                if (silent % LOOK_AFTER_SILENT == 0) {
                    lookAgain();
                }
                watchSilence();
            }
        });
    }

    private void answered() {
        pinging = false;
        silent = 0;
        vertx.cancelTimer(deadline);
    }

    /** Tells a stopped process, whose kernel still accepts, from a host that is gone. */
    private void lookAgain() {
        Wire mine = wire;
        Wire.reach(vertx, member.endpoint()).onFailure(failure -> {
            if (mine == wire && !closed) {
                drop();
                report(Failures.ofConnecting(failure), null);
            }
        });
    }

    private void report(Reply reply, @Nullable Figures figures) {
        sink.accept(new Observation.Answered(member.id(), reply, figures));
    }

    private static long now() {
        return System.nanoTime() / 1_000_000;
    }
}
