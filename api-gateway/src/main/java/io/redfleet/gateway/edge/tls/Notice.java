package io.redfleet.gateway.edge.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;

/**
 * The certificate that is shown, left in the home for whoever asks this gateway from the same machine: they know it
 * by that, whatever name it is for. The file {@code run/gateway-PORT.pem}; none: this port speaks no TLS.
 */
public record Notice(Path folder, int port) {
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    public static Notice in(Path home, int port) {
        return new Notice(home.resolve("run"), port);
    }

    Path file() {
        return folder.resolve("gateway-" + port + ".pem");
    }

    void leave(X509Certificate shown) throws IOException {
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path draft = Files.createTempFile(
                folder,
                ".gateway",
                ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(draft, pem(shown), StandardCharsets.US_ASCII);
            Files.move(draft, file(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (CertificateEncodingException e) {
            throw new IOException(e);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private static String pem(X509Certificate certificate) throws CertificateEncodingException {
        return "-----BEGIN CERTIFICATE-----\n" + LINES.encodeToString(certificate.getEncoded())
                + "\n-----END CERTIFICATE-----\n";
    }

    void remove() throws IOException {
        Files.deleteIfExists(file());
    }
}
