package io.redfleet.gateway.order;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Request;
import io.redfleet.gateway.access.AccessFacts;
import io.redfleet.gateway.access.WriteAhead;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.function.Function;

/** Tells the audit trail of every order that changes something, before it is sent: it is not sent untold. */
public final class AuditedLine implements Line {
    private static final Duration LEAST = Duration.ofMillis(1);

    private final Line line;
    private final WriteAhead trail;
    private final Function<ClusterName, ClusterUid> uids;
    private final InstantSource clock;

    /** @param clock tells how much of a sender's patience is left for the order once it was told of */
    public AuditedLine(Line line, WriteAhead trail, Function<ClusterName, ClusterUid> uids, InstantSource clock) {
        this.line = line;
        this.trail = trail;
        this.uids = uids;
        this.clock = clock;
    }

    @Override
    public Sent send(Order order, Duration patience) throws InterruptedException {
        if (!told(order.request())) {
            return line.send(order, patience);
        }
        Instant begun = clock.instant();
        return switch (trail.tell(fact(order), patience)) {
            case WriteAhead.Told.Failed failed -> new Sent.Failed(failed.reason());
            case WriteAhead.Told.Durable told -> line.send(order, left(patience, begun));
        };
    }

    private Duration left(Duration patience, Instant begun) {
        Duration left = patience.minus(Duration.between(begun, clock.instant()));
        // A wait of no time at all is an error where the order is sent.
        return left.compareTo(LEAST) < 0 ? LEAST : left;
    }

    private Fact fact(Order order) {
        return AccessFacts.sent(
                order.id(),
                order.cluster(),
                uids.apply(order.cluster()),
                kind(order.request()),
                order.actor(),
                order.sentAt());
    }

    /** What changes something; and each survey: it connects to where a person says, perhaps with a password. */
    private static boolean told(Request request) {
        return request instanceof Request.TakeIn || changes(request);
    }

    static boolean changes(Request request) {
        return switch (request) {
            case Request.ShowPlan plan -> false;
            case Request.ShowVerification verification -> false;
            case Request.ShowInfo info -> false;
            case Request.ShowSudoers sudoers -> false;
            case Request.ShowRemoval removal -> false;
            case Request.Apply apply -> !apply.dryRun();
            case Request.TakeIn take -> !take.dryRun();
            case Request.ToProvisioner other -> true;
            case Request.ToMonitor other -> true;
            case Request.ToAlert other -> true;
        };
    }

    /** In the words of the command line. */
    static String kind(Request request) {
        return switch (request) {
            case Request.Run run -> run.verb().name().toLowerCase(Locale.ROOT) + " " + run.instance();
            case Request.Reveal reveal -> "secret reveal " + reveal.user();
            case Request.RotateSecret rotate ->
                "secret rotate --purpose " + rotate.user() + (rotate.finish() ? " --finish" : "");
            case Request.Monitor monitor -> monitor.instance() == null ? "monitor" : "monitor " + monitor.instance();
            case Request.Unmonitor un -> un.instance() == null ? "unmonitor" : "unmonitor " + un.instance();
            case Request.DeleteArchived delete -> "delete --archive";
            case Request.TakeIn take -> "take-in --sentinel " + take.sentinel() + ":" + take.port();
            case Request.DisarmLabel disarm -> "disarm --label " + disarm.label();
            case Request.RearmLabel rearm -> "rearm --label " + rearm.label();
            case Request other -> other.getClass().getSimpleName().toLowerCase(Locale.ROOT);
        };
    }
}
