package io.redfleet.gateway.edge.config;

import io.quarkus.arc.Unremovable;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.redfleet.gateway.edge.tls.CertificateFiles;
import io.redfleet.gateway.edge.tls.Notice;
import io.redfleet.gateway.edge.tls.Tls;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.InstantSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** TLS for the listeners: for that of the API here, for the collector's where it is made. */
@Dependent
public class TlsWiring {
    @Produces
    @Singleton
    Tls tls(
            GatewaySettings settings,
            @ConfigProperty(name = "redfleet.home") Path home,
            @ConfigProperty(name = "quarkus.http.port") int port,
            Vertx vertx,
            InstantSource clock) {
        GatewaySettings.Tls files = settings.tls();
        return Tls.of(CertificateFiles.of(files.certificate(), files.key()), Notice.in(home, port), vertx, clock);
    }

    void close(@Disposes Tls tls) {
        tls.close();
    }

    /**
     * The API's own port speaks TLS. Quarkus would open a second one for that and leave the first as it is unless
     * further settings say otherwise.
     */
    @Singleton
    @Unremovable
    public static class OnTheApi implements HttpServerOptionsCustomizer {
        private final Tls tls;

        public OnTheApi(Tls tls) {
            this.tls = tls;
        }

        @Override
        public void customizeHttpServer(HttpServerOptions options) {
            tls.on(options);
        }
    }
}
