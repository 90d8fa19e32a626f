package io.redfleet.monitor.edge.redis;

import io.redfleet.monitor.probe.Reply;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;

/** What a failure of the client means; the one place that knows its exceptions. */
final class Failures {
    private Failures() {}

    /** Of an attempt to connect. */
    static Reply ofConnecting(Throwable failure) {
        String text = String.valueOf(failure.getMessage());
        if (failure instanceof UnknownHostException) {
            return new Reply.Unreachable("no such host");
        }
        if (failure instanceof NoRouteToHostException) {
            return new Reply.Unreachable("no route");
        }
        if (failure instanceof ConnectException && text.contains("refused")) {
            return new Reply.Refused();
        }
        if (text.contains("timed out")) {
            return new Reply.Unreachable("no answer to a connection attempt within a second");
        }
        return new Reply.Unreachable(failure.getClass().getSimpleName());
    }

    /** Whether a connection was made and ended, by whatever name, before anything was answered. */
    static boolean endedEarly(Throwable failure) {
        return switch (failure) {
            case ConnectException never -> false;
            case NoRouteToHostException never -> false;
            case UnknownHostException never -> false;
            case IOException broken -> true;
            default -> false;
        };
    }

    /** Whether the instance itself answered, with an error reply. */
    static boolean isReply(Throwable failure) {
        return failure instanceof Wire.Refused;
    }

    static String text(Throwable failure) {
        return String.valueOf(failure.getMessage());
    }
}
