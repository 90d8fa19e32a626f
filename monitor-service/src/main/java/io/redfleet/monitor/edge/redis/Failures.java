package io.redfleet.monitor.edge.redis;

import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.monitor.probe.Reply;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;

/** What a failure of the client means; the one place that knows its exceptions. */
final class Failures {
    private Failures() {}

    /** Of an attempt to connect, and to agree on TLS where that is spoken. */
    static Reply ofConnecting(Throwable failure, Endpoint to) {
        String text = String.valueOf(failure.getMessage());
        if (failure instanceof SSLException tls) {
            return Handshake.reply(tls, to);
        }
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
            case SSLException tls -> Handshake.endedEarly(tls);
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
