package io.redfleet.cli.gateway;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.HttpsURLConnection;

/**
 * A gateway of this machine. It speaks TLS when it has left its certificate in its home, and is known by that certificate:
 * whatever name that is for, it is asked at the loopback address.
 */
public record LocalGateway(Path home, int port) {
    /** Where it leaves the certificate that it shows. */
    public Path certificate() {
        return home.resolve("run").resolve("gateway-" + port + ".pem");
    }

    public URI url() {
        return URI.create((Files.exists(certificate()) ? "https" : "http") + "://127.0.0.1:" + port);
    }

    /** By this certificate, and not by REDFLEET_CA, which is about gateways elsewhere. */
    public Trust.Read trust() {
        return Trust.of(Optional.empty(), Optional.of(certificate()));
    }

    /** A connection that is not open yet, for what answers without a token. */
    public HttpURLConnection connection(String path) throws IOException {
        var connection = (HttpURLConnection) url().resolve(path).toURL().openConnection();
        if (connection instanceof HttpsURLConnection encrypted) {
            switch (trust()) {
                case Trust.Read.Found found ->
                    encrypted.setSSLSocketFactory(found.trust().context().getSocketFactory());
                case Trust.Read.Refused refused -> throw new IOException(refused.reason());
            }
        }
        return connection;
    }
}
