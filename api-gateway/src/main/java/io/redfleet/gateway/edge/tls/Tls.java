package io.redfleet.gateway.edge.tls;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.KeyCertOptions;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * How this gateway's listeners speak. With files it is TLS from 1.2 on and nothing else on the same port: whoever
 * speaks plainly there is hung up on, not redirected, since a token would have crossed the network by then.
 *
 * <p>The files are looked at once a minute. New connections get what is new; what is not fit to be shown is told once,
 * and what was shown before goes on being shown.
 */
public final class Tls implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Tls.class);
    private static final Set<String> VERSIONS = Set.of("TLSv1.3", "TLSv1.2");
    private static final Duration LOOKS = Duration.ofMinutes(1);
    private static final Duration HANDSHAKE = Duration.ofSeconds(5);

    private final @Nullable Shown shown;

    private Tls(@Nullable Shown shown) {
        this.shown = shown;
    }

    /** Listeners that speak plainly. */
    public static Tls none() {
        return new Tls(null);
    }

    /**
     * As the settings have it.
     *
     * @param files empty: no TLS, and the notice of an earlier one is taken away
     * @throws IllegalStateException the files are not fit, or the notice cannot be left
     */
    public static Tls of(Optional<CertificateFiles> files, Notice notice, Vertx vertx, InstantSource clock) {
        try {
            if (files.isEmpty()) {
                notice.remove();
                return none();
            }
            Shown shown = new Shown(files.get(), notice, vertx, clock);
            shown.tell();
            shown.timer = vertx.setPeriodic(
                    LOOKS.toMillis(),
                    id -> Thread.ofVirtual().name("certificate").start(shown::look));
            return new Tls(shown);
        } catch (IOException e) {
            throw new IllegalStateException("the notice of the certificate, " + notice.file() + ", cannot be kept", e);
        }
    }

    /** Whether it is TLS. */
    public boolean spoken() {
        return shown != null;
    }

    /** To be called on a listener's options before it listens. */
    public void on(HttpServerOptions options) {
        if (shown == null) {
            return;
        }
        options.setSsl(true)
                .setKeyCertOptions(KeyCertOptions.wrap(shown.presented))
                .setEnabledSecureTransportProtocols(VERSIONS)
                .setSslHandshakeTimeout(HANDSHAKE.toSeconds())
                .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS);
    }

    /** Looks at the files now. */
    void look() {
        if (shown != null) {
            shown.look();
        }
    }

    @Override
    public void close() {
        if (shown != null) {
            shown.vertx.cancelTimer(shown.timer);
        }
    }

    private static final class Shown {
        private final CertificateFiles files;
        private final Notice notice;
        private final Vertx vertx;
        private final InstantSource clock;
        private final Presented presented;
        private @Nullable X509Certificate told;
        private String trouble = "";
        private long timer;

        Shown(CertificateFiles files, Notice notice, Vertx vertx, InstantSource clock) {
            this.files = files;
            this.notice = notice;
            this.vertx = vertx;
            this.clock = clock;
            this.presented = new Presented(files.read(clock.instant()));
            LOG.infof("TLS is spoken; certificate=%s", presented.identity());
        }

        synchronized void look() {
            try {
                Identity found = files.read(clock.instant());
                if (!found.equals(presented.identity())) {
                    presented.take(found);
                    LOG.infof("a renewed certificate is shown; certificate=%s", found);
                }
                tell();
                trouble = "";
            } catch (IllegalStateException | IOException e) {
                String why = Objects.toString(e.getMessage());
                if (!why.equals(trouble)) {
                    trouble = why;
                    LOG.warnf("what the certificate's files hold is not taken up; error=%s", why);
                }
            }
        }

        private synchronized void tell() throws IOException {
            X509Certificate now = presented.identity().certificate();
            if (!now.equals(told)) {
                notice.leave(now);
                told = now;
            }
        }
    }
}
