package io.redfleet.monitor.edge.redis;

import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.monitor.probe.Reply;
import java.io.IOException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.PKIXReason;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * What a TLS handshake means: one that came to nothing, and the certificate that was shown in one that did not. Somebody is there
 * and took the connection: it is never that nobody listens.
 */
final class Handshake {
    private static final int MOST_CAUSES = 10;
    private static final int MOST_CHARS = 200;
    private static final Reply BY_ANOTHER = new Reply.Untrusted("its certificate is not by the cluster's CA");

    private Handshake() {}

    /** Whether the other side ended the connection before the handshake was over, and said nothing. */
    static boolean endedEarly(SSLException failure) {
        List<Throwable> causes = causes(failure);
        return causes.stream().anyMatch(cause -> cause instanceof IOException && !(cause instanceof SSLException))
                && verdict(causes, "").isEmpty();
    }

    /** @param to who was asked: the name under which its certificate has to know it */
    static Reply reply(SSLException failure, Endpoint to) {
        List<Throwable> causes = causes(failure);
        return verdict(causes, to.host())
                .orElseGet(() -> new Reply.Untrusted("TLS with it fails: "
                        + cut(String.valueOf(causes.getLast().getMessage()))));
    }

    /** The first end in the chain that was shown; null where nothing was. */
    static @Nullable Instant ends(@Nullable SSLSession session) {
        if (session == null) {
            return null;
        }
        try {
            return Stream.of(session.getPeerCertificates())
                    .filter(X509Certificate.class::isInstance)
                    .map(certificate ->
                            ((X509Certificate) certificate).getNotAfter().toInstant())
                    .min(Comparator.naturalOrder())
                    .orElse(null);
        } catch (SSLPeerUnverifiedException nothing) {
            return null;
        }
    }

    private static Optional<Reply> verdict(List<Throwable> causes, String host) {
        for (Throwable cause : causes) {
            String text = String.valueOf(cause.getMessage());
            switch (cause) {
                case SslHandshakeTimeoutException late -> {
                    return Optional.of(new Reply.Silent());
                }
                case NotSslRecordException plain -> {
                    return Optional.of(new Reply.Untrusted("it does not speak TLS"));
                }
                case CertificateExpiredException over -> {
                    return Optional.of(new Reply.Untrusted("its certificate has expired (" + cut(text) + ")"));
                }
                case CertificateNotYetValidException early -> {
                    return Optional.of(new Reply.Untrusted("its certificate is not valid yet (" + cut(text) + ")"));
                }
                case CertPathBuilderException stranger -> {
                    return Optional.of(BY_ANOTHER);
                }
                // Of a CA by the same name, with the same identifier of its key or with another.
                case CertPathValidatorException wrong
                when wrong.getReason() == BasicReason.INVALID_SIGNATURE
                        || wrong.getReason() == PKIXReason.NO_TRUST_ANCHOR -> {
                    return Optional.of(BY_ANOTHER);
                }
                default -> {
                    // sun.security.util.HostnameChecker has no exception of its own.
                    if (text.startsWith("No subject alternative") || text.startsWith("No name matching")) {
                        return Optional.of(new Reply.Untrusted("its certificate does not name " + host));
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static List<Throwable> causes(Throwable failure) {
        List<Throwable> causes = new ArrayList<>();
        for (Throwable cause = failure; cause != null && causes.size() < MOST_CAUSES; cause = cause.getCause()) {
            causes.add(cause);
        }
        return causes;
    }

    /** It comes from whoever answers there. */
    private static String cut(String text) {
        String plain = text.replaceAll("[^ -~]", "?");
        return plain.length() <= MOST_CHARS ? plain : plain.substring(0, MOST_CHARS);
    }
}
