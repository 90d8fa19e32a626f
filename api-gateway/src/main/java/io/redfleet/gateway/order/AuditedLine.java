package io.redfleet.gateway.order;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Request;
import io.redfleet.gateway.access.AccessFacts;
import io.redfleet.gateway.access.Audit;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Function;

/** Tells the audit trail of every order that changes something, once the bus has it. */
public final class AuditedLine implements Line {
    private final Line line;
    private final Audit audit;
    private final Function<ClusterName, ClusterUid> uids;

    public AuditedLine(Line line, Audit audit, Function<ClusterName, ClusterUid> uids) {
        this.line = line;
        this.audit = audit;
        this.uids = uids;
    }

    @Override
    public Sent send(Order order, Duration patience) {
        Sent sent = line.send(order, patience);
        if (sent instanceof Sent.Durable && changes(order.request())) {
            audit.tell(AccessFacts.sent(
                    order.id(),
                    order.cluster(),
                    uids.apply(order.cluster()),
                    kind(order.request()),
                    order.actor(),
                    order.sentAt()));
        }
        return sent;
    }

    static boolean changes(Request request) {
        return switch (request) {
            case Request.ShowPlan plan -> false;
            case Request.ShowInfo info -> false;
            case Request.Apply apply -> !apply.dryRun();
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
            case Request.Monitor monitor -> monitor.instance() == null ? "monitor" : "monitor " + monitor.instance();
            case Request.Unmonitor un -> un.instance() == null ? "unmonitor" : "unmonitor " + un.instance();
            case Request other -> other.getClass().getSimpleName().toLowerCase(Locale.ROOT);
        };
    }
}
