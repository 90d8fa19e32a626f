package io.redfleet.monitor.edge.redis;

import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.monitor.probe.Figures;
import io.redfleet.monitor.probe.Reply;
import io.redfleet.monitor.watch.Observation;
import io.vertx.core.Vertx;
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
    private static final long LASTED_MS = 1_000;

    /**
     * Silent this often, a new connection finds out whether the host is there at all and whether it was only the connection that is
     * dead; then after twice as many, and so on: each stays with a stopped process until it goes on.
     */
    private static final int LOOK_AFTER_SILENT = 3;

    private static final int LOOK_AT_LEAST_EVERY = 300;

    private final Vertx vertx;
    private final Knock knock;
    private final Member member;
    private final Consumer<Observation> sink;
    private final Views views;
    private final Shown shown;
    private long periodMs;
    private @Nullable Wire wire;
    private boolean greeted;
    private boolean pinging;
    private boolean asking;
    private boolean closed;
    private int silent;
    private int looksAt = LOOK_AFTER_SILENT;
    private long openedAt;
    private long nextInfoMs;
    private long timer = -1;
    private long deadline = -1;

    /** @param views asks a Sentinel for its view over the open wire; not called for data nodes */
    NodeLine(Dial dial, Target target, Duration period, Consumer<Observation> sink, Views views) {
        this.vertx = dial.vertx();
        this.member = target.member();
        this.periodMs = period.toMillis();
        this.sink = sink;
        this.views = views;
        this.shown = new Shown(member.id(), sink);
        this.knock = new Knock(dial, target, new Knock.Outcome() {
            @Override
            public void opened(Wire wire) {
                NodeLine.this.opened(wire);
            }

            @Override
            public void lost(Wire wire) {
                NodeLine.this.lost(wire);
            }

            @Override
            public void failed(Reply reply) {
                report(reply, null);
            }
        });
    }

    /** Asks a Sentinel; {@code done} is called once, whatever comes of it. */
    interface Views {
        void ask(Wire wire, Runnable done);
    }

    /** @param firstAfterMs spreads the probes of many lines over the period; at least 1 */
    void start(long firstAfterMs) {
        knock.anew();
        schedule(firstAfterMs);
    }

    void pace(Duration period) {
        periodMs = period.toMillis();
        schedule(1);
    }

    void close() {
        closed = true;
        knock.close();
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
            knock.anew();
        } else if (greeted) {
            wire.together(() -> {
                ping();
                ask();
            });
        }
    }

    private void opened(Wire fresh) {
        drop();
        wire = fresh;
        openedAt = now();
        greet(fresh);
    }

    private void lost(Wire which) {
        if (which != wire) {
            return;
        }
        // Who answers and hangs up, again and again, is not looked at without a pause.
        boolean lasted = greeted && now() - openedAt >= LASTED_MS;
        drop();
        if (lasted) {
            knock.anew();
        } else {
            knock.again();
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
    private void greet(Wire mine) {
        pinging = true;
        watchSilence();
        mine.send(
                answered -> {
                    if (mine != wire) {
                        return;
                    }
                    Reply reply = answered.succeeded() ? new Reply.Pong() : mine.failed(answered.cause());
                    if (reply instanceof Reply.Silent) {
                        lost(mine);
                        return;
                    }
                    mine.send(
                            info -> {
                                if (mine == wire && (info.succeeded() || Failures.isReply(info.cause()))) {
                                    greeted(
                                            reply,
                                            info.succeeded()
                                                    ? Figures.parse(
                                                            info.result().string())
                                                    : null);
                                }
                            },
                            "INFO");
                },
                "PING");
    }

    private void greeted(Reply reply, @Nullable Figures figures) {
        answered();
        greeted = true;
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
        mine.send(
                result -> {
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
                },
                "PING");
    }

    /** ROLE, or a Sentinel's view; INFO when it is time. Skipped while the last one is unanswered. */
    private void ask() {
        Wire mine = wire;
        if (asking || mine == null) {
            return;
        }
        asking = true;
        shown.over(mine);
        if (member.role() == InstanceRole.SENTINEL) {
            views.ask(mine, () -> {
                if (mine == wire) {
                    asking = false;
                }
            });
        } else {
            mine.send(
                    role -> {
                        if (mine == wire) {
                            asking = false;
                            if (role.succeeded()) {
                                sink.accept(new Observation.Stood(member.id(), Answers.role(role.result())));
                            }
                        }
                    },
                    "ROLE");
        }
        if (now() >= nextInfoMs) {
            nextInfoMs = now() + INFO_EVERY_MS;
            mine.send(
                    info -> {
                        if (mine == wire && info.succeeded()) {
                            Figures figures = Figures.parse(info.result().string());
                            sink.accept(new Observation.Figured(member.id(), figures));
                        }
                    },
                    "INFO");
        }
    }

    private void watchSilence() {
        vertx.cancelTimer(deadline);
        deadline = vertx.setTimer(PING_DEADLINE_MS, id -> {
            if (pinging && !closed) {
                silent++;
                report(new Reply.Silent(), null);
                if (silent == looksAt) {
                    looksAt += Math.min(silent, LOOK_AT_LEAST_EVERY);
                    drop();
                    knock.anew();
                } else {
                    watchSilence();
                }
            }
        });
    }

    private void answered() {
        pinging = false;
        silent = 0;
        looksAt = LOOK_AFTER_SILENT;
        vertx.cancelTimer(deadline);
    }

    private void report(Reply reply, @Nullable Figures figures) {
        sink.accept(new Observation.Answered(member.id(), reply, figures));
    }

    private static long now() {
        return System.nanoTime() / 1_000_000;
    }
}
